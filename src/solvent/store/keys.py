"""SQL of the dictionary of metric, param and tag names."""

from __future__ import annotations

import json
from collections.abc import Iterable

from solvent.store.transaction import Transaction

MAX_REMEMBERED = 100_000


def intern(tx: Transaction, names: Iterable[str]) -> dict[str, int]:
    """Ids by name, for ``names`` and perhaps others; names that are not there yet are added."""
    ids: dict[str, int] = tx.cache.setdefault("keys", {})
    if len(ids) > MAX_REMEMBERED:
        ids.clear()
    for name in names:
        if name not in ids:
            found = tx.one("SELECT id FROM keys WHERE name = ?", (name,))
            ids[name] = found[0] if found else tx.insert("INSERT INTO keys (name) VALUES (?)", (name,))
    return ids


def find(tx: Transaction, name: str) -> int | None:
    """The id of a name, None if nothing was ever logged under it."""
    row = tx.one("SELECT id FROM keys WHERE name = ?", (name,))
    return row[0] if row else None


def find_all(tx: Transaction, names: Iterable[str]) -> list[int]:
    """The ids of those names that are there."""
    rows = tx.all("SELECT id FROM keys WHERE name IN (SELECT value FROM json_each(?))", (json.dumps(list(names)),))
    return [row[0] for row in rows]


def names(tx: Transaction, ids: Iterable[int]) -> dict[int, str]:
    """Names by id, for ``ids`` and perhaps others."""
    known = tx.key_names
    missing = [key_id for key_id in ids if key_id not in known]
    if missing:
        sql = "SELECT id, name FROM keys WHERE id IN (SELECT value FROM json_each(?))"
        known.update(tx.all(sql, (json.dumps(missing),)))
    return known
