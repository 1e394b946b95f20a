"""Searches of 100,000 and 1,000,000 runs in one experiment, ours alone: peers need a minute for a page."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterator
from pathlib import Path

from bench import requests
from bench.context import Context
from bench.fill import fill_runs
from bench.load import ask
from bench.runs import FILTER, ORDER
from bench.servers import FULL, restarted, running
from bench.side_by_side import Line
from bench.window import Load

_COLD = (
    "Cold: the first answer of a server just started, its database not in the system's file cache before. Ours asks the "
    "system for the first 256 MB of it while it starts."
)
_NO_MATCH = "params.`param-2` LIKE '%nothing%'"


def rows(context: Context) -> Iterator[Line]:
    runs, goal = (20_000, None) if context.quick else (100_000, 60.0)
    folder = context.empty()
    fill_runs(FULL, folder, runs)
    yield from searched(context, folder, runs, first=goal, all_others=goal)


def searched(
    context: Context, folder: Path, runs: int, *, first: float | None = None, all_others: float | None = None
) -> Iterator[Line]:
    """Processor time of cold pages, of 100 runs each. ``first`` is the goal of the first page of the filtered search."""
    searches = {
        "filtered, by a metric": (FILTER, ORDER),
        "by name": ("", "run_name"),
        "by a metric's smallest value": ("", "metrics.`metric-3`.min"),
        "by a param": ("", "params.`param-2`"),
        "a LIKE that no run holds": (_NO_MATCH, ORDER),
    }
    goal = first
    for name, (condition, order) in searches.items():
        question = requests.filtered_search(None, order, condition)
        yield _line(context, folder, f"W5 {runs:,} runs, {name}, first page", question, goal)
        goal = all_others
        if condition == _NO_MATCH:
            continue
        with running(context, FULL, folder) as server:
            token = json.loads(ask(server, question).last)["next_page_token"]
        question = requests.filtered_search(token, order, condition)
        yield _line(context, folder, f"W5 {runs:,} runs, {name}, second page", question, goal)
    yield _line(context, folder, f"W5 {runs:,} runs, the newest 1,000", requests.default_search(), goal)
    yield _line(context, folder, f"W5 {runs:,} runs, count of the filtered", requests.count_filtered(), None)


def _line(context: Context, folder: Path, name: str, question: bytes, limit: float | None) -> Line:
    taken: list[Load] = []
    for _ in range(1 if context.quick else 3):
        restarted(folder)
        with running(context, FULL, folder) as server:
            taken.append(ask(server, question))
        if taken[-1].errors:
            raise RuntimeError(f"'{name}' failed: {taken[-1].last.decode()}")
    context.observe(taken)
    spent = statistics.median(each.milliseconds for each in taken)
    return Line(name, "processor ms", {FULL: spent}, limit=limit, note=_COLD)
