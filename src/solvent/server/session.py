"""Signing in and out of the page."""

from __future__ import annotations

from collections.abc import Callable

from solvent.accounts.sessions import SIGN_IN_MS
from solvent.errors import Conflict
from solvent.server.api import check_type
from solvent.server.asgi import API_HEADERS, Receive, Scope, Send, answer, read_body
from solvent.server.auth import Gate
from solvent.server.credentials import cookie_of, set_cookie
from solvent.server.decoding import body_decoder
from solvent.server.engine import Engine, encode
from solvent.server.proxies import Proxies
from solvent.server.router import Router
from solvent.store.operations import Operation, operation_of
from solvent.wire.accounts import GetSession, Session, SignIn

_MAX_BODY = 16 << 10
_PATH = "solvent/v1/session"


class SessionEndpoints:
    """``gate`` finds the gate, None while nobody is asked who they are."""

    def __init__(self, engine: Engine, proxies: Proxies, gate: Callable[[], Gate | None]) -> None:
        self._engine = engine
        self._proxies = proxies
        self._gate = gate
        self._decode = body_decoder(SignIn)

    def add_to(self, router: Router) -> None:
        router.add_api("POST", _PATH, self.sign_in)
        router.add_api("DELETE", _PATH, self.sign_out)

    async def sign_in(self, scope: Scope, receive: Receive, send: Send) -> None:
        gate = self._gate()
        if gate is None:
            raise Conflict(
                "nobody is asked who they are here: there are no users yet (solvent users create NAME --admin)"
            )
        body = await read_body(scope, receive, _MAX_BODY)
        check_type(scope)
        request = self._decode(body)
        assert isinstance(request, SignIn)
        signed = await gate.sign_in(scope, request.name, request.password)
        cookie = set_cookie(signed.cookie, SIGN_IN_MS // 1000, secure=self._proxies.is_https(scope))
        operation: Operation[GetSession, Session] | None = operation_of(GetSession)
        assert operation is not None
        await answer(send, 200, await self._engine.run(operation, GetSession(), signed.user), (*API_HEADERS, cookie))

    async def sign_out(self, scope: Scope, receive: Receive, send: Send) -> None:
        gate, cookie = self._gate(), cookie_of(scope)
        if gate is not None and cookie:
            await gate.sign_out(cookie.decode("latin-1"))
        ended = encode(Session(authentication=gate is not None))
        await answer(send, 200, ended, (*API_HEADERS, set_cookie("", 0, secure=self._proxies.is_https(scope))))
