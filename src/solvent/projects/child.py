"""The child process of a run: started under bash in a group of its own, watched to its end."""

from __future__ import annotations

import _thread
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, BinaryIO, NamedTuple

from solvent.errors import NotSupported
from solvent.projects.errors import InvalidProject

GRACE_SECONDS = 10.0
"""How long an interrupted child may take to end by itself."""
_LAST_LINES = 20
_LONGEST_LINE = 2000
_DRAIN_SECONDS = 2.0
_KILL_SECONDS = 2.0
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP) if os.name == "posix" else ()


class Outcome(NamedTuple):
    """How a child ended: its exit code (negative: the signal that ended it), and the signal that we passed on, if any.

    ``last_lines`` are of its stdout, ``last_errors`` of its stderr.
    """

    code: int
    passed_signal: int | None
    last_lines: list[str]
    last_errors: list[str]


def run_child(command: str, folder: Path, variables: Mapping[str, str], signals: Signals) -> Outcome:
    """Run a command under bash to its end, its output passed through as it comes.

    A signal ends the whole group: it is passed on, and what is left after ``GRACE_SECONDS``, or at a second
    signal, is killed.
    """
    if signals.received:
        return Outcome(-signals.received[0], signals.received[0], [], [])
    if os.name != "posix":
        raise NotSupported("projects run under bash: on Windows, use Solvent within WSL")
    try:
        process = subprocess.Popen(  # noqa: S603 - running the project's command is what we are for
            ["bash", "-c", command],  # noqa: S607 - the user's bash, as with MLflow
            cwd=folder,
            env=dict(variables),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            process_group=0,
        )
    except FileNotFoundError:
        raise InvalidProject("bash, which projects run under, is not on this machine: install it") from None
    assert process.stdout is not None
    assert process.stderr is not None
    outputs = [_Pump(process.stdout, sys.stdout), _Pump(process.stderr, sys.stderr)]
    signals.attach(process.pid)
    code = process.wait()
    signals.detach()
    if signals.received:
        _end_group(process.pid, signals)
    deadline = time.monotonic() + _DRAIN_SECONDS
    for output in outputs:  # a process that was left in the background may hold the pipe open
        output.thread.join(max(0.0, deadline - time.monotonic()))
    return Outcome(code, signals.received[0] if signals.received else None, outputs[0].lines(), outputs[1].lines())


class _Pump:
    """Passes a child's output on, byte by byte as it comes, and remembers its last lines."""

    def __init__(self, source: IO[bytes], target: IO[str]) -> None:
        self._source = source
        self._target: BinaryIO | None = getattr(target, "buffer", None)
        self._lines: deque[bytes] = deque(maxlen=_LAST_LINES)
        self._open_line = b""
        target.flush()
        self.thread = threading.Thread(target=self._run, name="solvent-output", daemon=True)
        self.thread.start()

    def lines(self) -> list[str]:
        found = [*self._lines, self._open_line] if self._open_line else list(self._lines)
        return [line.decode("utf-8", "replace").rstrip() for line in found]

    def _run(self) -> None:
        while chunk := os.read(self._source.fileno(), 1 << 16):
            self._pass_on(chunk)
            *whole, last = (self._open_line + chunk).split(b"\n")
            self._lines.extend(line[-_LONGEST_LINE:] for line in whole[-_LAST_LINES:])
            self._open_line = last[-_LONGEST_LINE:]
        if self._open_line:
            self._pass_on(b"\n")  # our own last line stands alone

    def _pass_on(self, chunk: bytes) -> None:
        if self._target is None:
            return
        try:
            self._target.write(chunk)
            self._target.flush()
        except (OSError, ValueError):  # nobody reads us any more: the child goes on
            self._target = None


class Signals:
    """While the ``with`` block runs, signals that would end us are kept, and passed on to the child's group.

    ``received`` holds them in order. One that comes before there is a child keeps it from starting;
    a second one kills what ignores the first. In other threads than the main one nothing is changed.
    """

    def __init__(self) -> None:
        self.received: list[int] = []
        self._group: int | None = None
        self._before: dict[signal.Signals, Any] = {}
        self._ended = threading.Event()

    def __enter__(self) -> Signals:
        if threading.current_thread() is threading.main_thread():
            self._before = {number: signal.signal(number, self._handle) for number in _SIGNALS}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def attach(self, group: int) -> None:
        """Pass signals on to this group from now on, and those that have come."""
        self._group = group
        if self.received:
            self._pass_on(group, self.received[0] if len(self.received) == 1 else signal.SIGKILL)

    def detach(self) -> None:
        """The child has ended: its number may soon be another process's."""
        self._group = None
        self._ended.set()

    def _handle(self, number: int, _frame: object) -> None:
        self.received.append(number)
        if self._group is not None:
            self._pass_on(self._group, number if len(self.received) == 1 else signal.SIGKILL)

    def _pass_on(self, group: int, number: int) -> None:
        _kill(group, number)
        # Not threading.Thread: a signal handler may interrupt one that is being started, and its locks.
        _thread.start_new_thread(self._kill_later, (group,))

    def _kill_later(self, group: int) -> None:
        if not self._ended.wait(GRACE_SECONDS):
            _kill(group, signal.SIGKILL)


def _kill(group: int, number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def _end_group(group: int, signals: Signals) -> None:
    """The command has ended: what else lives in its group is told to end; killed after the grace, or at a second signal."""
    deadline = time.monotonic() + GRACE_SECONDS
    _kill(group, signal.SIGTERM)  # bash makes background processes deaf to SIGINT
    while _lives(group) and time.monotonic() < deadline + _KILL_SECONDS:
        if time.monotonic() > deadline or len(signals.received) > 1:
            _kill(group, signal.SIGKILL)
        time.sleep(0.05)


def _lives(group: int) -> bool:
    """Whether a process of the group runs; those that nobody has reaped yet do not count."""
    import psutil

    for process in psutil.process_iter(["status"]):
        with suppress(ProcessLookupError):
            if os.getpgid(process.pid) == group and process.info["status"] != psutil.STATUS_ZOMBIE:
                return True
    return False
