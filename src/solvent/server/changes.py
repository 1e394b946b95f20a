"""Server-sent events: what has changed, to whoever watches.

Nothing is kept for a client: the store's log of changes is the queue, each client reads it at its
own pace, and one that does not take what it was sent is cut (``server.patience``); it may come back with
``Last-Event-ID``.
While anybody watches, one thread asks SQLite whether some connection, of this or any other process,
has committed; nobody who writes does anything for it.
"""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from typing import NamedTuple

from solvent.accounts.authorization import guarded
from solvent.errors import InvalidInput, SolventError, Unavailable
from solvent.server.api import ApiEndpoint
from solvent.server.asgi import NOSNIFF, Header, Receive, Scope, Send, disconnected, header
from solvent.server.decoding import query_decoder
from solvent.server.engine import Engine, encode
from solvent.server.errors import BrokenAnswer
from solvent.store.operations import Operation, operation_of
from solvent.store.store import Store
from solvent.wire.base import route_of
from solvent.wire.changes import ChangesResponse, GetChanges

POLL_SECONDS = 0.05
"""How often the store is asked whether it has changed."""
PAUSE_SECONDS = 0.1
"""Between two events to one client: what comes meanwhile is told together."""
CROWD = 20
"""So many clients may read in one pause; more of them pause longer."""
HEARTBEAT_SECONDS = 15.0
MAX_CLIENTS = 200

_EVENT_STREAM = b"text/event-stream"
_HEADERS: tuple[Header, ...] = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    NOSNIFF,
)


class _Watcher(NamedTuple):
    """``stirred`` is set when there may be something to tell, ``gone`` is done when nobody listens any more."""

    request: GetChanges
    actor: str | None
    stirred: asyncio.Event
    gone: asyncio.Future[None]


class ChangeFeed:
    """``solvent/v1/changes``: one answer as JSON, or events for who accepts ``text/event-stream``."""

    def __init__(self, store: Store, engine: Engine) -> None:
        operation = operation_of(GetChanges)
        assert operation is not None
        self._open: Operation[GetChanges, ChangesResponse] = operation
        self._guarded = guarded(operation)
        self._plain = ApiEndpoint(route_of(GetChanges), engine)
        self._decode = query_decoder(GetChanges)
        self._store = store
        self._engine = engine
        self._loop = asyncio.get_running_loop()
        self._clients: set[asyncio.Event] = set()
        self._unwatched = threading.Event()
        self._ended = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "GET" or _EVENT_STREAM not in (header(scope, b"accept") or b""):
            await self._plain(scope, receive, send)
            return
        request = self._decode(scope["query_string"])
        place = header(scope, b"last-event-id")
        if place is not None:
            request.after = _number(place)
        if self._ended or len(self._clients) >= MAX_CLIENTS:
            raise Unavailable(f"{len(self._clients)} clients watch already, or the server is stopping: try again later")
        stirred = asyncio.Event()
        gone = asyncio.ensure_future(disconnected(receive))
        gone.add_done_callback(lambda _: stirred.set())
        self._join(stirred)
        try:
            await self._stream(_Watcher(request, scope.get("actor"), stirred, gone), send)
        finally:
            self._leave(stirred)
            gone.cancel()
            with suppress(asyncio.CancelledError):
                await gone

    def end(self) -> None:
        """End all streams, so that a server that is stopping need not wait for them. Safe from any thread."""
        with suppress(RuntimeError):  # the loop is closed: nothing streams any more
            self._loop.call_soon_threadsafe(self._end)

    def _end(self) -> None:
        self._ended = True
        self._stir()

    async def _stream(self, watcher: _Watcher, send: Send) -> None:
        found = await self._read(watcher)  # errors are told before the stream begins
        await send({"type": "http.response.start", "status": 200, "headers": list(_HEADERS)})
        await send(_body(b"retry: 2000\n" + _event(found)))
        while not self._ended and not watcher.gone.done():
            if not found.more:
                try:
                    await asyncio.wait_for(watcher.stirred.wait(), HEARTBEAT_SECONDS)
                except TimeoutError:
                    await send(_body(b": still here\nid: %d\n\n" % found.last))
                    continue
            watcher.stirred.clear()
            watcher.request.after = found.last
            try:
                found = await self._read(watcher)
            except SolventError as error:
                raise BrokenAnswer("what has changed could not be read, or may not be read any more") from error
            if found.changes or found.reset:
                await send(_body(_event(found)))
            await asyncio.sleep(PAUSE_SECONDS * max(1, len(self._clients) // CROWD))
        if not watcher.gone.done():
            await send({"type": "http.response.body", "body": b""})

    async def _read(self, watcher: _Watcher) -> ChangesResponse:
        operation = self._open if watcher.actor is None else self._guarded
        return await self._engine.read(operation, watcher.request, _itself, watcher.actor or "")

    def _join(self, stirred: asyncio.Event) -> None:
        self._clients.add(stirred)
        if len(self._clients) == 1:
            self._unwatched = threading.Event()
            threading.Thread(target=self._watch, args=(self._unwatched,), name="solvent-changes", daemon=True).start()

    def _leave(self, stirred: asyncio.Event) -> None:
        self._clients.discard(stirred)
        if not self._clients:
            self._unwatched.set()

    def _watch(self, unwatched: threading.Event) -> None:
        """Stir the clients after each commit, and once at first: they may have read before we looked."""
        seen = -1
        while not unwatched.wait(POLL_SECONDS):
            try:
                version = self._store.version()
            except SolventError:
                version = seen - 1  # their own reading will tell them
            if version != seen:
                seen = version
                with suppress(RuntimeError):
                    self._loop.call_soon_threadsafe(self._stir)

    def _stir(self) -> None:
        for stirred in self._clients:
            stirred.set()


def _itself(response: ChangesResponse) -> ChangesResponse:
    return response


def _event(found: ChangesResponse) -> bytes:
    return b"id: %d\nevent: changes\ndata: %s\n\n" % (found.last, encode(found))


def _body(data: bytes) -> dict[str, object]:
    return {"type": "http.response.body", "body": data, "more_body": True}


def _number(place: bytes) -> int:
    if not place.isdigit() or len(place) > 18:
        raise InvalidInput("Last-Event-ID must be the id of an event of this stream: leave it out to begin now")
    return int(place)
