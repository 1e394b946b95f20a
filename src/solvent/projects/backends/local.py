"""The back end ``local``: a process of this machine."""

from __future__ import annotations

from collections.abc import Sequence

from solvent.projects.backends.protocol import Capabilities, Job
from solvent.projects.child import Child, Outcome
from solvent.projects.sinks import Sink


class LocalBackend:
    """Commands are child processes, each with a process group of its own."""

    name = "local"
    capabilities = Capabilities(files=True, loopback=True)

    def start(self, job: Job, sinks: Sequence[Sink]) -> LocalProcess:
        return LocalProcess(Child(job.command, job.folder, {**job.inherited, **job.variables}, sinks))


class LocalProcess:
    def __init__(self, child: Child) -> None:
        self._child = child

    @property
    def reference(self) -> str:
        return str(self._child.pid)

    def wait(self) -> Outcome:
        return self._child.wait()

    def cancel(self, number: int) -> None:
        self._child.cancel(number)
