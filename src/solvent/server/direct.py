"""Brief writes that are answered without a task: the hot requests of clients that keep their connection.

A client that logs sends the same head again and again, and only the body differs. A head whose bytes
the parser, the guard and the router found to be a brief write's is remembered; a request that begins with
the same bytes needs none of them. It is decoded as it comes, joins the group of this turn of the loop,
and its answer is one write to its socket. All else goes the long way (``server/app.py``), where the same
request gets the same answer.
"""

from __future__ import annotations

from time import perf_counter
from typing import Any, NamedTuple, Protocol

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from solvent.backend.embedded import UNSTORABLE, unstorable
from solvent.errors import SolventError
from solvent.server.api import ApiEndpoint, check_type
from solvent.server.asgi import API_HEADERS, Scope
from solvent.server.engine import Engine, encode
from solvent.server.errors import error_body, told
from solvent.server.guard import Guard
from solvent.server.observe import Observer
from solvent.server.router import Router

MAX_BODY = 64 << 10
MOST_KNOWN = 1_024
_MAX_HEAD = 2 << 10
_INDIFFERENT = frozenset({b"accept", b"accept-encoding", b"content-length", b"content-type", b"host", b"user-agent"})
"""Headers that a remembered head may have. Whoever sends others is looked at each time: what they say may
matter (``Expect``), be a secret (``Cookie``), or differ from request to request (``X-Request-Id``)."""
_FIXED = b"".join(b"%s: %s\r\n" % header for header in API_HEADERS)


class Known(NamedTuple):
    """What a head says: for which endpoint it is, at which address, and how long the body is."""

    endpoint: ApiEndpoint
    route: str
    length: int


class Connection(Protocol):
    """What an answer needs of the connection that it goes to."""

    def send_direct(self, answer: bytes, *, keep_alive: bool) -> None: ...
    def default_headers(self) -> bytes: ...


class _NoEvent:
    """uvicorn wakes a request's task by an event; there is no task here."""

    def set(self) -> None:
        pass


_NO_EVENT = _NoEvent()


class Direct:
    """The heads that are known, and the way of their requests."""

    def __init__(self, engine: Engine, router: Router, guard: Guard, observer: Observer) -> None:
        self.engine = engine
        self.observer = observer
        self._router = router
        self._guard = guard
        self._known: dict[bytes, Known] = {}

    def known(self, head: bytes) -> Known | None:
        return self._known.get(head)

    def learn(self, head: bytes, scope: Scope, length: int) -> None:
        """Remember a head, parsed to ``scope``, with which came a body of ``length`` bytes, if that can be."""
        endpoint = self._router.fixed(scope["method"], scope["path"])
        if not isinstance(endpoint, ApiEndpoint) or endpoint.brief is None:
            return
        names = [name for name, value in scope["headers"] if (name, value.lower()) != (b"connection", b"keep-alive")]
        if not (_INDIFFERENT.issuperset(names) and len(set(names)) == len(names) and b"content-length" in names):
            return
        if not head.startswith(b"%b %b" % (scope["method"].encode(), scope["raw_path"])):
            return  # the parser was in the middle of another head: these bytes are not what it judged
        if scope["http_version"] != "1.1" or length > MAX_BODY or len(head) > _MAX_HEAD:
            return
        try:
            self._guard.check(scope)
            check_type(scope)
        except SolventError:
            return
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known[head] = Known(endpoint, scope["path"], length)

    def begin(self, connection: Connection, known: Known, body: bytes) -> Answer:
        """Have the request done; its answer goes to the connection."""
        answer = Answer(self, connection, known.route)
        self.observer.metrics.counts.running += 1
        endpoint = known.endpoint
        assert endpoint.brief is not None
        try:
            request = endpoint.decode(body)
        except Exception as error:
            answer.set_exception(error)
        else:
            self.engine.submit(endpoint.brief, request, "", len(body), answer)
        return answer


class Answer:
    """One request on its way. To uvicorn it is the connection's cycle; to the engine, who waits."""

    __slots__ = ("_connection", "_direct", "_route", "_started", "disconnected", "keep_alive", "response_complete")

    more_body = False
    message_event = _NO_EVENT

    def __init__(self, direct: Direct, connection: Connection, route: str) -> None:
        self._direct = direct
        self._connection = connection
        self._route = route
        self._started = perf_counter()
        self.disconnected = self.response_complete = False
        self.keep_alive = True

    def done(self) -> bool:
        return self.response_complete

    def set_result(self, result: Any, /) -> None:
        self._send(200, encode(result))

    def set_exception(self, exception: BaseException, /) -> None:
        if isinstance(exception, UNSTORABLE):
            exception = unstorable(exception)
        error = told(exception, "POST", self._route)
        self._send(error.status, error_body(error))

    def _send(self, status: int, body: bytes) -> None:
        self.response_complete = True
        observer = self._direct.observer
        request_id = observer.new_id()
        if not self.disconnected:
            close = b"" if self.keep_alive else b"connection: close\r\n"
            self._connection.send_direct(
                b"%b%b%bcontent-length: %d\r\nx-request-id: %b\r\n%b\r\n%b"
                % (STATUS_LINE[status], self._connection.default_headers(), _FIXED, len(body), request_id, close, body),
                keep_alive=self.keep_alive,
            )
        observer.count("POST", self._route, status, self._started, len(body), request_id)
