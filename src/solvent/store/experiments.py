"""SQL of experiments and their tags."""

from __future__ import annotations

from collections.abc import Iterable

from solvent.store.transaction import Row, Transaction
from solvent.wire.experiments import Experiment, Tag

_COLUMNS = "id, name, artifact_location, deleted, created, updated"


def insert(tx: Transaction, name: str, artifact_location: str, now: int) -> int:
    """A new experiment; ``artifact_location`` may be empty: then it follows from the store's root."""
    return tx.insert(
        "INSERT INTO experiments (name, artifact_location, created, updated) VALUES (?, ?, ?, ?)",
        (name, artifact_location, now, now),
    )


def by_id(tx: Transaction, experiment_id: int) -> Experiment | None:
    row = tx.one(f"SELECT {_COLUMNS} FROM experiments WHERE id = ?", (experiment_id,))
    return _entity(tx, row) if row else None


def by_name(tx: Transaction, name: str) -> Experiment | None:
    row = tx.one(f"SELECT {_COLUMNS} FROM experiments WHERE name = ?", (name,))
    return _entity(tx, row) if row else None


def set_tags(tx: Transaction, experiment_id: int, tags: Iterable[Tag]) -> None:
    tx.executemany(
        "INSERT INTO experiment_tags (experiment_id, key, value) VALUES (?, ?, ?)"
        " ON CONFLICT (experiment_id, key) DO UPDATE SET value = excluded.value",
        ((experiment_id, tag.key, tag.value) for tag in tags),
    )


def _entity(tx: Transaction, row: Row) -> Experiment:
    experiment_id, name, location, deleted, created, updated = row
    tags = tx.all("SELECT key, value FROM experiment_tags WHERE experiment_id = ? ORDER BY key", (experiment_id,))
    return Experiment(
        experiment_id=str(experiment_id),
        name=name,
        artifact_location=location or f"{tx.artifact_root}{experiment_id}",
        lifecycle_stage="deleted" if deleted else "active",
        last_update_time=updated,
        creation_time=created,
        tags=[Tag(key=key, value=value) for key, value in tags],
    )
