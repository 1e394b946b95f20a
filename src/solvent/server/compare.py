"""The endpoint that lays runs side by side: it reads files too, and so is no use case of the store alone."""

from __future__ import annotations

from solvent.backend.comparing import Files, compare_runs
from solvent.backend.embedded import EmbeddedBackend
from solvent.server.asgi import Receive, Scope, Send, answer
from solvent.server.decoding import query_decoder
from solvent.server.engine import Engine, encode
from solvent.server.router import Router
from solvent.wire.base import route_of
from solvent.wire.compare import CompareRuns


class CompareEndpoint:
    """``files`` gives those that are for this server to give away."""

    def __init__(self, backend: EmbeddedBackend, engine: Engine, files: Files) -> None:
        self._backend = backend
        self._engine = engine
        self._files = files
        self._decode = query_decoder(CompareRuns)

    def add_to(self, router: Router) -> None:
        route = route_of(CompareRuns)
        router.add_api(route.method, route.path, self.compare)

    async def compare(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = self._decode(scope["query_string"])
        await answer(send, 200, await self._engine.in_thread(self._compared, request))

    def _compared(self, request: CompareRuns) -> bytes:
        return encode(compare_runs(self._backend, request, self._files))
