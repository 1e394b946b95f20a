"""Beside a running command: tell that its runner lives, and end it when somebody has asked for that."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import TracebackType

import msgspec

from solvent.backend.protocol import Backend
from solvent.errors import SolventError
from solvent.projects.cancel import CANCEL, Cancel
from solvent.projects.lost import LOST
from solvent.projects.runner import ALIVE, RUNNER, this_runner
from solvent.projects.signals import Cancel as End
from solvent.projects.signals import Interrupted
from solvent.wire.experiments import Tag
from solvent.wire.runs import DeleteTag, LogBatch, Run, SearchRuns, UpdateRun

LOOK_SECONDS = 2.0
ALIVE_SECONDS = 30.0
_JOIN_SECONDS = 5.0


class Watch:
    """Entered when the run is open, left when it is closed. A server that is away is asked again later."""

    def __init__(self, backend: Backend, run: Run, say: Callable[[str], None] | None = None) -> None:
        self._backend = backend
        self._run_id, self._experiment_id = run.info.run_id, run.info.experiment_id
        self._say = say
        self._left = threading.Event()
        self._lock = threading.Lock()
        self._cancelled = False
        self._ends: list[End] = []
        self._told = 0.0
        self._thread = threading.Thread(target=self._watch, name="solvent-watch", daemon=True)

    def __enter__(self) -> Watch:
        with suppress(SolventError):
            self._tell()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._left.set()
        self._thread.join(_JOIN_SECONDS)
        with suppress(SolventError):  # a run that has ended is not looked for by this tag
            self._backend.call(DeleteTag(run_id=self._run_id, key=ALIVE))

    @contextmanager
    def passed_to(self, end: End) -> Iterator[None]:
        """Within the block a cancelled run's command is ended as by Ctrl-C; one that was cancelled before, too."""
        with self._lock:
            self._ends.append(end)
            cancelled = self._cancelled
        if cancelled:
            end(signal.SIGINT)
        try:
            yield
        finally:
            with self._lock:
                self._ends.remove(end)

    def check(self) -> None:
        """
        Raises:
            Interrupted: the run was cancelled.
        """
        if self._cancelled:
            raise Interrupted(signal.SIGINT)

    def _watch(self) -> None:
        while not self._left.wait(LOOK_SECONDS):
            with suppress(SolventError, OSError):
                self._look()
                if time.monotonic() - self._told >= ALIVE_SECONDS:
                    self._tell()

    def _tell(self) -> None:
        runner = msgspec.json.encode(this_runner()).decode()
        tags = [Tag(key=RUNNER, value=runner), Tag(key=ALIVE, value=str(time.time_ns() // 1_000_000))]
        self._backend.call(LogBatch(run_id=self._run_id, tags=tags))
        self._told = time.monotonic()

    def _look(self) -> None:
        found = self._backend.call(
            SearchRuns(
                experiment_ids=[self._experiment_id],
                filter=f"attributes.run_id = '{self._run_id}'",
                max_results=1,
                metric_keys=[],
                param_keys=[],
                tag_keys=[CANCEL, LOST],
            )
        ).runs
        if not found or self._left.is_set():
            return
        tags = {tag.key: tag.value for tag in found[0].data.tags}
        if CANCEL in tags and not self._cancelled:
            self._cancel(Cancel.of(tags[CANCEL]))
        if LOST in tags:  # this machine was asleep, or cut off
            self._backend.call(UpdateRun(run_id=self._run_id, status="RUNNING"))
            self._backend.call(DeleteTag(run_id=self._run_id, key=LOST))

    def _cancel(self, asked: Cancel) -> None:
        if self._say is not None:
            self._say(f"Cancelled by {asked.by}: the command is told to end")
        with self._lock:
            self._cancelled = True
            ends = tuple(self._ends)
        for end in ends:
            end(signal.SIGINT)
