"""Where use cases run: writes in the one writer's groups, reads and files in threads."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ParamSpec, Protocol, TypeVar

import msgspec

from solvent.backend.embedded import UNSTORABLE, unstorable
from solvent.errors import Unavailable
from solvent.server.room import Room
from solvent.store.operations import Operation
from solvent.store.store import Job, Outcome, Store
from solvent.store.writer import MAX_GROUP, GroupWriter
from solvent.wire.base import Request, Wire

READ_THREADS = 4
FILE_THREADS = 8
MOST_AT_ONCE = 96 << 10
"""Bytes of the bodies of a group that is written in the event loop's thread: a thousand points, some 3 ms."""

P = ParamSpec("P")
T = TypeVar("T")
Q = TypeVar("Q", bound=Request[Any])
R = TypeVar("R", bound=Wire)

encode = msgspec.json.Encoder().encode
_log = logging.getLogger(__name__)


class Waiting(Protocol):
    """Whoever waits for a write's outcome; a future is one."""

    def done(self) -> bool: ...
    def set_result(self, result: Any, /) -> None: ...
    def set_exception(self, exception: BaseException, /) -> None: ...


class Engine:
    """Made and closed in the event loop that awaits its answers. ``observe``: see ``GroupWriter``."""

    def __init__(self, store: Store, observe: Callable[[int, float], None] | None = None) -> None:
        self.room = Room()
        self._store = store
        self._loop = asyncio.get_running_loop()
        self._observe = observe
        self._writer: GroupWriter[Waiting] = GroupWriter(store, self._deliver, observe)
        self._arrived: list[tuple[Job, Waiting]] = []
        self._size = 0
        self._readers = ThreadPoolExecutor(READ_THREADS, "solvent-read")
        self._files = ThreadPoolExecutor(FILE_THREADS, "solvent-files")

    async def run(self, operation: Operation[Any, Any], request: Request[Any], actor: str = "", size: int = 0) -> bytes:
        """The JSON of a use case's answer; a write's after its commit. ``actor`` is who asks, ``size`` as in ``submit``."""
        try:
            if operation.writes:
                waiting: asyncio.Future[Any] = self._loop.create_future()
                self.submit(operation, request, actor, size, waiting)
                return encode(await waiting)
            if operation.outside:
                return encode(await self.in_thread(operation.run, self._store, request, actor))
            return await self.read(operation, request, encode, actor)
        except UNSTORABLE as error:
            raise unstorable(error) from error

    async def read(self, operation: Operation[Q, R], request: Q, finish: Callable[[R], T], actor: str = "") -> T:
        """What ``finish`` makes of a reading use case's answer, in the thread that read it."""
        return await self._loop.run_in_executor(
            self._readers, lambda: finish(self._store.read(operation.run, request, actor))
        )

    async def in_thread(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Work on files, or other work that would hold the loop."""
        return await self._loop.run_in_executor(self._files, lambda: function(*args, **kwargs))

    @property
    def waiting_writes(self) -> int:
        """Writes that the writer has not taken yet."""
        return self._writer.waiting + len(self._arrived)

    async def close(self) -> None:
        """Commit and answer all that was submitted, then stop."""
        if self._arrived:
            self._hand_over()
        await self._loop.run_in_executor(self._files, self._writer.close)
        self._readers.shutdown()
        self._files.shutdown()

    def submit(
        self, operation: Operation[Any, Any], request: Request[Any], actor: str, size: int, waiting: Waiting
    ) -> None:
        """Have a write done together with those that arrive in this turn of the loop; ``size`` is its body's."""
        self._arrived.append((Job(operation.run, request, actor), waiting))
        self._size += size if operation.brief else MOST_AT_ONCE + 1
        if len(self._arrived) == 1:
            self._loop.call_soon(self._write)

    def _write(self) -> None:
        """Write here what is brief if the writer has nothing to do: to wake it costs more than such a commit."""
        if not self._arrived:  # handed over meanwhile: the server is stopping
            return
        if self._size <= MOST_AT_ONCE and len(self._arrived) <= MAX_GROUP and self._writer.idle:
            try:
                outcomes = self._store.write_at_once([job for job, _ in self._arrived])
            except Exception as error:  # a defect: tell those who wait, keep serving the others
                outcomes = [error] * len(self._arrived)
            if outcomes is not None:
                arrived, self._arrived, self._size = self._arrived, [], 0
                if self._observe is not None:
                    self._observe(len(arrived), self._store.commit_seconds)
                _settle([(waiting, outcome) for (_, waiting), outcome in zip(arrived, outcomes, strict=True)])
                return
        self._hand_over()

    def _hand_over(self) -> None:
        arrived, self._arrived, self._size = self._arrived, [], 0
        try:
            self._writer.submit_all(arrived)
        except Unavailable as error:
            _settle([(waiting, error) for _, waiting in arrived])

    def _deliver(self, outcomes: list[tuple[Waiting, Outcome]]) -> None:
        try:
            self._loop.call_soon_threadsafe(_settle, outcomes)
        except RuntimeError:  # the loop is closed: nobody waits any more; what was committed stays
            _log.warning("%d writes were committed after the server had stopped", len(outcomes))


def _settle(outcomes: list[tuple[Waiting, Outcome]]) -> None:
    for waiting, outcome in outcomes:
        if waiting.done():  # its client is gone; the others' answers don't depend on it
            continue
        try:
            if isinstance(outcome, BaseException):
                waiting.set_exception(outcome)
            else:
                waiting.set_result(outcome)
        except Exception:  # a defect of the one who waits: the others are to be told
            _log.exception("an outcome could not be told")
