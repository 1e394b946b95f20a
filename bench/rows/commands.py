"""Commands as a person types them: an experiment in an empty folder, a project in a warm environment."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bench.context import Context
from bench.measure import Command, alternating, spend
from bench.table import Row

PROJECT = """\
name: nothing
entry_points:
  main:
    command: "python -c pass"
"""
LOCK = "click\n"


def rows(context: Context) -> Iterator[Row]:
    yield create_experiment(context)
    yield run_project(context)


def create_experiment(context: Context) -> Row:
    def processor(program: Path) -> float:
        command: Command = [program, "experiments", "create", "--experiment-name", "model-training"]
        return spend(command, context.empty(), context.environment()).processor

    ours, theirs = alternating(context.rounds, lambda: processor(context.solvent), lambda: processor(context.mlflow))
    return Row("experiments create, empty folder", "processor s", ours, theirs, times=20)


def run_project(context: Context) -> Row:
    """Wall time of ``run`` on a project whose script does nothing, less the time of that script alone."""
    folder = context.empty()
    (folder / "MLproject").write_text(PROJECT)

    def beyond(command: Command) -> float:
        taken = spend(command, folder, context.environment()).wall
        return taken - spend([context.python, "-c", "pass"], folder, context.environment()).wall

    ours, theirs = alternating(
        context.rounds,
        lambda: beyond([context.solvent, "run", "."]),
        lambda: beyond([context.mlflow, "run", "--env-manager", "local", "."]),
    )
    return Row("run of a script that does nothing", "wall s", ours, theirs, limit=1.5)
