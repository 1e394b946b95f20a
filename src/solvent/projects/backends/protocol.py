"""What a back end does: it starts a prepared command, and says how that ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

from solvent.projects.child import Outcome
from solvent.projects.sinks import Sink


class Capabilities(NamedTuple):
    """What a back end's commands see of this machine.

    ``files``: its folders, under the same paths: the project, its environment, data. ``loopback``: its address
    127.0.0.1, so that runs can be kept in a folder here instead of on a server.
    """

    files: bool
    loopback: bool


@dataclass(frozen=True)
class Job:
    """A command for bash that can start: its parameters are in it, its environment is made, its run is open.

    ``variables`` are what the run needs: where to log, its ids, its interpreter first in ``PATH``. ``inherited`` is the
    rest of this process's environment, for commands that run beside it.
    """

    run_id: str
    command: str
    folder: Path
    variables: Mapping[str, str]
    inherited: Mapping[str, str]


class Started(Protocol):
    """A command that a back end has started."""

    @property
    def reference(self) -> str:
        """What the back end calls it: a process id, the id of a job."""
        ...

    def wait(self) -> Outcome:
        """Return when it has ended, and all its output is in the sinks."""
        ...

    def cancel(self, number: int) -> None:
        """End it and all it has started, as a signal of this number would; a second call ends it at once.

        May be called from a signal handler and from any thread, and after the end.
        """
        ...


class ProjectBackend(Protocol):
    """A place where commands run. ``name`` is what ``--backend`` calls it."""

    @property
    def name(self) -> str: ...

    @property
    def capabilities(self) -> Capabilities: ...

    def start(self, job: Job, sinks: Sequence[Sink]) -> Started:
        """Start a command; its output goes to the sinks as it comes.

        Raises:
            SolventError: it can't be started; nothing of it is left.
        """
        ...
