"""The JSON endpoints: one per route of ``solvent.wire``, ours and MLflow's alike."""

from __future__ import annotations

from typing import Any

from solvent.backend.embedded import not_answered
from solvent.errors import InvalidInput
from solvent.server.asgi import Receive, Scope, Send, answer, header, read_body
from solvent.server.decoding import body_decoder, query_decoder
from solvent.server.engine import Engine
from solvent.server.room import Share
from solvent.store.operations import Operation, operation_of
from solvent.wire.base import Request, Route

MAX_BODY = 64 << 20
"""Bytes of a JSON body."""
_LARGE_BODY = 256 << 10
"""Bytes of a body that is decoded in a thread, because it would hold the loop too long."""


class ApiEndpoint:
    """Decodes the request of one route, has its use case run, and sends the answer."""

    __slots__ = ("_decode", "_engine", "_from_query", "_operation", "_route")

    def __init__(self, route: Route, engine: Engine) -> None:
        self._route = route
        self._engine = engine
        self._operation: Operation[Any, Any] | None = operation_of(route.request)
        self._from_query = route.method == "GET"
        self._decode = query_decoder(route.request) if self._from_query else body_decoder(route.request)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._operation is None:
            raise not_answered(self._route)
        request = await self._request(scope, receive)
        for name, value in scope.get("path_params", {}).items():
            setattr(request, name, value)
        await answer(send, 200, await self._engine.run(self._operation, request))

    async def _request(self, scope: Scope, receive: Receive) -> Request[Any]:
        if self._from_query:
            return self._decode(scope["query_string"])
        with Share(self._engine.room) as share:
            body = await read_body(scope, receive, MAX_BODY, share.take)
            if body:
                _check_type(scope)
            if len(body) > _LARGE_BODY:
                return await self._engine.in_thread(self._decode, body)
            return self._decode(body)


def _check_type(scope: Scope) -> None:
    """A form in a foreign page can send any body, but not this content type."""
    kind = header(scope, b"content-type")
    if kind != b"application/json" and (kind is None or kind.split(b";")[0].strip().lower() != b"application/json"):
        given = "none" if kind is None else f"'{kind.decode('latin-1')}'"
        raise InvalidInput(f"Bad Request. Content-Type must be one of ['application/json'], but was {given}.")
