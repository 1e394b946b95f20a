"""The server as an ASGI application."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path

from solvent.backend.embedded import EmbeddedBackend
from solvent.errors import EndpointNotFound, SolventError
from solvent.registry.outbox import delivery_loop
from solvent.server.api import ApiEndpoint
from solvent.server.artifacts import ArtifactEndpoints
from solvent.server.asgi import API_HEADERS, ClientGone, Endpoint, Header, Receive, Scope, Send, answer
from solvent.server.engine import Engine
from solvent.server.errors import BrokenAnswer, MethodNotAllowed, error_body
from solvent.server.guard import Guard
from solvent.server.histories import HistoryEndpoint
from solvent.server.info import health, server_info, version
from solvent.server.page import Page, built_page
from solvent.server.router import Router
from solvent.wire.base import ROUTES

_log = logging.getLogger(__name__)


class App:
    """Answers what the router finds; all else is the page, or an error in MLflow's form.

    Its lifespan owns the writer: an answer to a write is sent after its commit, and the end of the
    lifespan commits and answers what had come.
    """

    def __init__(self, backend: EmbeddedBackend, guard: Guard, page: Page, *, serve_artifacts: bool) -> None:
        self._backend = backend
        self._guard = guard
        self._page = page
        self._serve_artifacts = serve_artifacts
        self._router = Router()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        try:
            self._guard.check(scope)
            await self._endpoint(scope)(scope, receive, send)
        except (ClientGone, BrokenAnswer) as error:
            if isinstance(error, BrokenAnswer):
                raise  # the connection is closed, so that nobody takes half an answer for a whole one
        except Exception as error:
            await _answer_error(scope, send, error)

    def _endpoint(self, scope: Scope) -> Endpoint:
        try:
            return self._router.find(scope)
        except MethodNotAllowed:
            raise
        except EndpointNotFound:
            if scope["method"] in ("GET", "HEAD"):
                return self._page
            raise

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        engine = Engine(self._backend.store)
        self._router = _routes(self._backend, engine, serve_artifacts=self._serve_artifacts)
        webhooks = delivery_loop(self._backend.store)
        webhooks.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await engine.in_thread(webhooks.stop)
        await engine.close()
        await send({"type": "lifespan.shutdown.complete"})


def create_app(
    backend: EmbeddedBackend,
    *,
    serve_artifacts: bool = True,
    allowed_hosts: Iterable[str] = (),
    page_folder: Path | None = None,
) -> App:
    """The ASGI application over a backend; the server that runs it must support lifespans.

    ``allowed_hosts`` are the names beside ``localhost`` and IP addresses under which browsers may
    reach it; ``page_folder`` holds the built page (default: the installed one).
    """
    page = Page(page_folder or built_page())
    return App(backend, Guard(allowed_hosts), page, serve_artifacts=serve_artifacts)


def _routes(backend: EmbeddedBackend, engine: Engine, *, serve_artifacts: bool) -> Router:
    router = Router()
    for route in ROUTES:
        router.add_api(route.method, route.path, ApiEndpoint(route, engine))
    router.add_api("GET", "mlflow/metrics/get-history", HistoryEndpoint(engine))
    ArtifactEndpoints(backend, engine, serve=serve_artifacts).add_to(router)
    router.add("GET", "/health", health)
    router.add("GET", "/version", version)
    router.add_api("GET", "mlflow/server-info", server_info)
    return router


async def _answer_error(scope: Scope, send: Send, error: Exception) -> None:
    headers: list[Header] = list(API_HEADERS)
    if isinstance(error, MethodNotAllowed):
        headers.append((b"allow", ", ".join(error.allowed).encode("ascii")))
    if not isinstance(error, SolventError):
        _log.error("%s %s failed", scope["method"], scope["path"], exc_info=error)
        error = SolventError(f"Solvent failed on this request ({type(error).__name__}): the server's log says where")
    await answer(send, error.status, error_body(error), headers)
