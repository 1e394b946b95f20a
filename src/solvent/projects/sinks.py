"""Where a command's output goes as it comes."""

from __future__ import annotations

import sys
import threading
from typing import IO, BinaryIO, Literal, Protocol

Stream = Literal["stdout", "stderr"]
_LONGEST_LABELLED = 1 << 16


class Sink(Protocol):
    """Takes output byte by byte as it comes; called by one thread per stream. It must not block for long, nor raise."""

    def write(self, stream: Stream, chunk: bytes) -> None: ...

    def end(self, stream: Stream) -> None:
        """Nothing more will come of this stream."""
        ...


class Console:
    """Our own stdout and stderr. A last line without an end gets one, so that ours stands alone."""

    def __init__(self) -> None:
        self._through = {"stdout": _Through(sys.stdout), "stderr": _Through(sys.stderr)}

    def write(self, stream: Stream, chunk: bytes) -> None:
        self._through[stream].write(chunk)

    def end(self, stream: Stream) -> None:
        self._through[stream].end_line()


class Labelled:
    """Our own stdout and stderr, whole lines at a time, each behind a label: for commands that run side by side."""

    _one_at_a_time = threading.Lock()

    def __init__(self, label: str) -> None:
        self._label = f"[{label}] ".encode()
        self._through = {"stdout": _Through(sys.stdout), "stderr": _Through(sys.stderr)}
        self._open = {"stdout": b"", "stderr": b""}

    def write(self, stream: Stream, chunk: bytes) -> None:
        *whole, last = (self._open[stream] + chunk).split(b"\n")
        if len(last) > _LONGEST_LABELLED:
            whole, last = [*whole, last], b""
        self._open[stream] = last
        self._lines(stream, whole)

    def end(self, stream: Stream) -> None:
        self._lines(stream, [self._open[stream]] if self._open[stream] else [])
        self._open[stream] = b""

    def _lines(self, stream: Stream, lines: list[bytes]) -> None:
        if lines:
            with self._one_at_a_time:
                self._through[stream].write(b"".join(self._label + line + b"\n" for line in lines))


class _Through:
    """One of our own streams, as long as somebody reads it."""

    def __init__(self, target: IO[str]) -> None:
        self._target: BinaryIO | None = getattr(target, "buffer", None)
        self._open_line = False
        target.flush()

    def write(self, chunk: bytes) -> None:
        if self._target is None or not chunk:
            return
        self._open_line = not chunk.endswith(b"\n")
        try:
            self._target.write(chunk)
            self._target.flush()
        except (OSError, ValueError):  # nobody reads us any more: the child goes on
            self._target = None

    def end_line(self) -> None:
        if self._open_line:
            self.write(b"\n")
