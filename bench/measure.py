"""How time is measured: processor time of a command and its children, medians of alternating rounds."""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

Command = Sequence[str | Path]


@dataclass(frozen=True)
class Spent:
    """Seconds that a command took: of the processors (user and system, its children too) and of the wall clock."""

    processor: float
    wall: float
    output: str


def spend(command: Command, folder: Path, environment: Mapping[str, str]) -> Spent:
    """Run a command to its end.

    Raises:
        RuntimeError: it failed; the message ends with what it printed.
    """
    with tempfile.TemporaryFile() as output:
        begin = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read().decode(errors="replace")
    if process.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))} ended with {process.returncode}:\n{text[-2000:]}")
    return Spent(usage.ru_utime + usage.ru_stime, wall, text)


def alternating(rounds: int, *works: Callable[[], float]) -> list[float]:
    """The median of each work over ``rounds`` rounds; a round does each once, so that noise meets all alike."""
    taken = [[work() for work in works] for _ in range(rounds)]
    return [statistics.median(each) for each in zip(*taken, strict=True)]
