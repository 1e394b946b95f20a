"""SQL of the log of events: who did what to which thing, and when."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from solvent.store.transaction import Transaction


class Event(NamedTuple):
    """One thing that happened. ``time`` in milliseconds since 1970 (UTC); ``body`` says what changed."""

    id: int
    time: int
    kind: str
    subject: str
    actor: str
    body: dict[str, Any]


def append(tx: Transaction, kind: str, subject: str, body: dict[str, Any], now: int, actor: str = "") -> int:
    """Add an event; its number, which only ever grows."""
    return tx.insert(
        "INSERT INTO events (time, kind, subject, actor, body) VALUES (?, ?, ?, ?, ?)",
        (now, kind, subject, actor, json.dumps(body)),
    )


def of_subject(tx: Transaction, subject: str, *, after: int = 0, limit: int = 1000) -> list[Event]:
    """The history of one thing, oldest first, from behind event number ``after``."""
    rows = tx.all(
        "SELECT id, time, kind, subject, actor, body FROM events WHERE subject = ? AND id > ? ORDER BY id LIMIT ?",
        (subject, after, limit),
    )
    return [Event(*row)._replace(body=json.loads(row[5])) for row in rows]


def newest(
    tx: Transaction,
    subject: str,
    *,
    limit: int,
    before: int | None = None,
    kind: str | None = None,
    version: str | None = None,
) -> list[Event]:
    """The history of one thing, newest first, up to event number ``before``; of one ``kind`` or ``version`` only.

    An alias that is moved away from a version is of that version's history too.
    """
    where: list[str] = ["subject = ?"]
    args: list[object] = [subject]
    if before is not None:
        where, args = [*where, "id < ?"], [*args, before]
    if kind is not None:
        where, args = [*where, "kind = ?"], [*args, kind]
    if version is not None:
        left = "iif(kind = 'alias.set', json_extract(body, '$.from'), NULL)"
        where, args = [*where, f"? IN (json_extract(body, '$.version'), {left})"], [*args, version]
    rows = tx.all(
        f"SELECT id, time, kind, subject, actor, body FROM events WHERE {' AND '.join(where)} ORDER BY id DESC LIMIT ?",
        [*args, limit],
    )
    return [Event(*row)._replace(body=json.loads(row[5])) for row in rows]
