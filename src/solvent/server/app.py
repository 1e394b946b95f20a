"""The server as an ASGI application."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from pathlib import Path

from solvent.accounts import sessions
from solvent.accounts.errors import TooManyAttempts
from solvent.backend.embedded import EmbeddedBackend
from solvent.errors import EndpointNotFound, SolventError, Unauthenticated
from solvent.registry.outbox import delivery_loop
from solvent.server import openapi
from solvent.server.api import ApiEndpoint
from solvent.server.artifacts import ArtifactEndpoints
from solvent.server.asgi import API_HEADERS, ClientGone, Endpoint, Header, Receive, Scope, Send, answer
from solvent.server.auth import Gate
from solvent.server.changes import ChangeFeed
from solvent.server.compare import CompareEndpoint
from solvent.server.credentials import challenge
from solvent.server.direct import Direct
from solvent.server.engine import Engine
from solvent.server.errors import BrokenAnswer, MethodNotAllowed, error_body, told
from solvent.server.guard import Guard
from solvent.server.health import HealthEndpoints
from solvent.server.histories import HistoryEndpoint
from solvent.server.info import server_info, version
from solvent.server.logs import RequestLog
from solvent.server.lost import LostRuns
from solvent.server.metrics import Metrics
from solvent.server.observe import PAGE, Observer
from solvent.server.page import Page, built_page
from solvent.server.proxies import Proxies
from solvent.server.router import Router
from solvent.server.session import SessionEndpoints
from solvent.server.trash import TrashEndpoints
from solvent.wire.base import ROUTES, route_of
from solvent.wire.changes import GetChanges

_WATCH_SECONDS = 1.0
_log = logging.getLogger(__name__)


class App:
    """Answers what the router finds; all else is the page, or an error in MLflow's form.

    Its lifespan owns the writer: an answer to a write is sent after its commit, and the end of the
    lifespan commits and answers what had come.
    """

    def __init__(
        self,
        backend: EmbeddedBackend,
        guard: Guard,
        page: Page,
        *,
        serve_artifacts: bool,
        proxies: Proxies,
        auth: bool | None,
        observer: Observer,
    ) -> None:
        self._backend = backend
        self._guard = guard
        self._page = page
        self._serve_artifacts = serve_artifacts
        self._router = Router()
        self._proxies = proxies
        self._auth = auth
        self._gate: Gate | None = None
        self._observer = observer
        self._feed: ChangeFeed | None = None
        self.direct: Direct | None = None
        """The short way of hot requests: while the server runs, nobody is asked who they are, and no proxy
        is trusted to say what a request's head does not."""

    def end_streams(self) -> None:
        """End the answers that would go on for as long as their clients like; the server is stopping."""
        if self._feed is not None:
            self._feed.end()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        seen = self._observer.begin(scope, send)
        try:
            await self._answer(scope, receive, seen.send)
        finally:
            self._observer.end(seen)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            self._guard.check(scope)
            endpoint = self._endpoint(scope)
            if self._gate is not None and endpoint is not self._page:
                await self._gate.admit(scope, endpoint)
            await endpoint(scope, receive, send)
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
                scope["template"] = PAGE
                return self._page
            raise

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        metrics = self._observer.metrics
        engine = Engine(self._backend.store, metrics.group)
        self._router = _routes(self._backend, engine, serve_artifacts=self._serve_artifacts)
        HealthEndpoints(self._backend.store, engine, metrics).add_to(self._router)
        SessionEndpoints(engine, self._proxies, lambda: self._gate).add_to(self._router)
        if self._auth is not False:
            await self._open_gate(engine)
        if self._gate is None and not self._proxies.trusted:
            self.direct = Direct(engine, self._router, self._guard, self._observer)
        watching = asyncio.ensure_future(self._watch(engine))
        self._feed = ChangeFeed(self._backend.store, engine)
        self._router.add_api("GET", route_of(GetChanges).path, self._feed)
        webhooks = delivery_loop(self._backend.store)
        webhooks.start()
        lost = LostRuns(self._backend)
        lost.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self.direct = None
        watching.cancel()
        await engine.in_thread(webhooks.stop)
        await engine.in_thread(lost.stop)
        if self._gate is not None:
            self._gate.close()
        await engine.close()
        self._observer.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _open_gate(self, engine: Engine) -> None:
        """From the first user on, people are asked who they are; that stays so until the server ends."""
        if self._gate is None and (self._auth or (await engine.in_thread(sessions.state, self._backend.store)).users):
            self._gate = Gate(self._backend.store, engine, self._proxies)
            self.direct = None

    async def _watch(self, engine: Engine) -> None:
        """Notice the first user, whoever makes it."""
        while self._auth is None and self._gate is None:
            await asyncio.sleep(_WATCH_SECONDS)
            try:
                await self._open_gate(engine)
            except SolventError as error:
                _log.warning("can't look for users now: %s", error)


def create_app(
    backend: EmbeddedBackend,
    *,
    serve_artifacts: bool = True,
    allowed_hosts: Iterable[str] = (),
    trusted_proxies: Iterable[str] = (),
    auth: bool | None = None,
    page_folder: Path | None = None,
    log_format: str | None = None,
    metrics_folder: Path | None = None,
) -> App:
    """The ASGI application over a backend; the server that runs it must support lifespans.

    ``allowed_hosts`` are the names beside ``localhost`` and IP addresses under which browsers may
    reach it; ``trusted_proxies`` the addresses of proxies whose ``X-Forwarded-*`` headers hold.
    ``auth``: whether people are asked who they are; None means as soon as the store has a user.
    ``page_folder`` holds the built page (default: the installed one).
    ``log_format``: ``text`` or ``json`` logs each request in a line on stderr; None logs none.
    ``metrics_folder`` is where several processes of one server share what they count.
    """
    observer = Observer(Metrics(metrics_folder), RequestLog(log_format) if log_format else None)
    trusted = [name for name in trusted_proxies if name.strip()]
    proxies = Proxies(trusted)
    page = Page(page_folder or built_page())
    guard = Guard(allowed_hosts, proxies if trusted else None)
    return App(backend, guard, page, serve_artifacts=serve_artifacts, proxies=proxies, auth=auth, observer=observer)


def _routes(backend: EmbeddedBackend, engine: Engine, *, serve_artifacts: bool) -> Router:
    router = Router()
    for route in ROUTES:
        router.add_api(route.method, route.path, ApiEndpoint(route, engine))
    router.add_api("GET", "mlflow/metrics/get-history", HistoryEndpoint(engine))
    artifacts = ArtifactEndpoints(backend, engine, serve=serve_artifacts)
    artifacts.add_to(router)
    CompareEndpoint(backend, engine, artifacts.served).add_to(router)
    router.add_api("GET", openapi.PATH, openapi.OpenApi(engine))
    TrashEndpoints(backend, engine).add_to(router)
    router.add("GET", "/version", version)
    router.add_api("GET", "mlflow/server-info", server_info)
    return router


async def _answer_error(scope: Scope, send: Send, error: Exception) -> None:
    headers: list[Header] = list(API_HEADERS)
    if isinstance(error, MethodNotAllowed):
        headers.append((b"allow", ", ".join(error.allowed).encode("ascii")))
    if isinstance(error, Unauthenticated):
        headers.append(challenge(scope))
    if isinstance(error, TooManyAttempts):
        headers.append((b"retry-after", b"%d" % error.seconds))
    clear = told(error, scope["method"], scope["path"])
    await answer(send, clear.status, error_body(clear), headers)
