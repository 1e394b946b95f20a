"""``solvent debt check`` on scikit-learn's sources: processor time, memory, workers, and a second look."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

from bench.context import Context
from bench.measure import Command, alternating, spend
from bench.processes import resident, tree
from bench.table import Row

PINNED = "scikit-learn==1.7.2"
AGAIN_LINES, MANY_LINES = 100_000, 1_000_000
_BARE = """
import ast, sys, warnings
warnings.simplefilter("ignore")
for path in sys.stdin.read().split("\\n"):
    for node in ast.walk(ast.parse(open(path, "rb").read())):
        pass
"""
_COLD = "One process, no cache, with the interpreter's start, on all sources of scikit-learn 1.7.2 with its tests."


def rows(context: Context) -> Iterator[Row]:
    sources = _fetched(context.empty())
    files = sorted(sources.rglob("*.py"))
    thousands = sum(map(_lines, files)) / 1000
    yield from _processor(context, sources, files, thousands)
    yield _workers(context, sources)
    yield _again(context, files, sources)
    yield _memory(context, sources, thousands)


def _fetched(folder: Path) -> Path:
    """The unpacked wheel of the pinned version, from the package index."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", PINNED]
    subprocess.run(command, cwd=folder, check=True)
    (wheel,) = folder.glob("*.whl")
    root = folder / "sources"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(root, [name for name in archive.namelist() if name.endswith(".py")])
    (root / "pyproject.toml").touch()  # the mark of a project
    return root


def _lines(path: Path) -> int:
    return path.read_bytes().count(b"\n")


def _check(context: Context, root: Path, *options: str) -> Command:
    return [context.solvent, "debt", "check", root, "--exit-zero", "-o", "json", *options]


def _processor(context: Context, sources: Path, files: list[Path], thousands: float) -> Iterator[Row]:
    """Milliseconds of processor time per 1,000 lines, for few rules, for all, and for a bare walk over the trees."""
    environment = context.environment()
    listed = context.folder / "files.txt"
    listed.write_text("\n".join(map(str, files)))
    bare: Command = ["sh", "-c", f"exec '{sys.executable}' -c '{_BARE}' < '{listed}'"]
    default = _check(context, sources, "--jobs", "1", "--no-cache")
    everything = [*default, "--select", "ALL", "--preview"]

    def taken(command: Command) -> float:
        return 1000 * spend(command, context.folder, environment).processor / thousands

    rounds = 1 if context.quick else 3
    one, every, walk = alternating(rounds, lambda: taken(default), lambda: taken(everything), lambda: taken(bare))
    unit = "processor ms"
    yield Row("debt check, per 1,000 lines, default rules", unit, one, limit=40, note=_COLD)
    yield Row("debt check, per 1,000 lines, --select ALL --preview", unit, every, limit=60, note=_COLD)
    yield Row("bare ast.parse and ast.walk, per 1,000 lines", unit, walk, note=_COLD)


def _workers(context: Context, sources: Path) -> Row:
    """The wall time of two workers as a share of that of one."""
    environment = context.environment()

    def wall(jobs: int) -> float:
        command = _check(context, sources, "--no-cache", "--select", "ALL", "--preview", "--jobs", str(jobs))
        return spend(command, context.folder, environment).wall

    one, two = alternating(1 if context.quick else 3, lambda: wall(1), lambda: wall(2))
    note = f"The goal, 1.6 times as fast, on a machine with {os.cpu_count()} processors that are shared."
    return Row("debt check, two workers", "share of one's wall time", two / one, limit=1 / 1.6, note=note)


def _again(context: Context, files: list[Path], sources: Path) -> Row:
    """The wall time of a second check of a tree in which nothing has changed."""
    root = context.empty()
    lines = 0
    for path in files:
        if lines >= AGAIN_LINES:
            break
        copy = root / path.relative_to(sources)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
        lines += _lines(path)
    (root / "pyproject.toml").touch()
    environment = context.environment(SOLVENT_CACHE=str(context.empty()))
    command = _check(context, root, "--select", "ALL", "--preview")
    spend(command, context.folder, environment)
    walls = [spend(command, context.folder, environment).wall for _ in range(context.rounds)]
    return Row(f"debt check again, {lines:,} unchanged lines, all rules", "wall s", statistics.median(walls), limit=1)


def _memory(context: Context, sources: Path, thousands: float) -> Row:
    """The most memory that all processes hold together, on copies of the sources."""
    root = context.empty()
    copies = 1 + int(MANY_LINES / 1000 / thousands)
    for number in range(copies):
        shutil.copytree(sources, root / f"copy_{number}")
    (root / "pyproject.toml").touch()
    command = _check(context, root, "--no-cache", "--select", "ALL", "--preview", "--jobs", "2")
    most = 0.0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=context.environment()) as process:
        while process.poll() is None:
            most = max(most, _held(process.pid))
            time.sleep(0.2)
    if process.returncode:
        raise RuntimeError(f"debt check ended with {process.returncode}")
    note = "PSS of all processes, looked at five times a second, two workers."
    return Row(f"debt check, {copies * thousands * 1000:,.0f} lines, all rules", "MB", most, limit=500, note=note)


def _held(pid: int) -> float:
    """Megabytes of a process and what it has started; those that end meanwhile hold nothing."""
    held = 0.0
    for each in tree(pid):
        try:
            held += resident([each])
        except (OSError, AssertionError):
            continue
    return held
