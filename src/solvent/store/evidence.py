"""SQL of evidence: what is known of model versions, only ever added to."""

from __future__ import annotations

import json

from solvent.store.transaction import Row, Transaction
from solvent.wire.gates import Evidence

_COLUMNS = "id, kind, body, time, actor, digest"
_NEWEST = 2**63 - 1


def add(tx: Transaction, version_id: int, kind: str, body: str, digest: str | None, now: int, actor: str) -> int:
    """Keep a piece of evidence; its number, which only ever grows among those of a version."""
    return tx.insert(
        "INSERT INTO version_evidence (version_id, kind, body, digest, time, actor) VALUES (?, ?, ?, ?, ?, ?)",
        (version_id, kind, body, digest, now, actor),
    )


def page(tx: Transaction, version_id: int, kind: str | None, before: int | None, limit: int) -> list[Evidence]:
    """The evidence on a version, newest first, of one kind or of all."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM version_evidence WHERE version_id = ?1 AND id < ?2 AND (?3 IS NULL OR kind = ?3)"
        " ORDER BY id DESC LIMIT ?4",
        (version_id, _NEWEST if before is None else before, kind, limit),
    )
    return [_entity(row) for row in rows]


def newest(tx: Transaction, version_id: int, kind: str, digest: str) -> Evidence | None:
    """The newest of a kind that is about files with this digest."""
    row = tx.one(
        f"SELECT {_COLUMNS} FROM version_evidence WHERE version_id = ? AND kind = ? AND digest = ?"
        " ORDER BY id DESC LIMIT 1",
        (version_id, kind, digest),
    )
    return _entity(row) if row else None


def last_of_each(tx: Transaction, version_id: int, kind: str, digest: str) -> list[Evidence]:
    """The newest of a kind by each person, about files with this digest."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM version_evidence WHERE id IN (SELECT max(id) FROM version_evidence"
        " WHERE version_id = ? AND kind = ? AND digest = ? GROUP BY lower(actor)) ORDER BY id",
        (version_id, kind, digest),
    )
    return [_entity(row) for row in rows]


def _entity(row: Row) -> Evidence:
    number, kind, body, time, actor, digest = row
    return Evidence(id=number, kind=kind, body=json.loads(body), time=time, actor=actor, digest=digest)
