"""The loop that sends what is due, over an outbox in memory, to real receivers."""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence

import pytest

from solvent.errors import Unavailable
from solvent.notify.deliver import DeliveryLoop, attempt
from solvent.notify.outbox import Delivery, Outcome
from tests.notify.receiver import receiving, status

pytestmark = pytest.mark.usefixtures("private_allowed")


def delivery(url: str, number: int = 1, webhook: int = 1) -> Delivery:
    return Delivery(number, f"id-{number}", webhook, f"hook-{webhook}", url, "secret", "{}", 1)


class Kept:
    """An outbox that gives what is left, and whose first requests fail as a busy store does."""

    def __init__(self, *deliveries: Delivery, failures: int = 0) -> None:
        self.left = list(deliveries)
        self.failures = failures
        self.settled: dict[int, Outcome] = {}
        self.changed = threading.Condition()

    def take(self, busy: Collection[int], limit: int) -> Sequence[Delivery]:
        if self.failures:
            self.failures -= 1
            raise Unavailable("the store is busy")
        free = [each for each in self.left if each.webhook_id not in busy]
        first = {each.webhook_id: each for each in reversed(free)}
        taken = list(first.values())[:limit]
        self.left = [each for each in self.left if each not in taken]
        return taken

    def settle(self, delivery: Delivery, outcome: Outcome) -> None:
        with self.changed:
            self.settled[delivery.id] = outcome
            self.changed.notify_all()

    def wait_for(self, count: int) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.settled) == count, 20)


def test_all_arrive_though_the_store_was_busy() -> None:
    with receiving(status(200)) as receiver:
        kept = Kept(*(delivery(receiver.url, number, number % 3) for number in range(9)), failures=2)
        loop = DeliveryLoop(kept, look_seconds=0.01)
        loop.start()
        kept.wait_for(9)
        loop.stop()
    assert {outcome.delivered for outcome in kept.settled.values()} == {True}
    assert sorted(got.headers["X-MLflow-Delivery-Id"] for got in receiver.got) == [
        f"id-{number}" for number in range(9)
    ]


def test_stopping_takes_nothing_more() -> None:
    with receiving(status(200)) as receiver:
        kept = Kept()
        loop = DeliveryLoop(kept, look_seconds=0.01)
        loop.start()
        loop.stop()
        kept.left = [delivery(receiver.url)]
        assert receiver.got == []
        assert kept.settled == {}


def test_a_loop_that_never_ran_can_be_stopped() -> None:
    kept = Kept()
    DeliveryLoop(kept).stop()
    assert kept.settled == {}


def test_what_came_of_an_attempt() -> None:
    with receiving(status(200), status(503), status(404)) as receiver:
        arrived, passing, refused = (attempt(delivery(receiver.url)) for _ in range(3))
    assert arrived == Outcome(delivered=True, status=200, error=None, wait=None)
    assert (passing.status, passing.error) == (503, "the receiver answered 503")
    assert passing.wait is not None
    assert (refused.status, refused.wait) == (404, None)
    nowhere = attempt(delivery("ftp://127.0.0.1/"))
    assert (nowhere.delivered, nowhere.wait) == (False, None)
