"""What it costs to begin: importing, and asking for help, beyond the interpreter's own start."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from bench.context import Context
from bench.measure import Command, alternating, spend
from bench.table import Row


def rows(context: Context) -> Iterator[Row]:
    environment = context.environment()

    def processor(command: Command, bare: Path) -> float:
        """Milliseconds of processor time beyond those of the same interpreter doing nothing."""
        taken = spend(command, context.folder, environment).processor
        return 1000 * (taken - spend([bare, "-c", "pass"], context.folder, environment).processor)

    ours, theirs = context.python, context.mlflow_python
    works: list[tuple[str, Command, Command, float]] = [
        ("import", [ours, "-c", "import solvent"], [theirs, "-c", "import mlflow"], 60),
        ("--help", [context.solvent, "--help"], [context.mlflow, "--help"], 150),
    ]
    for work, mine, other, limit in works:
        processor(mine, ours), processor(other, theirs)  # compiles and caches what is not yet
        mine_ms, other_ms = alternating(
            context.rounds, partial(processor, mine, ours), partial(processor, other, theirs)
        )
        yield Row(f"{work}, beyond the interpreter's start", "processor ms", mine_ms, other_ms, limit=limit)
