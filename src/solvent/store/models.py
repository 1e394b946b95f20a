"""SQL of logged models: finding, making, changing; and loading many with all their parts in few queries."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from solvent.store import keys
from solvent.store.addresses import join
from solvent.store.transaction import Transaction
from solvent.wire.base import to_number
from solvent.wire.experiments import Tag
from solvent.wire.metrics import Metric
from solvent.wire.models import LoggedModel, LoggedModelData, LoggedModelInfo, ModelParam

STATUSES = {
    "LOGGED_MODEL_STATUS_UNSPECIFIED": 0,
    "LOGGED_MODEL_PENDING": 1,
    "LOGGED_MODEL_READY": 2,
    "LOGGED_MODEL_UPLOAD_FAILED": 3,
}
STATUS_NAMES = {number: name for name, number in STATUSES.items()}
_IN_MODELS = "model_id IN (SELECT value FROM json_each(?))"


class ModelRef(NamedTuple):
    """``id`` is the row's, ``uuid`` what the world calls the model id."""

    id: int
    uuid: str
    deleted: bool


def find(tx: Transaction, uuid: str) -> ModelRef | None:
    """The logged model of that id, active or deleted."""
    row = tx.one("SELECT id, uuid, deleted FROM logged_models WHERE uuid = ?", (uuid,))
    return ModelRef(row[0], row[1], bool(row[2])) if row else None


def experiment_of(tx: Transaction, uuid: str) -> int | None:
    """The number of the experiment that a logged model is in."""
    row = tx.one("SELECT experiment_id FROM logged_models WHERE uuid = ?", (uuid,))
    return int(row[0]) if row else None


def of_run(tx: Transaction, run_uuid: str, experiment_id: int, name: str) -> ModelRef | None:
    """The newest logged model of that name that the run made, in its own experiment; deleted ones don't count."""
    row = tx.one(
        "SELECT id, uuid, deleted FROM logged_models WHERE source_run = ? AND experiment_id = ? AND name = ?"
        " AND deleted = 0 ORDER BY created DESC, id DESC LIMIT 1",
        (run_uuid, experiment_id, name),
    )
    return ModelRef(row[0], row[1], bool(row[2])) if row else None


def names_of_run(tx: Transaction, run_uuid: str, experiment_id: int, limit: int) -> list[str]:
    """The names of the logged models that the run made, in its own experiment."""
    rows = tx.all(
        "SELECT DISTINCT name FROM logged_models WHERE source_run = ? AND experiment_id = ? AND deleted = 0"
        " ORDER BY name LIMIT ?",
        (run_uuid, experiment_id, limit),
    )
    return [name for (name,) in rows]


def insert(
    tx: Transaction, uuid: str, experiment_id: int, name: str, model_type: str, source_run: str | None, now: int
) -> ModelRef:
    """A new model, PENDING."""
    row_id = tx.insert(
        "INSERT INTO logged_models (uuid, experiment_id, name, status, model_type, source_run, created, updated)"
        " VALUES (?, ?, ?, 1, ?, ?, ?, ?)",
        (uuid, experiment_id, name, model_type, source_run, now, now),
    )
    return ModelRef(row_id, uuid, False)


def set_status(tx: Transaction, model: ModelRef, status: int, now: int) -> None:
    tx.execute("UPDATE logged_models SET status = ?, updated = ? WHERE id = ?", (status, now, model.id))


def mark_deleted(tx: Transaction, model: ModelRef, now: int) -> None:
    sql = "UPDATE logged_models SET deleted = 1, deleted_time = ?, updated = ? WHERE id = ? AND deleted < 2"
    tx.execute(sql, (now, now, model.id))


def add_params(tx: Transaction, model: ModelRef, params: dict[str, str]) -> list[str]:
    """Keep params; the keys that have another value already. If there are any, none is kept."""
    kept: dict[str, str] = dict(tx.all("SELECT key, value FROM logged_model_params WHERE model_id = ?", (model.id,)))
    conflicts = [key for key, value in params.items() if kept.get(key, value) != value]
    if not conflicts:
        tx.executemany(
            "INSERT INTO logged_model_params (model_id, key, value) VALUES (?, ?, ?)",
            [(model.id, key, value) for key, value in params.items() if key not in kept],
        )
    return conflicts


