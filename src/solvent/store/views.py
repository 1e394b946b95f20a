"""SQL of saved views."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from solvent.store.transaction import Row, Transaction
from solvent.wire.views import View

_COLUMNS = "uuid, name, coalesce(experiment_id, ''), owner, state, created, updated"


def insert(
    tx: Transaction, uuid: str, name: str, experiment_id: int | None, owner: str, state: dict[str, Any], now: int
) -> None:
    tx.execute(
        "INSERT INTO views (uuid, name, experiment_id, owner, state, created, updated) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (uuid, name, experiment_id, owner, json.dumps(state), now, now),
    )


def by_uuid(tx: Transaction, uuid: str) -> View | None:
    row = tx.one(f"SELECT {_COLUMNS} FROM views WHERE uuid = ?", (uuid,))
    return _view(row) if row else None


def by_name(tx: Transaction, name: str, experiment_id: int | None, owner: str) -> View | None:
    where = "coalesce(experiment_id, -1) = ? AND owner = ? AND name = ?"
    row = tx.one(
        f"SELECT {_COLUMNS} FROM views WHERE {where}", (-1 if experiment_id is None else experiment_id, owner, name)
    )
    return _view(row) if row else None


def listing(tx: Transaction, experiment_id: int | None, limit: int) -> list[View]:
    """The views of an experiment, or all, by name."""
    where, args = ("WHERE experiment_id = ? ", [experiment_id]) if experiment_id is not None else ("", [])
    rows: Sequence[Row] = tx.all(
        f"SELECT {_COLUMNS} FROM views {where}ORDER BY name, owner, id LIMIT ?", [*args, limit]
    )
    return [_view(row) for row in rows]


def count(tx: Transaction, experiment_id: int | None) -> int:
    row = tx.one("SELECT count(*) FROM views WHERE experiment_id IS ?", (experiment_id,))
    assert row is not None
    return int(row[0])


def update(tx: Transaction, uuid: str, name: str, state: dict[str, Any], now: int) -> None:
    sql = "UPDATE views SET name = ?, state = ?, updated = ? WHERE uuid = ?"
    tx.execute(sql, (name, json.dumps(state), now, uuid))


def delete(tx: Transaction, uuid: str) -> None:
    tx.execute("DELETE FROM views WHERE uuid = ?", (uuid,))


def _view(row: Row) -> View:
    uuid, name, experiment_id, owner, state, created, updated = row
    return View(
        view_id=uuid,
        name=name,
        experiment_id=str(experiment_id),
        owner=owner,
        state=json.loads(state),
        creation_time=created,
        last_update_time=updated,
    )
