"""Metrics: what a call costs the trainer, and how long 10,000 of them take until the server has them."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.context import Context
from bench.measure import spend
from bench.table import Row
from tests.oracle import servers

POINTS = 10_000
SCRIPTS = Path(__file__).parents[1] / "scripts"


def rows(context: Context) -> Iterator[Row]:
    calls = [_answer(context, context.python, "calls.py", str(context.empty())) for _ in range(context.rounds)]
    yield Row(
        "first log_metric after the import",
        "processor ms",
        1e3 * statistics.median(each["first"] for each in calls),
        limit=150,
        note="Of all threads, until the call returns; it opens the run.",
    )
    yield Row(
        "each further log_metric",
        "processor us",
        1e6 * statistics.median(each["next"] for each in calls),
        limit=20,
        note="Of the calling thread, mean of 10,000 calls; the line is in the spool file when a call returns.",
    )
    yield delivered(context)


def delivered(context: Context) -> Row:
    """Each client against its own server, from the first call until the server has the last point."""
    theirs_points = 200 if context.quick else 1_000
    with servers.solvent_server(context.empty()) as url:
        ours = statistics.median(
            _answer(context, context.python, "deliver.py", str(POINTS), SOLVENT_TRACKING_URI=url)["seconds"]
            for _ in range(context.rounds)
        )
    with servers.mlflow_server(context.empty()) as url:
        answer = _answer(
            context, context.mlflow_python, "deliver_mlflow.py", str(theirs_points), MLFLOW_TRACKING_URI=url
        )
    return Row(
        "10,000 log_metric delivered to the own server",
        "wall s",
        ours,
        answer["seconds"] * POINTS / theirs_points,
        times=50,
        note=f"MLflow's is extrapolated from {theirs_points:,} synchronous calls. Both servers are asked afterwards and have every point.",
    )


def _answer(context: Context, python: Path, script: str, argument: str, **environment: str) -> Any:
    """The last line that a script printed, decoded."""
    spent = spend([python, SCRIPTS / script, argument], context.empty(), context.environment(**environment))
    return json.loads(spent.output.strip().splitlines()[-1])
