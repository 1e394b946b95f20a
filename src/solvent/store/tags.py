"""SQL of the tags of runs."""

from __future__ import annotations

from solvent.store import keys
from solvent.store.changes import TAGS
from solvent.store.runs import RunRef
from solvent.store.transaction import Transaction


def put(tx: Transaction, run: RunRef, tags: dict[str, str]) -> None:
    """Set tags by key, over what was there."""
    ids = keys.intern(tx, tags)
    tx.touch(run.experiment_id, run.id, TAGS, (ids[key] for key in tags))
    tx.executemany(
        "INSERT INTO tags (run_id, key_id, experiment_id, value) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (run_id, key_id) DO UPDATE SET value = excluded.value",
        [(run.id, ids[key], run.experiment_id, value) for key, value in tags.items()],
    )


def get(tx: Transaction, run: RunRef, key: str) -> str | None:
    sql = "SELECT t.value FROM tags t JOIN keys k ON k.id = t.key_id WHERE t.run_id = ? AND k.name = ?"
    row = tx.one(sql, (run.id, key))
    return row[0] if row else None


def delete(tx: Transaction, run: RunRef, key: str) -> bool:
    """Whether the tag was there."""
    tx.touch(run.experiment_id, run.id, TAGS, None)
    sql = "DELETE FROM tags WHERE run_id = ? AND key_id = (SELECT id FROM keys WHERE name = ?)"
    return tx.execute(sql, (run.id, key)).rowcount > 0
