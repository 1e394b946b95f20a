"""SQL of gate policies, and of what gates look at beside evidence and files: events, contracts of runs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from solvent.store import grants, keys
from solvent.store.transaction import Row, Transaction
from solvent.wire.contracts import RUN_TAG

OF_ALL = ""
"""Stands for all models without a policy of their own, in place of a name."""
_COLUMNS = "p.model, p.policy, p.digest, p.applied, p.actor"


class PolicyRow(NamedTuple):
    """A row of ``gate_policies``. ``policy`` is the document's part; ``digest`` is of the whole document."""

    model: str
    policy: dict[str, Any]
    digest: str
    applied: int
    actor: str


def policies(tx: Transaction) -> list[PolicyRow]:
    """Those that whoever asks may read: all but those of models that are hidden from them; that of all models first."""
    may = grants.readable(tx, "model", "m.id")
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM gate_policies p LEFT JOIN registered_models m ON m.name = p.model"
        f" WHERE p.model = '' OR m.id IS NULL OR {may.text} ORDER BY p.model",
        may.args,
    )
    return [_policy(row) for row in rows]


def policy(tx: Transaction, model: str) -> PolicyRow | None:
    """The one that was applied under exactly this name."""
    row = tx.one(f"SELECT {_COLUMNS} FROM gate_policies p WHERE p.model = ?", (model,))
    return _policy(row) if row else None


def replace_policies(tx: Transaction, rows: Iterable[PolicyRow]) -> None:
    tx.execute("DELETE FROM gate_policies")
    tx.executemany(
        "INSERT INTO gate_policies (model, policy, digest, applied, actor) VALUES (?, ?, ?, ?, ?)",
        [(row.model, json.dumps(row.policy), row.digest, row.applied, row.actor) for row in rows],
    )


def rename_policy(tx: Transaction, old: str, new: str) -> None:
    tx.execute("UPDATE gate_policies SET model = ? WHERE model = ?", (new, old))


def last_event(tx: Transaction, subject: str, kind: str, **body: str) -> Row | None:
    """(id, time) of the newest event of a thing whose body holds these texts."""
    wanted = "".join(" AND json_extract(body, ?) = ?" for _ in body)
    args = [part for key, value in body.items() for part in (f"$.{key}", value)]
    return tx.one(
        f"SELECT id, time FROM events WHERE subject = ? AND kind = ?{wanted} ORDER BY id DESC LIMIT 1",
        (subject, kind, *args),
    )


def checked_runs(tx: Transaction, before: int, limit: int) -> list[Row]:
    """(run's row, tag) of the runs that were held against contracts, newest first, whoever may read them."""
    key_id = keys.find(tx, RUN_TAG)
    if key_id is None:
        return []
    return tx.all(
        "SELECT r.id, t.value FROM runs r CROSS JOIN tags t ON t.run_id = r.id AND t.key_id = ?"
        " WHERE r.deleted = 0 AND r.id < ? ORDER BY r.id DESC LIMIT ?",
        (key_id, before, limit),
    )


def _policy(row: Row) -> PolicyRow:
    model, policy, digest, applied, actor = row
    return PolicyRow(model, json.loads(policy), digest, applied, actor)
