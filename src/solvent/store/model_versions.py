"""SQL of model versions and their tags."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from solvent.store import registered_models
from solvent.store.transaction import Row, Transaction
from solvent.wire.experiments import Tag
from solvent.wire.registry import ModelVersion

STAGES = ("None", "Staging", "Production", "Archived")
"""The stages by the number that stands in the rows."""

COLUMNS = (
    "v.id, v.model_id, m.name, v.version, v.stage, v.user, v.description, v.source, v.storage_location,"
    " v.run_uuid, v.run_link, v.logged_model, v.created, v.updated"
)
FROM = "model_versions v JOIN registered_models m ON m.id = v.model_id"


class VersionRow(NamedTuple):
    """A row of ``model_versions`` with its model's name. Times are milliseconds since 1970 (UTC)."""

    id: int
    model_id: int
    name: str
    version: int
    stage: int
    user: str | None
    description: str | None
    source: str
    storage_location: str
    run_uuid: str
    run_link: str
    logged_model: str | None
    created: int
    updated: int


def find(tx: Transaction, model_id: int, version: int) -> VersionRow | None:
    row = tx.one(f"SELECT {COLUMNS} FROM {FROM} WHERE v.model_id = ? AND v.version = ?", (model_id, version))
    return VersionRow(*row) if row else None


def load(tx: Transaction, row_ids: Sequence[int]) -> list[ModelVersion]:
    """The versions of these rows, in this order; rows that are not there are left out."""
    sql = f"SELECT {COLUMNS} FROM {FROM} WHERE v.id IN (SELECT value FROM json_each(?))"
    found = {row[0]: row for row in tx.all(sql, (json.dumps(row_ids),))}
    return entities(tx, [found[row_id] for row_id in row_ids if row_id in found])


def insert(tx: Transaction, row: VersionRow) -> int:
    """Keep a new version; the ids and the name of ``row`` but for ``model_id`` are not used."""
    return tx.insert(
        "INSERT INTO model_versions (model_id, version, stage, user, description, source, storage_location,"
        " run_uuid, run_link, logged_model, created, updated) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (row.model_id, *row[3:]),
    )


def describe(tx: Transaction, version_id: int, description: str | None, now: int) -> None:
    tx.execute("UPDATE model_versions SET description = ?, updated = ? WHERE id = ?", (description, now, version_id))


def set_stage(tx: Transaction, version_id: int, stage: int, now: int) -> None:
    tx.execute("UPDATE model_versions SET stage = ?, updated = ? WHERE id = ?", (stage, now, version_id))


def in_stage(tx: Transaction, model_id: int, stage: int) -> list[tuple[int, int]]:
    """The (id, version) of the model's versions in a stage, by version."""
    return tx.all(
        "SELECT id, version FROM model_versions WHERE model_id = ? AND stage = ? ORDER BY version", (model_id, stage)
    )


def newest_numbers(tx: Transaction, model_id: int, limit: int) -> list[int]:
    """The numbers of the model's newest versions, by number."""
    sql = "SELECT version FROM model_versions WHERE model_id = ? ORDER BY version DESC LIMIT ?"
    return sorted(number for (number,) in tx.all(sql, (model_id, limit)))


def delete(tx: Transaction, row: VersionRow) -> list[str]:
    """The version goes with its tags and the aliases that point to it; the names of those aliases."""
    tx.execute("DELETE FROM model_versions WHERE id = ?", (row.id,))
    gone = tx.all(
        "DELETE FROM registered_model_aliases WHERE model_id = ? AND version = ? RETURNING alias",
        (row.model_id, row.version),
    )
    return sorted(alias for (alias,) in gone)


def latest(tx: Transaction, model_ids: Sequence[int]) -> dict[int, list[ModelVersion]]:
    """The newest version of each stage of each model, stages by their first version."""
    rows = tx.all(
        f"SELECT {COLUMNS} FROM (SELECT model_id AS model, stage, max(version) AS newest, min(version) AS oldest"
        " FROM model_versions WHERE model_id IN (SELECT value FROM json_each(?)) GROUP BY model_id, stage)"
        " JOIN model_versions v ON v.model_id = model AND v.version = newest"
        " JOIN registered_models m ON m.id = v.model_id ORDER BY v.model_id, oldest",
        (json.dumps(model_ids),),
    )
    found: dict[int, list[ModelVersion]] = {}
    for row, version in zip(rows, entities(tx, rows), strict=True):
        found.setdefault(row[1], []).append(version)
    return found


def set_tags(tx: Transaction, version_id: int, tags: Iterable[Tag]) -> None:
    tx.executemany(
        "INSERT INTO model_version_tags (version_id, key, value) VALUES (?, ?, ?)"
        " ON CONFLICT (version_id, key) DO UPDATE SET value = excluded.value",
        ((version_id, tag.key, tag.value) for tag in tags),
    )


def delete_tag(tx: Transaction, version_id: int, key: str) -> None:
    tx.execute("DELETE FROM model_version_tags WHERE version_id = ? AND key = ?", (version_id, key))


def entities(tx: Transaction, rows: Sequence[Row]) -> list[ModelVersion]:
    """What travels, for rows of ``COLUMNS``, in their order: three statements however many there are."""
    versions = [VersionRow(*row) for row in rows]
    tags = _tags(tx, [version.id for version in versions])
    aliases = registered_models.aliases(tx, list({version.model_id for version in versions}))
    named: dict[tuple[int, str], list[str]] = {}
    for model_id, entries in aliases.items():
        for entry in entries:
            named.setdefault((model_id, entry.version), []).append(entry.alias)
    return [_entity(row, tags.get(row.id, []), named.get((row.model_id, str(row.version)), [])) for row in versions]


def _tags(tx: Transaction, version_ids: Sequence[int]) -> dict[int, list[Tag]]:
    found: dict[int, list[Tag]] = {}
    rows = tx.all(
        "SELECT version_id, key, value FROM model_version_tags"
        " WHERE version_id IN (SELECT value FROM json_each(?)) ORDER BY version_id, key",
        (json.dumps(version_ids),),
    )
    for version_id, key, value in rows:
        found.setdefault(version_id, []).append(Tag(key=key, value=value))
    return found


def _entity(row: VersionRow, tags: list[Tag], aliases: list[str]) -> ModelVersion:
    return ModelVersion(
        name=row.name,
        version=str(row.version),
        creation_timestamp=row.created,
        last_updated_timestamp=row.updated,
        user_id=row.user,
        current_stage=STAGES[row.stage],
        description=row.description,
        source=row.source,
        run_id=row.run_uuid,
        status="READY",
        tags=tags,
        run_link=row.run_link,
        aliases=aliases,
        model_id=row.logged_model,
    )
