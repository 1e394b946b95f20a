"""Which process runs a project, told so exactly that others can see whether it still does."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import msgspec

from solvent.provenance.host import host_name
from solvent.wire.runs import Run

RUNNER = "solvent.runner"
"""Tag: a ``Runner`` as JSON."""
ALIVE = "solvent.alive"
"""Tag: when the runner was last seen alive, by its own clock, in milliseconds; removed when the run has ended."""
_BOOT = Path("/proc/sys/kernel/random/boot_id")
_PIDS = Path("/proc/self/ns/pid")
_STARTED = 19
_STATE = 0
_DEAD = ("Z", "X")


class Runner(msgspec.Struct):
    """``space`` is where the number ``pid`` means something: a boot of a machine, and a container of it; '' if that
    can't be told. ``started`` tells apart the processes that have had this number, in ticks since the boot."""

    host: str
    pid: int
    started: int = 0
    space: str = ""


def this_runner() -> Runner:
    status = _status(os.getpid())
    started = int(status[_STARTED]) if status else 0
    return Runner(host_name(), os.getpid(), started, _space() if started else "")


def runner_of(run: Run) -> Runner | None:
    """Who runs it; None if that was not ``solvent run``."""
    text = next((tag.value for tag in run.data.tags if tag.key == RUNNER), None)
    with suppress(msgspec.MsgspecError):  # whatever a client has written there
        return msgspec.json.decode(text, type=Runner) if text is not None else None
    return None


def last_alive(run: Run) -> int | None:
    """When the runner was last seen alive, in milliseconds."""
    text = next((tag.value for tag in run.data.tags if tag.key == ALIVE), "")
    return int(text) if text.isascii() and text.isdigit() else None


def is_gone(runner: Runner) -> bool | None:
    """Whether its process has ended; None if that can't be seen from here."""
    if not runner.space or runner.space != _space():
        return None
    try:
        os.kill(runner.pid, 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):  # another user's
        return None
    status = _status(runner.pid)
    return status is None or status[_STATE] in _DEAD or int(status[_STARTED]) != runner.started


def _status(pid: int) -> list[str] | None:
    """The fields of ``/proc/PID/stat`` after the name, which may hold anything."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (OSError, UnicodeDecodeError):
        return None
    return fields if len(fields) > _STARTED else None


def _space() -> str:
    try:
        return f"{_BOOT.read_text().strip()} {os.readlink(_PIDS)}"  # noqa: PTH115 - no path: the name of a namespace
    except OSError:
        return ""
