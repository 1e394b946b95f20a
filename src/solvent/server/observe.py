"""Every request is seen once, at its end: it is counted, and logged if that is wanted.

Each answer carries an ``x-request-id``: the client's own, if it sent an acceptable one, else one that we make.
"""

from __future__ import annotations

import itertools
import re
import secrets
from time import perf_counter

from solvent.server.asgi import Message, Scope, Send, header
from solvent.server.logs import RequestLog
from solvent.server.metrics import Metrics

PAGE = "page"
"""The route of all that the page is made of."""
UNMATCHED = "unmatched"
CLIENT_GONE = 499
"""The status of a request whose client left before it was answered, as nginx logs it."""
_GIVEN_ID = re.compile(rb"[A-Za-z0-9._\-]{1,64}")


class Observer:
    """``log`` None: requests are only counted."""

    def __init__(self, metrics: Metrics, log: RequestLog | None = None) -> None:
        self.metrics = metrics
        self._log = log
        self._prefix = secrets.token_hex(4).encode()
        self._numbers = itertools.count(1)

    def begin(self, scope: Scope, send: Send) -> Observation:
        self.metrics.counts.running += 1
        given = header(scope, b"x-request-id")
        if given is None or not _GIVEN_ID.fullmatch(given):
            given = self.new_id()
        return Observation(scope, send, given)

    def new_id(self) -> bytes:
        return b"%b-%x" % (self._prefix, next(self._numbers))

    def end(self, seen: Observation) -> None:
        scope = seen.scope
        self.count(scope["method"], scope.get("template", UNMATCHED), seen.status, seen.started, seen.size, seen.id)

    def count(self, method: str, route: str, status: int, started: float, size: int, request_id: bytes) -> None:
        """A request has ended that had begun at ``started``, on ``perf_counter``'s clock."""
        seconds = perf_counter() - started
        self.metrics.counts.running -= 1
        self.metrics.request(method, route, status, seconds, size)
        if self._log is not None:
            self._log.request(method, route, status, seconds, size, request_id.decode())

    def close(self) -> None:
        self.metrics.close()
        if self._log is not None:
            self._log.close()


class Observation:
    """One request: answer it through ``send``."""

    __slots__ = ("_send", "id", "scope", "size", "started", "status")

    def __init__(self, scope: Scope, send: Send, request_id: bytes) -> None:
        self.scope = scope
        self.id = request_id
        self.started = perf_counter()
        self.status = CLIENT_GONE
        self.size = 0
        self._send = send

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [*message["headers"], (b"x-request-id", self.id)]
        else:
            self.size += len(message.get("body", b""))
        await self._send(message)
