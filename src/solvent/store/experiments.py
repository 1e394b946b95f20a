"""SQL of experiments and their tags."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence

from solvent.store.changes import INFO, TAGS
from solvent.store.transaction import Row, Transaction
from solvent.wire.experiments import Experiment, Tag

_COLUMNS = "id, name, artifact_location, deleted, created, updated"


def insert(tx: Transaction, name: str, artifact_location: str, now: int) -> int:
    """A new experiment; an empty ``artifact_location`` means its place under the store's root."""
    experiment_id = tx.insert(
        "INSERT INTO experiments (name, artifact_location, created, updated) VALUES (?, ?, ?, ?)",
        (name, artifact_location, now, now),
    )
    tx.touch(experiment_id, 0, INFO)
    if not artifact_location:
        pin_location(tx, experiment_id)
    return experiment_id


def pin_location(tx: Transaction, experiment_id: int) -> None:
    """Fix the location of an experiment that has none yet, so that a later change of the root moves no files."""
    tx.execute(
        "UPDATE experiments SET artifact_location = ? || id WHERE id = ? AND artifact_location = ''",
        (tx.artifact_root, experiment_id),
    )


def by_id(tx: Transaction, experiment_id: int) -> Experiment | None:
    row = tx.one(f"SELECT {_COLUMNS} FROM experiments WHERE id = ?", (experiment_id,))
    return _entities(tx, [row])[0] if row else None


def by_name(tx: Transaction, name: str) -> Experiment | None:
    row = tx.one(f"SELECT {_COLUMNS} FROM experiments WHERE name = ?", (name,))
    return _entities(tx, [row])[0] if row else None


def load_experiments(tx: Transaction, experiment_ids: Sequence[int]) -> list[Experiment]:
    """The experiments of these ids, in this order, in two queries; ids that are not there are left out."""
    sql = f"SELECT {_COLUMNS} FROM experiments WHERE id IN (SELECT value FROM json_each(?))"
    rows = {row[0]: row for row in tx.all(sql, (json.dumps(list(experiment_ids)),))}
    return _entities(tx, [rows[experiment_id] for experiment_id in experiment_ids if experiment_id in rows])


def located_at(tx: Transaction, locations: Sequence[str], likely: int | None) -> list[int]:
    """The numbers of the experiments that keep their files at one of these addresses.

    If ``likely`` does, the others are not looked at.
    """
    sql = (
        "SELECT id FROM experiments WHERE coalesce(nullif(artifact_location, ''), ? || id)"
        " IN (SELECT value FROM json_each(?))"
    )
    args = (tx.artifact_root, json.dumps(list(locations)))
    if likely is not None and tx.one(f"{sql} AND id = ?", (*args, likely)):
        return [likely]
    return [row[0] for row in tx.all(sql, args)]


def rename(tx: Transaction, experiment_id: int, name: str, now: int) -> None:
    tx.touch(experiment_id, 0, INFO)
    tx.execute("UPDATE experiments SET name = ?, updated = ? WHERE id = ?", (name, now, experiment_id))


def mark(tx: Transaction, experiment_id: int, *, deleted: bool, now: int) -> bool:
    """Move an experiment and its runs to the trash, or back; False if it is claimed for removal (``store.trash``)."""
    tx.touch(experiment_id, 0, INFO)
    sql = "UPDATE experiments SET deleted = ?, updated = ? WHERE id = ? AND deleted < 2"
    marked = tx.execute(sql, (deleted, now, experiment_id)).rowcount > 0
    tx.execute(
        "UPDATE runs SET deleted = ?, deleted_time = ? WHERE experiment_id = ? AND deleted < 2",
        (deleted, now if deleted else None, experiment_id),
    )
    tx.cache.pop("runs", None)
    return marked


def set_tags(tx: Transaction, experiment_id: int, tags: Iterable[Tag]) -> None:
    tx.touch(experiment_id, 0, TAGS)
    tx.executemany(
        "INSERT INTO experiment_tags (experiment_id, key, value) VALUES (?, ?, ?)"
        " ON CONFLICT (experiment_id, key) DO UPDATE SET value = excluded.value",
        [(experiment_id, tag.key, tag.value) for tag in tags],
    )


def delete_tag(tx: Transaction, experiment_id: int, key: str) -> bool:
    """Whether the tag was there."""
    tx.touch(experiment_id, 0, TAGS)
    sql = "DELETE FROM experiment_tags WHERE experiment_id = ? AND key = ?"
    return tx.execute(sql, (experiment_id, key)).rowcount > 0


def _entities(tx: Transaction, rows: Sequence[Row]) -> list[Experiment]:
    tags: dict[int, list[Tag]] = defaultdict(list)
    sql = (
        "SELECT experiment_id, key, value FROM experiment_tags"
        " WHERE experiment_id IN (SELECT value FROM json_each(?)) ORDER BY experiment_id, key"
    )
    for experiment_id, key, value in tx.all(sql, (json.dumps([row[0] for row in rows]),)):
        tags[experiment_id].append(Tag(key=key, value=value))
    return [
        Experiment(
            experiment_id=str(experiment_id),
            name=name,
            artifact_location=location or f"{tx.artifact_root}{experiment_id}",
            lifecycle_stage="deleted" if deleted else "active",
            last_update_time=updated,
            creation_time=created,
            tags=tags.get(experiment_id, []),
        )
        for experiment_id, name, location, deleted, created, updated in rows
    ]
