"""SQL of registered models, their tags and their aliases."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from solvent.store import grants
from solvent.store.transaction import Transaction
from solvent.wire.experiments import Tag
from solvent.wire.registry import Alias

_COLUMNS = "id, name, description, created, updated, last_version"


class ModelRow(NamedTuple):
    """A row of ``registered_models``. Times are milliseconds since 1970 (UTC)."""

    id: int
    name: str
    description: str | None
    created: int
    updated: int
    last_version: int


def by_name(tx: Transaction, name: str) -> ModelRow | None:
    row = tx.one(f"SELECT {_COLUMNS} FROM registered_models WHERE name = ?", (name,))
    return ModelRow(*row) if row else None


def readable_names(tx: Transaction) -> list[str]:
    """The names of the models that whoever asks may read, at most 10,000."""
    may = grants.readable(tx, "model", "m.id")
    sql = f"SELECT m.name FROM registered_models m WHERE {may.text} ORDER BY m.name LIMIT 10000"
    return [name for (name,) in tx.all(sql, may.args)]


def unreadable(tx: Transaction, names: Sequence[str]) -> set[str]:
    """Those of the names whose models whoever asks may not read."""
    may = grants.readable(tx, "model", "m.id")
    sql = (
        f"SELECT m.name FROM registered_models m WHERE m.name IN (SELECT value FROM json_each(?)) AND NOT ({may.text})"
    )
    return {name for (name,) in tx.all(sql, (json.dumps(list(names)), *may.args))}


def load(tx: Transaction, row_ids: Sequence[int]) -> list[ModelRow]:
    """The models of these rows, in this order; rows that are not there are left out."""
    sql = f"SELECT {_COLUMNS} FROM registered_models WHERE id IN (SELECT value FROM json_each(?))"
    found = {row[0]: ModelRow(*row) for row in tx.all(sql, (json.dumps(row_ids),))}
    return [found[row_id] for row_id in row_ids if row_id in found]


def insert(tx: Transaction, name: str, description: str | None, now: int) -> int:
    return tx.insert(
        "INSERT INTO registered_models (name, description, created, updated) VALUES (?, ?, ?, ?)",
        (name, description, now, now),
    )


def rename(tx: Transaction, model_id: int, name: str, now: int) -> None:
    tx.execute("UPDATE registered_models SET name = ?, updated = ? WHERE id = ?", (name, now, model_id))
    tx.execute("UPDATE model_versions SET updated = ? WHERE model_id = ?", (now, model_id))


def describe(tx: Transaction, model_id: int, description: str | None, now: int) -> None:
    tx.execute("UPDATE registered_models SET description = ?, updated = ? WHERE id = ?", (description, now, model_id))


def touch(tx: Transaction, model_id: int, now: int) -> None:
    tx.execute("UPDATE registered_models SET updated = ? WHERE id = ?", (now, model_id))


def take_version(tx: Transaction, model_id: int, now: int) -> int:
    """The number of the model's next version; no number is given twice."""
    row = tx.one(
        "UPDATE registered_models SET last_version = last_version + 1, updated = ? WHERE id = ? RETURNING last_version",
        (now, model_id),
    )
    assert row is not None
    return int(row[0])


def delete(tx: Transaction, model_id: int) -> None:
    """The model goes with its versions, tags and aliases."""
    tx.execute("DELETE FROM registered_models WHERE id = ?", (model_id,))


def set_tags(tx: Transaction, model_id: int, tags: Iterable[Tag]) -> None:
    tx.executemany(
        "INSERT INTO registered_model_tags (model_id, key, value) VALUES (?, ?, ?)"
        " ON CONFLICT (model_id, key) DO UPDATE SET value = excluded.value",
        ((model_id, tag.key, tag.value) for tag in tags),
    )


def delete_tag(tx: Transaction, model_id: int, key: str) -> None:
    tx.execute("DELETE FROM registered_model_tags WHERE model_id = ? AND key = ?", (model_id, key))


def tags(tx: Transaction, model_ids: Sequence[int]) -> dict[int, list[Tag]]:
    """The tags of each model that has any, by key."""
    found: dict[int, list[Tag]] = {}
    rows = tx.all(
        "SELECT model_id, key, value FROM registered_model_tags"
        " WHERE model_id IN (SELECT value FROM json_each(?)) ORDER BY model_id, key",
        (json.dumps(model_ids),),
    )
    for model_id, key, value in rows:
        found.setdefault(model_id, []).append(Tag(key=key, value=value))
    return found


def set_alias(tx: Transaction, model_id: int, alias: str, version: int) -> None:
    tx.execute(
        "INSERT INTO registered_model_aliases (model_id, alias, version) VALUES (?, ?, ?)"
        " ON CONFLICT (model_id, alias) DO UPDATE SET version = excluded.version",
        (model_id, alias, version),
    )


def delete_alias(tx: Transaction, model_id: int, alias: str) -> None:
    tx.execute("DELETE FROM registered_model_aliases WHERE model_id = ? AND alias = ?", (model_id, alias))


def alias_version(tx: Transaction, model_id: int, alias: str) -> int | None:
    """The version that an alias points to."""
    row = tx.one("SELECT version FROM registered_model_aliases WHERE model_id = ? AND alias = ?", (model_id, alias))
    return int(row[0]) if row else None


def aliases(tx: Transaction, model_ids: Sequence[int]) -> dict[int, list[Alias]]:
    """The aliases of each model that has any, by name."""
    found: dict[int, list[Alias]] = {}
    rows = tx.all(
        "SELECT model_id, alias, version FROM registered_model_aliases"
        " WHERE model_id IN (SELECT value FROM json_each(?)) ORDER BY model_id, alias",
        (json.dumps(model_ids),),
    )
    for model_id, alias, version in rows:
        found.setdefault(model_id, []).append(Alias(alias=alias, version=str(version)))
    return found
