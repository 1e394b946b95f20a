"""Commands as a person types them: an experiment in an empty folder, a project in a warm environment."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bench.context import Context
from bench.measure import Command, alternating, spend
from bench.table import Row

PROJECT = """\
name: nothing
python_env: python_env.yaml
entry_points:
  main:
    command: "python -c pass"
"""
ENVIRONMENT = "dependencies: [click]\n"


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
    (folder / "python_env.yaml").write_text(ENVIRONMENT)

    def beyond(command: Command) -> float:
        taken = spend(command, folder, context.environment()).wall
        return taken - spend([context.python, "-c", "pass"], folder, context.environment()).wall

    mine: Command = [context.solvent, "run", "."]
    other: Command = [context.mlflow, "run", "--env-manager", "local", "."]
    beyond(mine)  # builds the environment
    ours, theirs = alternating(context.rounds, lambda: beyond(mine), lambda: beyond(other))
    return Row(
        "run of a script that does nothing, warm environment",
        "wall s",
        ours,
        theirs,
        limit=1.5,
        note="MLflow runs it in its own environment (--env-manager local), which spares it the work.",
    )
