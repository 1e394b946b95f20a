"""SQL of runs: finding, making, changing; and loading many with all their parts in few queries."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

from solvent.store import run_parts
from solvent.store.addresses import join
from solvent.store.changes import INFO
from solvent.store.transaction import Transaction
from solvent.wire.runs import Run, RunData, RunInfo, RunInputs, RunOutputs

STATUSES = {"RUNNING": 1, "SCHEDULED": 2, "FINISHED": 3, "FAILED": 4, "KILLED": 5}
STATUS_NAMES = {number: name for name, number in STATUSES.items()}
MAX_REMEMBERED = 50_000


class RunRef(NamedTuple):
    """What every write to a run needs. ``id`` is the row's, ``uuid`` what the world calls the run id."""

    id: int
    uuid: str
    experiment_id: int
    deleted: bool


def find(tx: Transaction, uuid: str) -> RunRef | None:
    """The run of that id, active or deleted."""
    known: dict[str, RunRef] = tx.cache.setdefault("runs", {})
    ref = known.get(uuid)
    if ref is None:
        row = tx.one("SELECT id, uuid, experiment_id, deleted FROM runs WHERE uuid = ?", (uuid,))
        if row is None:
            return None
        if len(known) > MAX_REMEMBERED:
            known.clear()
        ref = known[uuid] = RunRef(row[0], row[1], row[2], bool(row[3]))
    return ref


def insert(tx: Transaction, uuid: str, experiment_id: int, name: str, user: str, start_time: int) -> RunRef:
    """A new run, RUNNING."""
    row_id = tx.insert(
        "INSERT INTO runs (uuid, experiment_id, name, user, status, start_time) VALUES (?, ?, ?, ?, 1, ?)",
        (uuid, experiment_id, name, user, start_time),
    )
    tx.touch(experiment_id, row_id, INFO)
    return RunRef(row_id, uuid, experiment_id, False)


def rename(tx: Transaction, run: RunRef, name: str) -> None:
    tx.execute("UPDATE runs SET name = ? WHERE id = ?", (name, run.id))
    tx.touch(run.experiment_id, run.id, INFO)


def set_status(tx: Transaction, run: RunRef, status: int) -> None:
    tx.execute("UPDATE runs SET status = ? WHERE id = ?", (status, run.id))
    tx.touch(run.experiment_id, run.id, INFO)


def set_end(tx: Transaction, run: RunRef, end_time: int | None) -> None:
    tx.execute("UPDATE runs SET end_time = ? WHERE id = ?", (end_time, run.id))
    tx.touch(run.experiment_id, run.id, INFO)


def mark(tx: Transaction, run: RunRef, *, deleted: bool, now: int) -> bool:
    """Move a run to the trash, or back; False if it is claimed for removal (``store.trash``)."""
    sql = "UPDATE runs SET deleted = ?, deleted_time = ? WHERE id = ? AND deleted < 2"
    tx.touch(run.experiment_id, run.id, INFO)
    tx.cache.get("runs", {}).pop(run.uuid, None)
    return tx.execute(sql, (deleted, now if deleted else None, run.id)).rowcount > 0


def load_infos(tx: Transaction, run_row_ids: Sequence[int]) -> dict[int, RunInfo]:
    """The infos of these rows by row id; rows that are not there are left out."""
    sql = (
        "SELECT r.id, r.uuid, r.name, r.experiment_id, r.user, r.status, r.start_time, r.end_time, r.deleted,"
        " r.artifact_uri, e.artifact_location FROM runs r JOIN experiments e ON e.id = r.experiment_id"
        " WHERE r.id IN (SELECT value FROM json_each(?))"
    )
    infos: dict[int, RunInfo] = {}
    for row in tx.all(sql, (json.dumps(list(run_row_ids)),)):
        row_id, uuid, name, experiment_id, user, status, start, end, deleted, address, location = row
        infos[row_id] = RunInfo(
            run_id=uuid,
            run_uuid=uuid,
            run_name=name,
            experiment_id=str(experiment_id),
            user_id=user,
            status=STATUS_NAMES[status],
            start_time=start,
            end_time=end,
            artifact_uri=address or join(location or f"{tx.artifact_root}{experiment_id}", uuid, "artifacts"),
            lifecycle_stage="deleted" if deleted else "active",
        )
    return infos


def load_runs(
    tx: Transaction,
    run_row_ids: Sequence[int],
    *,
    metric_keys: Sequence[str] | None = None,
    param_keys: Sequence[str] | None = None,
    tag_keys: Sequence[str] | None = None,
    with_inputs: bool = True,
    with_details: bool = False,
) -> list[Run]:
    """The runs of these rows, in this order, in a handful of queries however many they are.

    ``metric_keys``, ``param_keys``, ``tag_keys``: only these are read; None means all, an empty
    list none. ``with_details``: data sets with Solvent's own profiles. Rows that are not there are left out.
    """
    infos = load_infos(tx, run_row_ids)
    rows = json.dumps(list(run_row_ids))
    metrics = run_parts.latest_metrics(tx, rows, metric_keys)
    params = run_parts.params(tx, rows, param_keys)
    tags = run_parts.tags(tx, rows, tag_keys)
    datasets = run_parts.dataset_inputs(tx, rows, with_details=with_details) if with_inputs else {}
    made, read = run_parts.models(tx, rows) if with_inputs else ({}, {})
    return [
        Run(
            info=infos[row_id],
            data=RunData(metrics=metrics.get(row_id, []), params=params.get(row_id, []), tags=tags.get(row_id, [])),
            inputs=RunInputs(dataset_inputs=datasets.get(row_id, []), model_inputs=read.get(row_id, [])),
            outputs=RunOutputs(model_outputs=made.get(row_id, [])),
        )
        for row_id in run_row_ids
        if row_id in infos
    ]
