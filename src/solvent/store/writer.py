"""Group commit: the one thread that writes, for a server with many requests at once."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from solvent.errors import Unavailable
from solvent.store.store import Job, Outcome, Store

MAX_GROUP = 512

_LOG = logging.getLogger(__name__)

T = TypeVar("T")


class GroupWriter(Generic[T]):
    """Collects jobs from any thread and commits those that arrived together in one transaction.

    ``deliver`` is called in the writer's thread after each commit with (ticket, outcome) pairs; a
    ticket is whatever the submitter wants to be told by. ``observe`` is called there with each
    group's number of jobs and its commit's time in seconds.
    """

    def __init__(
        self,
        store: Store,
        deliver: Callable[[list[tuple[T, Outcome]]], None],
        observe: Callable[[int, float], None] | None = None,
    ) -> None:
        self._store = store
        self._deliver = deliver
        self._observe = observe
        self._waiting: list[tuple[Job, T]] = []
        self._changed = threading.Condition()
        self._closed = self._busy = False
        self._thread = threading.Thread(target=self._run, name="solvent-writer", daemon=True)
        self._thread.start()

    def submit(self, job: Job, ticket: T) -> None:
        self.submit_all([(job, ticket)])

    def submit_all(self, tickets: Sequence[tuple[Job, T]]) -> None:
        """Submit jobs that arrived together."""
        with self._changed:
            if self._closed:
                raise Unavailable("the server is shutting down: send the request again")
            idle = not self._waiting
            self._waiting += tickets
            if idle:
                self._changed.notify()

    @property
    def waiting(self) -> int:
        """Jobs that are not part of a group yet."""
        return len(self._waiting)

    @property
    def idle(self) -> bool:
        """Whether all that was submitted is delivered, and more may come. Who submits alone can rely on it."""
        return not (self._waiting or self._busy or self._closed)  # in this order: see _take

    def close(self) -> None:
        """Commit and deliver what was submitted, then stop."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        while group := self._take():
            try:
                outcomes = self._store.write_group([job for job, _ in group])
            except BaseException as error:  # a defect: tell those who wait, keep serving the others
                outcomes = [error] * len(group)
            if self._observe is not None:
                self._observe(len(group), self._store.commit_seconds)
            try:
                self._deliver([(ticket, outcome) for (_, ticket), outcome in zip(group, outcomes, strict=True)])
            except Exception:  # a defect of the one who waits: it must not stop the writer
                _LOG.exception("an outcome could not be delivered")
            self._busy = False

    def _take(self) -> list[tuple[Job, T]]:
        with self._changed:
            while not self._waiting and not self._closed:
                self._changed.wait()
            self._busy = True  # before nothing waits any more
            group, self._waiting = self._waiting[:MAX_GROUP], self._waiting[MAX_GROUP:]
            return group
