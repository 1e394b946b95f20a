"""The JSON endpoints: one per route of ``solvent.wire``, ours and MLflow's alike."""

from __future__ import annotations

from typing import Any

from solvent.accounts.authorization import guarded
from solvent.backend.embedded import not_answered
from solvent.errors import Conflict, InvalidInput
from solvent.server.asgi import Receive, Scope, Send, answer, header, read_body
from solvent.server.decoding import body_decoder, query_decoder
from solvent.server.engine import Engine
from solvent.server.room import Share
from solvent.store.operations import Operation, operation_of
from solvent.wire.accounts import GetSession
from solvent.wire.base import Request, Route

MAX_BODY = 64 << 20
"""Bytes of a JSON body."""
_LONGEST_PROGRAM = 200
_LARGE_BODY = 256 << 10
"""Bytes of a body that is decoded in a thread, because it would hold the loop too long."""


class ApiEndpoint:
    """Decodes the request of one route, has its use case run, and sends the answer.

    If the scope names an ``actor``, people are asked who they are here, and the use case runs under
    its rule (``accounts.rules``).
    """

    __slots__ = ("_engine", "_from_query", "_guarded", "_open", "_route", "_wants_origin", "brief", "decode")

    def __init__(self, route: Route, engine: Engine) -> None:
        self._route = route
        self._engine = engine
        operation: Operation[Any, Any] | None = operation_of(route.request)
        self._guarded = guarded(operation) if operation else None
        self._open = operation if not _is_of_accounts(route) else operation and operation._replace(run=_refused)
        self._from_query = route.method == "GET"
        self._wants_origin = "origin" in route.request.__struct_fields__
        self.decode = query_decoder(route.request) if self._from_query else body_decoder(route.request)
        self.brief = operation if operation and operation.brief else None
        """The use case, if it is a brief write (``Operation``); for where nobody is asked who they are."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        actor = scope.get("actor")
        operation = self._open if actor is None else self._guarded
        if operation is None:
            raise not_answered(self._route)
        request, size = await self._request(scope, receive)
        for name, value in scope.get("path_params", {}).items():
            setattr(request, name, value)
        if self._wants_origin and not request.origin:  # type: ignore[attr-defined]
            request.origin = origin_of(scope)  # type: ignore[attr-defined]
        await answer(send, 200, await self._engine.run(operation, request, actor or "", size))

    async def _request(self, scope: Scope, receive: Receive) -> tuple[Request[Any], int]:
        """The request, and how long its body is."""
        if self._from_query:
            return self.decode(scope["query_string"]), 0
        with Share(self._engine.room) as share:
            body = await read_body(scope, receive, MAX_BODY, share.take)
            if body:
                check_type(scope)
            if len(body) > _LARGE_BODY:
                return await self._engine.in_thread(self.decode, body), len(body)
            return self.decode(body), len(body)


def origin_of(scope: Scope) -> str:
    """The program and the place that a request comes from, for the history: as far as the request itself tells."""
    program = (header(scope, b"user-agent") or b"").decode("latin-1")[:_LONGEST_PROGRAM]
    client = scope.get("client")
    return " from ".join(part for part in (program, client[0] if client else "") if part)


def _is_of_accounts(route: Route) -> bool:
    """Whether the request makes users, or what else only they have."""
    return route.request.__module__ == GetSession.__module__ and route.request is not GetSession


def _refused(*_: object) -> Any:
    """Whoever makes the first user shuts out all others, so that is not done from afar."""
    raise Conflict(
        "nobody is asked who they are here, so users can't be looked after over the network: make the first one "
        "on the server's machine with 'solvent users create NAME --admin', with the store as tracking URI"
    )


def check_type(scope: Scope) -> None:
    """A form in a foreign page can send any body, but not this content type."""
    kind = header(scope, b"content-type")
    if kind != b"application/json" and (kind is None or kind.split(b";")[0].strip().lower() != b"application/json"):
        given = "none" if kind is None else f"'{kind.decode('latin-1')}'"
        raise InvalidInput(f"Bad Request. Content-Type must be one of ['application/json'], but was {given}.")
