"""Clients that are too slow, or that never stop: each is cut off in bounded time, whatever it sends.

uvicorn alone waits for ever: for a head that is never complete (slowloris), for a body, and for a
client that does not read its answer; and it keeps a head of any size in memory.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

HEAD_SECONDS = 30.0
"""For the request line and the headers, from their first byte, or from the opening of the connection."""
STALL_SECONDS = 60.0
LEAST_PROGRESS = 8 << 10
"""Bytes of a body that must come, or of an answer that must be taken, in every ``STALL_SECONDS``."""
MAX_HEAD = 64 << 10
MAX_DROPPED_HEAD = 16 << 20
MAX_DROPPED_BODY = 2 << 30
"""Bytes that are read and forgotten after an answer that came before the request's end."""
CHECKS_PER_LIMIT = 4

_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-type: text/plain; charset=utf-8\r\n"
    b"content-length: 35\r\nconnection: close\r\n\r\nThe request's headers are too large"
)
_CLOSE = (b"connection", b"close")
_log = logging.getLogger(__name__)


class PatientProtocol(HttpToolsProtocol):
    """uvicorn's protocol with limits. What the server itself is slow with counts for nobody's fault."""

    _check: asyncio.TimerHandle | None = None
    _running: RequestResponseCycle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._in_head, self._begun = True, False
        self._head_bytes = self._received = self._resumed = 0
        self._announced = False
        self._dropped: int | None = None
        self._waits_for = ""
        self._mark = (0, 0, 0)
        self._since = self.loop.time()
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._check is not None:
            self._check.cancel()
        self._give_up()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._received += len(data)
        if self._dropped is not None:
            self._dropped -= len(data)
            if self._dropped < 0:
                self._cut("goes on sending after its answer")
            return
        if self._in_head:
            self._head_bytes += len(data)  # until its end is found in them
        super().data_received(data)
        if self._head_bytes > MAX_HEAD and not self.transport.is_closing():
            self.transport.write(_TOO_LARGE)
            self._end(MAX_DROPPED_HEAD)

    def on_message_begin(self) -> None:
        self._begun = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._in_head = self._begun = False
        self._head_bytes = 0
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._in_head = True
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        early = self._announced or not self._in_head
        if early and self.cycle.response_complete and not self.transport.is_closing():
            self._end(MAX_DROPPED_BODY)

    def _end(self, dropped: int) -> None:
        """End the connection after an answer that came before the request's end.

        To close it now would take the answer from a client that is still sending: up to ``dropped``
        bytes of that are read and forgotten.
        """
        self._dropped = dropped
        self._unset_keepalive_if_required()
        self.transport.write_eof()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._running = cycle
        super()._start_asgi_task(cycle, self._announcing(cycle, app))

    def _announcing(self, cycle: RequestResponseCycle, app: Any) -> Any:
        """``app``, whose answer tells the client that the connection ends if the answer comes before the
        request's end: a client that is not told may send its next request into the closing connection."""

        async def run(scope: Any, receive: Any, send: Any) -> None:
            async def tell(message: Any) -> None:
                if message["type"] != "http.response.start" or not cycle.more_body:
                    await send(message)
                    return
                self._announced = True
                await send({**message, "headers": [*message["headers"], _CLOSE]})
                cycle.keep_alive = True  # else uvicorn closes at once; _end does, when the client has its answer

            await app(scope, receive, tell)

        return run

    def resume_writing(self) -> None:
        self._resumed += 1
        super().resume_writing()

    def _look(self) -> None:
        """Cut off a client that owes us something for too long; look again in a while."""
        now = self.loop.time()
        waits_for = self._owed()
        if waits_for != self._waits_for or not waits_for or self._progressed(waits_for):
            self._waits_for, self._since = waits_for, now
            self._mark = (self._received, self._resumed, self._unread())
        elif now - self._since >= (HEAD_SECONDS if waits_for == "head" else STALL_SECONDS):
            self._cut(f"was too slow: {waits_for}")
            return
        self._check = self.loop.call_later(min(HEAD_SECONDS, STALL_SECONDS) / CHECKS_PER_LIMIT, self._look)

    def _owed(self) -> str:
        """What the client has to do before anything can go on; empty if that is up to us."""
        if self._unread() > 0:
            return "answer"
        cycle = self.cycle
        if self._in_head:
            busy = cycle is not None and not cycle.response_complete
            resting = self.timeout_keep_alive_task is not None and not self._begun
            return "" if busy or resting else "head"
        return "body" if not self.flow.read_paused and (cycle is None or cycle.more_body) else ""

    def _progressed(self, waits_for: str) -> bool:
        received, resumed, unread = self._mark
        if waits_for == "answer":
            return self._resumed != resumed or unread - self._unread() >= LEAST_PROGRESS
        return waits_for == "body" and self._received - received >= LEAST_PROGRESS

    def _unread(self) -> int:
        return self.transport.get_write_buffer_size()

    def _cut(self, why: str) -> None:
        _log.info("cut off %s, which %s", self.client, why)
        self._give_up()
        self.transport.abort()

    def _give_up(self) -> None:
        """Nobody reads the answer that is being made. uvicorn tells only the last of several pipelined requests."""
        if self._running is not None and not self._running.response_complete:
            self._running.disconnected = True
            self._running.message_event.set()
