"""The endpoint of the trash that works on files, and so is no use case of the store alone."""

from __future__ import annotations

from solvent.backend.embedded import EmbeddedBackend
from solvent.server.asgi import Receive, Scope, Send, answer, read_body
from solvent.server.decoding import body_decoder
from solvent.server.engine import Engine, encode
from solvent.server.router import Router
from solvent.wire.base import route_of
from solvent.wire.trash import SweepUploads

_MAX_BODY = 1_000


class TrashEndpoints:
    def __init__(self, backend: EmbeddedBackend, engine: Engine) -> None:
        self._backend = backend
        self._engine = engine
        self._decode = body_decoder(SweepUploads)

    def add_to(self, router: Router) -> None:
        route = route_of(SweepUploads)
        router.add_api(route.method, route.path, self.sweep_uploads)

    async def sweep_uploads(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = self._decode(await read_body(scope, receive, _MAX_BODY))
        assert isinstance(request, SweepUploads)
        await answer(send, 200, encode(await self._engine.in_thread(self._backend.sweep_uploads, request)))
