"""The server's log: one line per request, and what goes wrong, as text or JSON on stderr.

A line names the method, the route (not the path, which may hold names), status, time, size and the
request's id. Queries, headers and bodies never get into it. Lines are written by a thread of their
own, so that a terminal or pipe that stands still holds up nobody; if it stands still for long, the
oldest lines are dropped, and their number is told.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections import deque
from contextlib import suppress
from typing import IO

import msgspec

FORMATS = ("text", "json")
_MOST_WAITING = 100_000
_WRITE_SECONDS = 0.1


class Line(msgspec.Struct):
    """A request as it is logged. ``ms`` is the time from its head to the end of its answer; ``bytes`` the answer's."""

    time: str
    level: str
    event: str
    method: str
    route: str
    status: int
    ms: float
    bytes: int
    request_id: str


class RequestLog:
    """Takes lines from the event loop. ``form`` is one of ``FORMATS``."""

    def __init__(self, form: str, stream: IO[str] | None = None) -> None:
        self._stream = stream or sys.stderr
        self._render = _as_json if form == "json" else _as_text
        self._lines: deque[tuple[float, str, str, int, float, int, str]] = deque()
        self._dropped = 0
        self._filled = threading.Event()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="solvent-log", daemon=True)
        self._thread.start()

    def request(self, method: str, route: str, status: int, seconds: float, size: int, request_id: str) -> None:
        lines = self._lines
        if len(lines) >= _MOST_WAITING:
            self._dropped += 1
            lines.popleft()
        lines.append((time.time(), method[:16], route, status, seconds * 1000, size, request_id))
        if not self._filled.is_set():
            self._filled.set()

    def close(self) -> None:
        """Write what waits, then stop."""
        self._closed = True
        self._filled.set()
        self._thread.join(_WRITE_SECONDS * 20)

    def _run(self) -> None:
        while not self._closed or self._lines:
            self._filled.wait()
            if not self._closed:
                time.sleep(_WRITE_SECONDS)  # lines that come together are written together
            self._filled.clear()
            text = "".join(self._render(*self._lines.popleft()) for _ in range(len(self._lines)))
            dropped, self._dropped = self._dropped, 0
            with suppress(OSError, ValueError):  # nobody reads the log any more
                self._stream.write(text)
                self._stream.flush()
            if dropped:
                logging.getLogger(__name__).warning("%d lines of requests were dropped: the log stood still", dropped)


def configure(form: str) -> None:
    """Everything that is logged in this process goes to stderr in this form."""
    handler = logging.StreamHandler()
    handler.setFormatter(_JsonFormatter() if form == "json" else _TextFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)


class _JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        fields = {
            "time": instant(record.created),
            "level": record.levelname.lower(),
            "event": "message",
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        return msgspec.json.encode(fields).decode()


class _TextFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        text = f"{instant(record.created)} {record.levelname.lower()} {record.name}: {record.getMessage()}"
        return f"{text}\n{self.formatException(record.exc_info)}" if record.exc_info else text


def instant(seconds: float) -> str:
    """UTC with milliseconds.

    >>> instant(0.5)
    '1970-01-01T00:00:00.500Z'
    """
    whole = int(seconds)
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(whole))}.{int((seconds - whole) * 1000):03}Z"


def _level(status: int) -> str:
    return "error" if status >= 500 else "info"


def _as_json(at: float, method: str, route: str, status: int, ms: float, size: int, request_id: str) -> str:
    line = Line(instant(at), _level(status), "request", method, route, status, round(ms, 3), size, request_id)
    return msgspec.json.encode(line).decode() + "\n"


def _as_text(at: float, method: str, route: str, status: int, ms: float, size: int, request_id: str) -> str:
    return f"{instant(at)} {_level(status)} {method} {route} {status} {ms:.1f}ms {size}B {request_id}\n"
