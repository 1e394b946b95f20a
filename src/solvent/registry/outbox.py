"""The deliveries that webhooks wait for, as the loop of ``notify`` takes and settles them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from solvent.notify.deliver import DeliveryLoop
from solvent.notify.outbox import Delivery, Outcome
from solvent.notify.sender import SECONDS
from solvent.store import deliveries
from solvent.store.store import Store
from solvent.store.transaction import Transaction
from solvent.wire.base import Empty, Request, Wire

LEASE = int(SECONDS * 6 * 1000)
"""Milliseconds after which a delivery that was taken and not settled is taken again: its sender died."""
KEPT = 7 * 24 * 3600 * 1000
"""Milliseconds after which deliveries are forgotten, whatever became of them."""


class _Due(Wire):
    at: int | None = None


class _LookForDue(Request[_Due]):
    pass


class _Taken(Wire):
    deliveries: list[Delivery] = []


class _Take(Request[_Taken]):
    busy: list[int]
    limit: int


class _Settle(Request[Empty]):
    delivery_id: int
    outcome: Outcome


class StoredOutbox:
    """The outbox of one store; several processes may share it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def take(self, busy: Collection[int], limit: int) -> Sequence[Delivery]:
        due = self._store.read(_look, _LookForDue()).at
        if due is None or due > Transaction.now():
            return []
        return self._store.write(_take, _Take(busy=list(busy), limit=limit)).deliveries

    def settle(self, delivery: Delivery, outcome: Outcome) -> None:
        self._store.write(_settle, _Settle(delivery_id=delivery.id, outcome=outcome))


def delivery_loop(store: Store) -> DeliveryLoop:
    """The loop that sends what the webhooks of ``store`` wait for; a server starts and stops it."""
    return DeliveryLoop(StoredOutbox(store))


def _look(tx: Transaction, _: _LookForDue) -> _Due:
    return _Due(at=deliveries.next_due(tx))


def _take(tx: Transaction, request: _Take) -> _Taken:
    now = tx.now()
    deliveries.forget(tx, now - KEPT)
    return _Taken(deliveries=deliveries.take(tx, now, now + LEASE, request.busy, request.limit))


def _settle(tx: Transaction, request: _Settle) -> Empty:
    outcome = request.outcome
    if outcome.wait is None:
        deliveries.settle(
            tx, request.delivery_id, delivered=outcome.delivered, status=outcome.status, error=outcome.error
        )
    else:
        due = tx.now() + int(outcome.wait * 1000)
        deliveries.postpone(tx, request.delivery_id, due, outcome.status, outcome.error)
    return Empty()
