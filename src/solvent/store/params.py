"""SQL of params, which are written once."""

from __future__ import annotations

from typing import NamedTuple

from solvent.store import keys
from solvent.store.changes import PARAMS
from solvent.store.runs import RunRef
from solvent.store.transaction import Transaction


class Conflict(NamedTuple):
    """A param that has another value already."""

    key: str
    old_value: str
    new_value: str


def add(tx: Transaction, run: RunRef, params: dict[str, str]) -> list[Conflict]:
    """Keep params by key; the same value again is fine. If any has another value already, none is kept."""
    ids = keys.intern(tx, params)
    tx.touch(run.experiment_id, run.id, PARAMS, (ids[key] for key in params))
    rows = [(run.id, ids[key], run.experiment_id, value) for key, value in params.items()]
    if tx.insert_unique("INSERT INTO params (run_id, key_id, experiment_id, value) VALUES (?, ?, ?, ?)", rows):
        return []
    conflicts, missing = [], []
    for row, (key, value) in zip(rows, params.items(), strict=True):
        found = tx.one("SELECT value FROM params WHERE run_id = ? AND key_id = ?", row[:2])
        if found is None:
            missing.append(row)
        elif found[0] != value:
            conflicts.append(Conflict(key, found[0], value))
    if not conflicts:
        tx.insert_unique("INSERT INTO params (run_id, key_id, experiment_id, value) VALUES (?, ?, ?, ?)", missing)
    return conflicts