def set_tags(tx: Transaction, model: ModelRef, tags: dict[str, str]) -> None:
    tx.executemany(
        "INSERT INTO logged_model_tags (model_id, key, value) VALUES (?, ?, ?)"
        " ON CONFLICT (model_id, key) DO UPDATE SET value = excluded.value",
        [(model.id, key, value) for key, value in tags.items()],
    )


def delete_tag(tx: Transaction, model: ModelRef, key: str) -> bool:
    """Whether the tag was there."""
    sql = "DELETE FROM logged_model_tags WHERE model_id = ? AND key = ?"
    return tx.execute(sql, (model.id, key)).rowcount > 0


def add_metrics(tx: Transaction, rows: Iterable[Sequence[object]]) -> None:
    """Rows of model, run, key, step, timestamp, value, is_nan, data set name and digest; duplicates are left out."""
    tx.executemany(
        "INSERT OR IGNORE INTO logged_model_metrics (model_id, run_id, key_id, step, timestamp, value, is_nan,"
        " dataset_name, dataset_digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )


def load_models(tx: Transaction, model_row_ids: Sequence[int]) -> list[LoggedModel]:
    """The models of these rows, in this order, in four queries; rows that are not there are left out."""
    rows = json.dumps(list(model_row_ids))
    infos = _infos(tx, rows)
    params: dict[int, list[ModelParam]] = defaultdict(list)
    sql = f"SELECT model_id, key, value FROM logged_model_params WHERE {_IN_MODELS}"
    for row_id, key, value in tx.all(sql, (rows,)):
        params[row_id].append(ModelParam(key=key, value=value))
    metrics = _metrics(tx, rows, {row_id: info.model_id for row_id, info in infos.items()})
    return [
        LoggedModel(
            info=infos[row_id],
            data=LoggedModelData(params=params.get(row_id, []), metrics=metrics.get(row_id, [])),
        )
        for row_id in model_row_ids
        if row_id in infos
    ]


def _infos(tx: Transaction, rows: str) -> dict[int, LoggedModelInfo]:
    tags: dict[int, list[Tag]] = defaultdict(list)
    for row_id, key, value in tx.all(f"SELECT model_id, key, value FROM logged_model_tags WHERE {_IN_MODELS}", (rows,)):
        tags[row_id].append(Tag(key=key, value=value))
    sql = (
        "SELECT m.id, m.uuid, m.experiment_id, m.name, m.created, m.updated, m.status, m.creator, m.model_type,"
        " m.status_message, m.source_run, m.artifact_uri, e.artifact_location"
        " FROM logged_models m JOIN experiments e ON e.id = m.experiment_id"
        " WHERE m.id IN (SELECT value FROM json_each(?))"
    )
    infos: dict[int, LoggedModelInfo] = {}
    for row in tx.all(sql, (rows,)):
        row_id, uuid, experiment_id, name, created, updated, status, creator, kind, message, run, address, location = (
            row
        )
        place = location or f"{tx.artifact_root}{experiment_id}"
        infos[row_id] = LoggedModelInfo(
            model_id=uuid,
            experiment_id=str(experiment_id),
            name=name,
            creation_timestamp_ms=created,
            last_updated_timestamp_ms=updated,
            artifact_uri=address or join(place, "models", uuid, "artifacts"),
            status=STATUS_NAMES[status],
            creator_id=creator,
            model_type=kind,
            status_message=message,
            source_run_id=run,
            tags=tags.get(row_id, []),
        )
    return infos


def _metrics(tx: Transaction, rows: str, model_ids: dict[int, str]) -> dict[int, list[Metric]]:
    sql = (
        "SELECT m.model_id, m.key_id, m.step, m.timestamp, m.value, m.is_nan, m.dataset_name, m.dataset_digest, r.uuid"
        f" FROM logged_model_metrics m JOIN runs r ON r.id = m.run_id WHERE m.{_IN_MODELS} ORDER BY m.id"
    )
    found: dict[int, list[Metric]] = defaultdict(list)
    points = tx.all(sql, (rows,))
    names = keys.names(tx, {point[1] for point in points})
    for row_id, key_id, step, timestamp, value, is_nan, name, digest, run_id in points:
        found[row_id].append(
            Metric(
                key=names[key_id],
                value="NaN" if is_nan else to_number(value),
                timestamp=timestamp,
                step=step,
                model_id=model_ids[row_id],
                dataset_name=name or None,
                dataset_digest=digest or None,
                run_id=run_id,
            )
        )
    return found
