"""W5-W7, W10: searches, histories and sizes, on databases that hold the same."""

from __future__ import annotations

import shutil
import statistics
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench import processes, requests
from bench.context import Context
from bench.fill import LONG_METRIC, LONG_RUN, fill_experiments, fill_points, fill_runs
from bench.load import ask, load
from bench.servers import FASTTRACKML, FULL, MLFLOW, database, restarted, running
from bench.side_by_side import Line
from bench.window import Load

RUNS = 10_000
POINTS = 1_000_000
EXPERIMENTS = 1_000
_COLD = (
    "Cold: the first answer of a server just started, its database not in the system's file cache before. Ours asks the "
    "system for the first 256 MB of it while it starts."
)
_PEERS = (FULL, MLFLOW, FASTTRACKML)

Comparable = Callable[[bytes], list[Any]]


def rows(context: Context) -> Iterator[Line]:
    made = {kind: _made(context, kind) for kind in _PEERS}
    folders = {kind: _copied(context, folder) for kind, folder in made.items()}
    for kind, folder in folders.items():
        fill_runs(kind, folder, RUNS)
    filtered, default = requests.filtered_search(), requests.default_search()
    of_runs = "W5 the best 100 of 10,000 runs by a metric, filtered"
    yield from _compared(context, folders, of_runs, filtered, requests.kept_runs, {MLFLOW: 40.0, FASTTRACKML: 4.0})
    of_runs = "W5 the newest 1,000 of 10,000 runs"
    yield from _compared(context, folders, of_runs, default, requests.kept_runs, {})
    sizes = {kind: processes.weight(database(folder)) for kind, folder in folders.items()}
    note = (
        "The goal is 0.3 of MLflow's bytes. 1 MB is 1,000,000 bytes. Ours holds 0.8 MB of the log of changes, which "
        "never grows beyond its newest 20,000 entries."
    )
    yield Line(f"W10 database of {RUNS:,} runs", "MB", sizes, times={MLFLOW: 1 / 0.3}, note=note)

    folders = {kind: _copied(context, made[kind]) for kind in (FULL, MLFLOW)}
    for kind, folder in folders.items():
        fill_points(kind, folder, POINTS)
    page = requests.history_page(LONG_RUN, LONG_METRIC)
    note = f"{_COLD} FastTrackML ignores max_results: it has no such page."
    name = f"W6 a page of 25,000 points of {POINTS:,}"
    yield from _compared(context, folders, name, page, requests.kept_points, {MLFLOW: 25.0}, note)

    folders = {kind: _copied(context, folder) for kind, folder in made.items()}
    for kind, folder in folders.items():
        fill_experiments(kind, folder, EXPERIMENTS)
    name = f"W7 search of {EXPERIMENTS:,} experiments"
    yield from _compared(
        context, folders, name, requests.experiments_search(), requests.kept_experiments, {MLFLOW: 15.0}
    )


def _made(context: Context, kind: str) -> Path:
    """A folder with an empty database that its server has made, stopped."""
    folder = context.empty()
    with running(context, kind, folder):
        pass
    return folder


def _copied(context: Context, folder: Path) -> Path:
    copy = context.empty()
    shutil.copytree(folder, copy, dirs_exist_ok=True)
    return copy


def _compared(
    context: Context,
    folders: dict[str, Path],
    name: str,
    question: bytes,
    comparable: Comparable,
    times: dict[str, float],
    note: str = _COLD,
) -> Iterator[Line]:
    """Milliseconds of processor and wall, cold and warm; all answers must say the same."""
    cold: dict[str, list[Load]] = {kind: [] for kind in folders}
    warm: dict[str, list[Load]] = {kind: [] for kind in folders}
    for _ in range(1 if context.quick else 3):
        for kind, folder in folders.items():
            restarted(folder)
            with running(context, kind, folder) as server:
                cold[kind].append(ask(server, question))
                warm[kind].append(load(server, [requests.again(question)], context.window))
    answers = {kind: comparable(loads[0].last) for kind, loads in cold.items()}
    for kind, answer in answers.items():
        if not answer or answer != answers[FULL]:
            raise RuntimeError(f"{kind} answers otherwise to '{name}': {answer[:2]} and not {answers[FULL][:2]}")
    for temperature, taken in (("cold", cold), ("warm", warm)):
        context.observe([each for loads in taken.values() for each in loads])
        for unit, of in (("wall ms", "wall"), ("processor ms", "milliseconds")):
            values = {kind: statistics.median(getattr(each, of) for each in loads) for kind, loads in taken.items()}
            goals = times if temperature == "cold" else {}
            yield Line(f"{name}, {temperature}", unit, values, times=goals, note=note if temperature == "cold" else "")
