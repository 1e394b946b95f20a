"""A command of a run on this machine: started under bash in a group of its own, watched to its end."""

from __future__ import annotations

import _thread
import os
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, NamedTuple

from solvent.errors import NotSupported
from solvent.projects.errors import InvalidProject
from solvent.projects.sinks import Sink, Stream
from solvent.projects.use import descriptors

GRACE_SECONDS = 10.0
"""How long an interrupted child may take to end by itself."""
_LAST_LINES = 20
_LONGEST_LINE = 2000
_DRAIN_SECONDS = 2.0
_KILL_SECONDS = 2.0


class Outcome(NamedTuple):
    """How a child ended: its exit code (negative: the signal that ended it), and the signal that we passed on, if any.

    ``last_lines`` are of its stdout, ``last_errors`` of its stderr.
    """

    code: int
    passed_signal: int | None
    last_lines: list[str]
    last_errors: list[str]

    @property
    def status(self) -> str:
        """The status of a run that ended so."""
        if self.passed_signal is not None:
            return "KILLED"
        return "FINISHED" if self.code == 0 else "FAILED"


def never_started(number: int) -> Outcome:
    """How a child ended that a signal kept from starting."""
    return Outcome(-number, number, [], [])


class Child:
    """A command that runs; its output goes to ``sinks`` as it comes.

    Raises:
        NotSupported: this is no machine for bash.
        InvalidProject: bash is not installed.
    """

    def __init__(self, command: str, folder: Path, variables: Mapping[str, str], sinks: Sequence[Sink]) -> None:
        if os.name != "posix":
            raise NotSupported("projects run under bash: on Windows, use Solvent within WSL")
        try:
            self._process = subprocess.Popen(  # noqa: S603 - running the project's command is what we are for
                ["bash", "-c", command],  # noqa: S607 - the user's bash, as with MLflow
                cwd=folder,
                env=dict(variables),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                process_group=0,
                pass_fds=descriptors(),  # its environment stays, even if we are killed and it goes on
            )
        except FileNotFoundError:
            raise InvalidProject("bash, which projects run under, is not on this machine: install it") from None
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        self._outputs = [_Pump(self._process.stdout, "stdout", sinks), _Pump(self._process.stderr, "stderr", sinks)]
        self._cancelled: list[int] = []
        self._ended = threading.Event()

    @property
    def pid(self) -> int:
        """Of the command, and of its group."""
        return self._process.pid

    def cancel(self, number: int = signal.SIGTERM) -> None:
        """Pass a signal on to the whole group; what is left after ``GRACE_SECONDS``, or at a second call, is killed.

        May be called from a signal handler and from any thread, and after the end.
        """
        self._cancelled.append(number)
        if self._ended.is_set():  # its number may be another process's by now
            return
        _kill(self.pid, number if len(self._cancelled) == 1 else signal.SIGKILL)
        # Not threading.Thread: a signal handler may interrupt one that is being started, and its locks.
        _thread.start_new_thread(self._kill_later, ())

    def wait(self) -> Outcome:
        """Return when the command has ended, and its output has been read."""
        code = self._process.wait()
        self._ended.set()
        if self._cancelled:
            self._end_group()
        deadline = time.monotonic() + _DRAIN_SECONDS
        for output in self._outputs:  # a process that was left in the background may hold the pipe open
            output.thread.join(max(0.0, deadline - time.monotonic()))
        passed = self._cancelled[0] if self._cancelled else None
        return Outcome(code, passed, *(output.lines() for output in self._outputs))

    def _kill_later(self) -> None:
        if not self._ended.wait(GRACE_SECONDS):
            _kill(self.pid, signal.SIGKILL)

    def _end_group(self) -> None:
        """What else lives in the group of a command that has ended is told to end; killed after the grace, or at a
        second signal."""
        deadline = time.monotonic() + GRACE_SECONDS
        _kill(self.pid, signal.SIGTERM)  # bash makes background processes deaf to SIGINT
        while _lives(self.pid) and time.monotonic() < deadline + _KILL_SECONDS:
            if time.monotonic() > deadline or len(self._cancelled) > 1:
                _kill(self.pid, signal.SIGKILL)
            time.sleep(0.05)


class _Pump:
    """Passes a child's output on, byte by byte as it comes, and remembers its last lines."""

    def __init__(self, source: IO[bytes], stream: Stream, sinks: Sequence[Sink]) -> None:
        self._source = source
        self._stream = stream
        self._sinks = sinks
        self._lines: deque[bytes] = deque(maxlen=_LAST_LINES)
        self._open_line = b""
        self.thread = threading.Thread(target=self._run, name="solvent-output", daemon=True)
        self.thread.start()

    def lines(self) -> list[str]:
        found = [*self._lines, self._open_line] if self._open_line else list(self._lines)
        return [line.decode("utf-8", "replace").rstrip() for line in found]

    def _run(self) -> None:
        with self._source:
            while chunk := os.read(self._source.fileno(), 1 << 16):
                self._pass_on(chunk)
        for sink in self._sinks:
            sink.end(self._stream)

    def _pass_on(self, chunk: bytes) -> None:
        for sink in self._sinks:
            sink.write(self._stream, chunk)
        *whole, last = (self._open_line + chunk).split(b"\n")
        self._lines.extend(line[-_LONGEST_LINE:] for line in whole[-_LAST_LINES:])
        self._open_line = last[-_LONGEST_LINE:]


def _kill(group: int, number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def _lives(group: int) -> bool:
    """Whether a process of the group runs; those that nobody has reaped yet do not count."""
    import psutil

    for process in psutil.process_iter(["status"]):
        with suppress(ProcessLookupError):
            if os.getpgid(process.pid) == group and process.info["status"] != psutil.STATUS_ZOMBIE:
                return True
    return False
