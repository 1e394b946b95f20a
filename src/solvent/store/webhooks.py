"""SQL of webhooks. The secret is read by the delivery alone; entities never hold it."""

from __future__ import annotations

import json
from typing import NamedTuple

from solvent.store.transaction import Row, Transaction
from solvent.wire.webhooks import Webhook, WebhookEvent

_COLUMNS = "id, uuid, name, description, url, events, active, created, updated"


class WebhookRow(NamedTuple):
    """What a webhook is made of, its secret included."""

    uuid: str
    name: str
    description: str | None
    url: str
    events: list[WebhookEvent]
    secret: str | None
    active: bool


def insert(tx: Transaction, row: WebhookRow, now: int) -> int:
    return tx.insert(
        "INSERT INTO webhooks (uuid, name, description, url, events, secret, active, created, updated)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (row.uuid, row.name, row.description, row.url, _events(row.events), row.secret, row.active, now, now),
    )


def update(tx: Transaction, row: WebhookRow, now: int) -> None:
    """Write all fields of the webhook with that uuid."""
    tx.execute(
        "UPDATE webhooks SET name = ?, description = ?, url = ?, events = ?, secret = ?, active = ?, updated = ?"
        " WHERE uuid = ?",
        (row.name, row.description, row.url, _events(row.events), row.secret, row.active, now, row.uuid),
    )


def find(tx: Transaction, uuid: str) -> Webhook | None:
    row = tx.one(f"SELECT {_COLUMNS} FROM webhooks WHERE uuid = ?", (uuid,))
    return _entity(row) if row else None


def secret(tx: Transaction, uuid: str) -> str | None:
    row = tx.one("SELECT secret FROM webhooks WHERE uuid = ?", (uuid,))
    return row[0] if row else None


def page(tx: Transaction, before: int | None, limit: int) -> list[tuple[int, Webhook]]:
    """Webhooks with their row ids, newest first, from below row ``before``."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM webhooks WHERE ? IS NULL OR id < ? ORDER BY id DESC LIMIT ?", (before, before, limit)
    )
    return [(row[0], _entity(row)) for row in rows]


def delete(tx: Transaction, uuid: str) -> None:
    """The webhook goes with its deliveries."""
    tx.execute("DELETE FROM webhooks WHERE uuid = ?", (uuid,))


def listening(tx: Transaction, entity: str, action: str) -> list[int]:
    """The row ids of active webhooks that want to hear of an event."""
    rows = tx.all(
        "SELECT id FROM webhooks WHERE active AND EXISTS (SELECT 1 FROM json_each(events)"
        " WHERE json_extract(json_each.value, '$[0]') = ? AND json_extract(json_each.value, '$[1]') = ?)",
        (entity, action),
    )
    return [row_id for (row_id,) in rows]


def _events(events: list[WebhookEvent]) -> str:
    return json.dumps(sorted({(event.entity, event.action) for event in events}))


def _entity(row: Row) -> Webhook:
    _, uuid, name, description, url, events, active, created, updated = row
    return Webhook(
        webhook_id=uuid,
        name=name,
        description=description or None,
        url=url,
        events=[WebhookEvent(entity=entity, action=action) for entity, action in json.loads(events)],
        status="ACTIVE" if active else "DISABLED",
        creation_timestamp=created,
        last_updated_timestamp=updated,
    )
