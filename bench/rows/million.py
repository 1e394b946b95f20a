"""Searches of 1,000,000 runs in one experiment: minutes to fill, so only when it is asked for."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from bench.context import Context
from bench.rows.large import searched
from bench.runs import BenchRun, runs
from bench.servers import database
from bench.side_by_side import Line
from solvent.store import keys
from solvent.store.store import Store
from solvent.store.transaction import Transaction
from solvent.wire.base import Empty
from solvent.wire.runs import CountRuns

RUNS = 1_000_000
_BATCH = 20_000


def rows(context: Context) -> Iterator[Line]:
    folder = context.empty()
    fill(folder, RUNS)
    yield from searched(context, folder, RUNS, first=150)


def fill(folder: Path, count: int) -> None:
    """The rows that ``bench.fill`` makes run by run, by SQL: indexes are made at the end, which is much quicker."""
    names = _names(folder)
    connection = sqlite3.connect(database(folder), isolation_level=None)
    for pragma in ("foreign_keys = OFF", "synchronous = OFF", "cache_size = -500000"):
        connection.execute(f"PRAGMA {pragma}")
    indexes = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        " AND tbl_name IN ('runs', 'params', 'tags', 'metric_summaries')"
    ).fetchall()
    for name, _ in indexes:
        connection.execute(f"DROP INDEX {name}")
    for first in range(0, count, _BATCH):
        batch = list(enumerate(runs(first, min(first + _BATCH, count)), first + 1))
        connection.execute("BEGIN")
        for table, columns, values in _tables(batch, names):
            marks = ", ".join("?" * len(columns.split(",")))
            connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", values)
        connection.execute("COMMIT")
    for _, sql in indexes:
        connection.execute(sql)
    connection.close()


def _names(folder: Path) -> dict[str, int]:
    """A new database; the ids of all names that the runs use."""
    (example,) = runs(0, 1)
    found: dict[str, int] = {}

    def intern(tx: Transaction, _: CountRuns) -> Empty:
        found.update(keys.intern(tx, [*example.metrics, *example.params, *example.tags, "mlflow.runName"]))
        return Empty()

    store = Store(database(folder))
    store.write(intern, CountRuns())
    store.close()
    return found


def _tables(
    batch: list[tuple[int, BenchRun]], ids: dict[str, int]
) -> Iterator[tuple[str, str, Iterable[tuple[object, ...]]]]:
    """Table, columns and rows, in the order of the tables' keys."""
    yield (
        "runs",
        "id, uuid, experiment_id, name, status, start_time, end_time",
        ((number, run.uuid, 0, run.name, 3, run.start, run.start + 60_000) for number, run in batch),
    )
    text = "run_id, key_id, experiment_id, value"
    params = ((number, ids[key], 0, value) for number, run in batch for key, value in run.params.items())
    yield "params", text, params
    tags = (
        (number, ids[key], 0, value)
        for number, run in batch
        for key, value in (run.tags | {"mlflow.runName": run.name}).items()
    )
    yield "tags", text, tags
    points = [(n, ids[key], 100, run.start + 1000, value) for n, run in batch for key, value in run.metrics.items()]
    yield "metrics", "run_id, key_id, step, timestamp, value", points
    yield (
        "metric_summaries",
        "run_id, key_id, experiment_id, value, is_nan, step, timestamp, count, nan_count",
        ((n, key, 0, value, 0, step, time, 1, 0) for n, key, step, time, value in points),
    )
