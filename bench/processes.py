"""What a server's processes cost: processor time, memory, syncs; and how its files are made cold."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from bench.window import Load


def tree(pid: int) -> list[int]:
    """The process and all its descendants."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:  # it has just ended
                continue
            children.setdefault(parent, []).append(int(entry.name))
    found = [pid]
    for each in found:
        found += children.get(each, [])
    return found


def processor(pids: list[int]) -> float:
    """Seconds of processor time, user and system, that these processes have spent."""
    return sum(time.clock_gettime((~pid << 3) | 2) for pid in pids)  # Linux: the clock of another process


def resident(pids: list[int]) -> float:
    """Megabytes (1,000,000 bytes) of memory that these processes hold; what they share counts once."""
    kilobytes = 0
    for pid in pids:
        matched = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
        assert matched is not None
        kilobytes += int(matched[1])
    return kilobytes * 1024 / 1e6


def syncs(pids: list[int], work: Callable[[], Load], report: Path) -> float | None:
    """File system syncs per request while ``work`` runs; None without strace."""
    program = shutil.which("strace")
    if program is None:
        return None
    command = [program, "-f", "-c", "-e", "trace=fsync,fdatasync", "-o", str(report)]
    for pid in pids:
        command += ["-p", str(pid)]
    tracer = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert tracer.stderr is not None
    for _ in pids:
        tracer.stderr.readline()  # "Process N attached"
    requests = work().requests
    tracer.send_signal(signal.SIGINT)
    tracer.communicate()
    calls = re.findall(r"^\s*\S+\s+\S+\s+\S+\s+(\d+).*\b(?:fsync|fdatasync)$", report.read_text(), re.MULTILINE)
    return sum(map(int, calls)) / requests


def forget(database: Path) -> None:
    """Drop a closed database from the file cache of the system, so that it is read from the disk again."""
    for path in database.parent.glob(f"{database.name}*"):
        descriptor = os.open(path, os.O_RDONLY)
        os.fsync(descriptor)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(descriptor)


def weight(database: Path) -> float:
    """Megabytes of a database with its journals."""
    return sum(path.stat().st_size for path in database.parent.glob(f"{database.name}*")) / 1e6
