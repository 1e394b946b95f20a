"""Profiles: processor time and peak memory of a process that makes one, whole."""

from __future__ import annotations

import os
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.data import files
from bench.data.page import Measured
from bench.measure import spend

PROGRAM = """
import re, sys
from pathlib import Path
from solvent.data.profile.form import write
from solvent.data.profile.make import profile
size = len(write(profile(sys.argv[1])))
peak = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
print(peak / 1e6, size / 1e3)
"""
# Not getrusage: its peak begins with that of the process that started this one.


def rows(folder: Path, rounds: int) -> list[Measured]:
    found: list[Measured] = []
    for name, made, limit in (("1,000,000 x 50", files.mixed, 6), ("100,000 x 1,000", files.wide, 20)):
        processor, memory, size = _measured(made(folder), rounds)
        found.append(Measured(f"profile of {name} in Parquet", "processor s", processor, limit=limit))
        found.append(Measured(f"profile of {name}: peak memory", "GB", memory, limit=1))
        found.append(Measured(f"profile of {name}: size", "KB", size, limit=100 if name.endswith(" 50") else None))
    return found


def _measured(path: Path, rounds: int) -> Sequence[float]:
    spent = [spend([sys.executable, "-c", PROGRAM, path], path.parent, dict(os.environ)) for _ in range(rounds)]
    memory, size = zip(*(map(float, each.output.split()) for each in spent), strict=True)
    return statistics.median(each.processor for each in spent), max(memory), max(size)
