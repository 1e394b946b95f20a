"""SQL of how far each SDK spool has been kept."""

from __future__ import annotations

from solvent.store.transaction import Transaction


def kept(tx: Transaction, name: str) -> int:
    """How many records of the spool have been kept."""
    row = tx.one("SELECT kept FROM spools WHERE name = ?", (name,))
    return int(row[0]) if row else 0


def advance(tx: Transaction, name: str, count: int) -> None:
    """Say that the first ``count`` records of the spool have been kept."""
    tx.execute(
        "INSERT INTO spools (name, kept, updated) VALUES (?, ?, ?)"
        " ON CONFLICT (name) DO UPDATE SET kept = excluded.kept, updated = excluded.updated",
        (name, count, tx.now()),
    )
