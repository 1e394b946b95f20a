"""The log of events."""

from __future__ import annotations

from pathlib import Path

from solvent.store import events
from solvent.store.store import Store
from solvent.store.transaction import Transaction
from solvent.wire.base import Empty, Request, Wire


class _Ask(Request[Empty]):
    pass


class _Found(Wire):
    events: list[events.Event] = []


def test_events_of_a_subject_come_in_order_and_from_where_one_stopped(tmp_path: Path) -> None:
    store = Store(tmp_path / "solvent.db")

    def write(tx: Transaction, _: _Ask) -> Empty:
        for number in range(4):
            events.append(tx, "moved", f"model/{number % 2}", {"number": number}, now=number, actor="ada")
        return Empty()

    def read(tx: Transaction, _: _Ask) -> _Found:
        first = events.of_subject(tx, "model/1", limit=1)
        return _Found(events=first + events.of_subject(tx, "model/1", after=first[0].id))

    store.write(write, _Ask())
    found = store.read(read, _Ask()).events
    assert [(event.time, event.kind, event.actor, event.body) for event in found] == [
        (1, "moved", "ada", {"number": 1}),
        (3, "moved", "ada", {"number": 3}),
    ]
    store.close()
