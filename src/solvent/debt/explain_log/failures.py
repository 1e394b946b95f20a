"""What a log tells of a failure."""

from __future__ import annotations

import msgspec


class Frame(msgspec.Struct, frozen=True):
    """One level of a traceback, as the log has it. ``source`` is the line that was printed below it, if any."""

    path: str
    line: int
    function: str = ""
    source: str = ""


class Failure(msgspec.Struct):
    """An exception, a warning or the end of a process.

    ``kind`` is the exception's type, with its module if it was printed. ``message`` may have several lines. Frames
    come as in Python: the innermost last. ``log_line`` counts from 1 in what was read. ``cut_off`` says that the log
    ends before the exception. ``causes`` are the exceptions before it in its chain, the first one first.
    """

    kind: str
    message: str
    frames: list[Frame]
    log_line: int
    cut_off: bool = False
    times: int = 1
    causes: list[Failure] = []

    @property
    def name(self) -> str:
        """The type without its module."""
        return self.kind.rpartition(".")[2]

    @property
    def head(self) -> str:
        """The line that Python ends a traceback with."""
        first = self.message.partition("\n")[0]
        return f"{self.kind}: {first}" if first else self.kind

    @property
    def identity(self) -> tuple[str, str, tuple[tuple[str, int], ...]]:
        return self.kind, self.message, tuple((frame.path, frame.line) for frame in self.frames[-3:])
