"""The loop that sends what is due: one thread that looks, a few that send."""

from __future__ import annotations

import logging
import random
import threading
from concurrent.futures import ThreadPoolExecutor

from solvent.errors import InvalidInput, SolventError
from solvent.notify.outbox import Delivery, Outbox, Outcome
from solvent.notify.retries import is_delivered, wait_after
from solvent.notify.sender import SECONDS, send

THREADS = 4
LOOK_SECONDS = 1.0

_log = logging.getLogger(__name__)


class DeliveryLoop:
    """Sends until it is stopped. What was being sent then is sent again by whoever runs next.

    >>> loop = DeliveryLoop(outbox)  # doctest: +SKIP
    >>> loop.start(); loop.stop()  # doctest: +SKIP
    """

    def __init__(self, outbox: Outbox, *, look_seconds: float = LOOK_SECONDS, send_seconds: float = SECONDS) -> None:
        self._outbox = outbox
        self._look_seconds = look_seconds
        self._send_seconds = send_seconds
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self._busy: set[int] = set()
        self._senders = ThreadPoolExecutor(THREADS, "solvent-webhook")
        self._thread = threading.Thread(target=self._run, name="solvent-webhooks", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Take nothing more, and wait for what is being sent (at most its time limit)."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()
        self._senders.shutdown(cancel_futures=True)

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                found = self._look()
            except SolventError as error:  # the store is busy or full: what is due stays due
                _log.warning("webhooks can't be sent now: %s", error)
                found = 0
            if not found:
                self._stopped.wait(self._look_seconds)

    def _look(self) -> int:
        with self._lock:
            busy = frozenset(self._busy)
        if len(busy) >= THREADS:
            return 0
        due = self._outbox.take(busy, THREADS - len(busy))
        for delivery in due:
            with self._lock:
                self._busy.add(delivery.webhook_id)
            self._senders.submit(self._send, delivery)
        return len(due)

    def _send(self, delivery: Delivery) -> None:
        try:
            outcome = attempt(delivery, self._send_seconds)
            _report(delivery, outcome)
            self._outbox.settle(delivery, outcome)
        except SolventError as error:  # it was sent and can't be ticked off: it will arrive twice, with the same id
            _log.warning("delivery %s can't be settled: %s", delivery.uuid, error)
        except Exception:  # a defect: it stays due, and the others are sent
            _log.exception("delivery %s can't be sent", delivery.uuid)
        finally:
            with self._lock:
                self._busy.discard(delivery.webhook_id)


def attempt(delivery: Delivery, seconds: float = SECONDS) -> Outcome:
    """Send once and say what came of it."""
    try:
        status: int | None = send(delivery.url, delivery.secret, delivery.uuid, delivery.body, seconds).status
        error = None
    except InvalidInput as refused:
        return Outcome(delivered=False, status=None, error=str(refused), wait=None)
    except SolventError as failed:
        status, error = None, str(failed)
    if status is not None and is_delivered(status):
        return Outcome(delivered=True, status=status, error=None, wait=None)
    wait = wait_after(delivery.attempt, status, random.random())  # noqa: S311 - spreads load, keeps no secret
    return Outcome(delivered=False, status=status, error=error or f"the receiver answered {status}", wait=wait)


def _report(delivery: Delivery, outcome: Outcome) -> None:
    if outcome.delivered:
        _log.info("delivery %s to webhook %s arrived", delivery.uuid, delivery.receiver)
        return
    next_step = "given up" if outcome.wait is None else f"again in {outcome.wait:.0f} s"
    _log.warning(
        "delivery %s to webhook %s failed at attempt %d (%s): %s",
        delivery.uuid,
        delivery.receiver,
        delivery.attempt,
        outcome.error,
        next_step,
    )
