"""Databases of many runs: ours by our own store's functions, the peers' by rows into the tables they made.

Peers' rows are those that they write themselves for such runs; that all answer alike is checked.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

from bench.runs import START, BenchRun, point, runs
from bench.servers import FASTTRACKML, MLFLOW, database
from solvent.store import experiments, keys, metrics, params, tags
from solvent.store.runs import insert, set_end, set_status
from solvent.store.store import Store
from solvent.store.transaction import Transaction
from solvent.wire.base import Empty
from solvent.wire.runs import CountRuns

LONG_RUN = "f" * 32
LONG_METRIC = "loss"
_BATCH = 2_000


def fill_runs(kind: str, folder: Path, count: int) -> None:
    """Add finished runs number 0 to ``count`` to the default experiment of a stopped server's database."""
    if kind in (MLFLOW, FASTTRACKML):
        with sqlite3.connect(database(folder)) as connection:
            for first in range(0, count, _BATCH):
                _insert_runs(connection, kind, list(runs(first, min(first + _BATCH, count))))
    else:
        store = Store(database(folder), synchronous="NORMAL")
        for first in range(0, count, _BATCH):
            batch = list(runs(first, min(first + _BATCH, count)))
            store.write(lambda tx, _, batch=batch: _keep_runs(tx, batch), CountRuns())  # type: ignore[misc]
        store.close()


def fill_points(kind: str, folder: Path, count: int) -> None:
    """Add one run with one metric of ``count`` points."""
    points = [point(number) for number in range(count)]
    long = BenchRun(LONG_RUN, "long", points[0][1], {}, {}, {})
    if kind == MLFLOW:
        with sqlite3.connect(database(folder)) as connection:
            _insert_runs(connection, kind, [long])
            rows = ((LONG_METRIC, value, timestamp, LONG_RUN, step) for step, timestamp, value in points)
            connection.executemany(
                "INSERT INTO metrics (key, value, timestamp, run_uuid, step, is_nan) VALUES (?, ?, ?, ?, ?, 0)", rows
            )
            step, timestamp, value = points[-1]
            connection.execute(
                "INSERT INTO latest_metrics (key, value, timestamp, step, is_nan, run_uuid) VALUES (?, ?, ?, ?, 0, ?)",
                (LONG_METRIC, value, timestamp, step, LONG_RUN),
            )
        return
    store = Store(database(folder), synchronous="NORMAL")

    def keep(tx: Transaction, _: CountRuns) -> Empty:
        run = insert(tx, LONG_RUN, 0, "long", "", points[0][1])
        key_id = keys.intern(tx, [LONG_METRIC])[LONG_METRIC]
        metrics.add(tx, [(run.id, key_id, step, at, value, 0) for step, at, value in points], {run.id: 0})
        return Empty()

    store.write(keep, CountRuns())
    store.close()


def fill_experiments(kind: str, folder: Path, count: int) -> None:
    """Add experiments until there are ``count`` with the default one, made a second apart."""
    made = [(number, f"experiment-{number}", START + 1000 * number) for number in range(1, count)]
    if kind in (MLFLOW, FASTTRACKML):
        columns = "experiment_id, name, artifact_location, lifecycle_stage, creation_time, last_update_time"
        rows = [(number, name, f"mlflow-artifacts:/{number}", "active", time, time) for number, name, time in made]
        if kind == FASTTRACKML:
            columns, rows = f"{columns}, namespace_id", [(*row, 1) for row in rows]  # type: ignore[misc]
        with sqlite3.connect(database(folder)) as connection:
            _insert(connection, "experiments", columns, rows)
        return
    store = Store(database(folder), synchronous="NORMAL")

    def keep(tx: Transaction, _: CountRuns) -> Empty:
        for number, name, time in made:
            if experiments.insert(tx, name, "", time) != number:
                raise RuntimeError(f"{name} has another number")
        return Empty()

    store.write(keep, CountRuns())
    store.close()


def _keep_runs(tx: Transaction, batch: Sequence[BenchRun]) -> Empty:
    points: list[metrics.Point] = []
    for run in batch:
        ref = insert(tx, run.uuid, 0, run.name, "", run.start)
        set_status(tx, ref, 3)
        set_end(tx, ref, run.start + 60_000)
        tags.put(tx, ref, run.tags | {"mlflow.runName": run.name})
        params.add(tx, ref, run.params)
        ids = keys.intern(tx, run.metrics)
        points += [(ref.id, ids[key], 100, run.start + 1000, value, 0) for key, value in run.metrics.items()]
    first = points[0][0]
    metrics.add(tx, points, dict.fromkeys(range(first, points[-1][0] + 1), 0))
    return Empty()


def _insert_runs(connection: sqlite3.Connection, kind: str, batch: Sequence[BenchRun]) -> None:
    """Rows as MLflow and FastTrackML write them; their tables differ in a few columns."""
    ours = kind == FASTTRACKML
    _insert(
        connection,
        "runs",
        "run_uuid, name, source_type, source_name, entry_point_name, user_id, status, start_time, end_time,"
        " source_version, lifecycle_stage, artifact_uri, experiment_id" + (", row_num" if ours else ""),
        (
            (run.uuid, run.name, "UNKNOWN", "", "", "", "FINISHED", run.start, run.start + 60_000)
            + ("", "active", f"mlflow-artifacts:/0/{run.uuid}/artifacts", 0)
            + (((run.start // 1000),) if ours else ())
            for run in batch
        ),
    )
    if ours:
        connection.execute("INSERT OR IGNORE INTO contexts (id, json) VALUES (1, '{}')")
    _insert(
        connection,
        "params",
        f"run_uuid, key, {'value_str' if ours else 'value'}",
        ((run.uuid, key, value) for run in batch for key, value in run.params.items()),
    )
    _insert(
        connection,
        "tags",
        "run_uuid, key, value",
        ((run.uuid, key, value) for run in batch for key, value in (run.tags | {"mlflow.runName": run.name}).items()),
    )
    points = [(run.uuid, key, value, run.start + 1000, 100, 0) for run in batch for key, value in run.metrics.items()]
    columns = "run_uuid, key, value, timestamp, step, is_nan"
    counted = [(*row, 1, 1) for row in points]
    _insert(connection, "metrics", columns + (", iter, context_id" if ours else ""), counted if ours else points)
    _insert(
        connection, "latest_metrics", columns + (", last_iter, context_id" if ours else ""), counted if ours else points
    )


def _insert(connection: sqlite3.Connection, table: str, columns: str, rows: Iterable[tuple[object, ...]]) -> None:
    marks = ", ".join("?" * len(columns.split(",")))
    connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)
