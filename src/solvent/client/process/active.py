"""An open run."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType

from solvent.client.entities import Run, RunData, RunInfo
from solvent.client.process.log import RunLog

FAILURE = "solvent.failure"
"""The tag that says why a run failed."""
MAX_FAILURE = 1_000


class ActiveRun(Run):
    """A run that this process has open; ends with its ``with`` block, by ``leave(run, status)``."""

    __slots__ = ("_joined", "_leave", "_log", "_samples")

    def __init__(
        self, info: RunInfo, tags: dict[str, str], log: RunLog, leave: Callable[[ActiveRun, str], None], *, joined: bool
    ) -> None:
        super().__init__(info, RunData({}, {}, tags))
        self._log = log
        self._leave = leave
        self._joined = joined
        self._samples = 0

    @property
    def log(self) -> RunLog:
        """Where its records are written."""
        return self._log

    @property
    def joined(self) -> bool:
        """Whether another process opened it."""
        return self._joined

    def next_sample(self) -> int:
        """The number of the next sample of system metrics, from 0."""
        self._samples += 1
        return self._samples - 1

    def __enter__(self) -> ActiveRun:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        status = status_after(error)
        if error is not None and status == "FAILED":
            self._log.tag(FAILURE, failure_of(error))
        self._leave(self, status)


def failure_of(error: BaseException) -> str:
    """The kind and the message of an exception, for people: without secrets, shortened."""
    from solvent.provenance.redact import redact_text

    name = type(error).__name__
    try:
        message = " ".join(str(error).split())
    except Exception:  # its own text is broken
        message = ""
    return redact_text(f"{name}: {message}" if message else name)[:MAX_FAILURE]


def status_after(error: BaseException | None) -> str:
    """How a run ended by the exception that left its block: interrupted is KILLED, exit(0) is no failure."""
    if error is None or (isinstance(error, SystemExit) and error.code in (None, 0)):
        return "FINISHED"
    return "KILLED" if isinstance(error, KeyboardInterrupt) else "FAILED"
