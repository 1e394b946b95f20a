"""SQL of webhook deliveries: written with what they tell of, taken by whoever sends, kept until settled."""

from __future__ import annotations

import json
from collections.abc import Collection

from solvent.notify.outbox import Delivery
from solvent.store.transaction import Transaction


def add(tx: Transaction, uuid: str, webhook_id: int, body: str, now: int) -> None:
    tx.execute(
        "INSERT INTO deliveries (uuid, webhook_id, body, created, due) VALUES (?, ?, ?, ?, ?)",
        (uuid, webhook_id, body, now, now),
    )


def next_due(tx: Transaction) -> int | None:
    """When the first waiting delivery of an active webhook is due, in milliseconds since 1970; None if none waits."""
    row = tx.one(
        "SELECT min(d.due) FROM deliveries d JOIN webhooks w ON w.id = d.webhook_id WHERE d.state = 0 AND w.active"
    )
    return row[0] if row else None


def take(tx: Transaction, now: int, until: int, busy: Collection[int], limit: int) -> list[Delivery]:
    """Deliveries that are due, the oldest of each webhook, for the caller alone until the moment ``until``.

    Those of the webhooks in ``busy`` and of disabled ones are left waiting.
    """
    rows = tx.all(
        "SELECT d.id, d.uuid, w.id, w.uuid, w.url, w.secret, d.body, d.attempts + 1"
        " FROM (SELECT min(id) AS first FROM deliveries WHERE state = 0 AND due <= ? GROUP BY webhook_id)"
        " JOIN deliveries d ON d.id = first JOIN webhooks w ON w.id = d.webhook_id"
        " WHERE w.active AND w.id NOT IN (SELECT value FROM json_each(?)) ORDER BY d.due LIMIT ?",
        (now, json.dumps(list(busy)), limit),
    )
    tx.executemany(
        "UPDATE deliveries SET attempts = attempts + 1, due = ? WHERE id = ?", [(until, row[0]) for row in rows]
    )
    return [Delivery(*row) for row in rows]


def settle(tx: Transaction, delivery_id: int, *, delivered: bool, status: int | None, error: str | None) -> None:
    """It has arrived, or is given up."""
    tx.execute(
        "UPDATE deliveries SET state = ?, status = ?, error = ? WHERE id = ?",
        (1 if delivered else 2, status, error, delivery_id),
    )


def postpone(tx: Transaction, delivery_id: int, due: int, status: int | None, error: str | None) -> None:
    """It failed, and is to be tried again at ``due``."""
    tx.execute("UPDATE deliveries SET due = ?, status = ?, error = ? WHERE id = ?", (due, status, error, delivery_id))


def forget(tx: Transaction, created_before: int) -> None:
    """Drop what is older than anybody needs, settled or not."""
    tx.execute("DELETE FROM deliveries WHERE created < ?", (created_before,))
