"""Liveness, readiness, and what Prometheus reads.

``/health`` answers as long as the process does. ``/ready`` answers 200 if the store does, too: it is
for whoever decides where to send requests.
"""

from __future__ import annotations

import asyncio

from solvent.errors import SolventError, Unavailable
from solvent.server.asgi import NOSNIFF, TEXT, Receive, Scope, Send, answer
from solvent.server.engine import Engine
from solvent.server.metrics import CONTENT_TYPE, Metrics
from solvent.server.router import Router
from solvent.store.store import Store
from solvent.store.transaction import Transaction

PATIENCE_SECONDS = 5.0


class HealthEndpoints:
    def __init__(self, store: Store, engine: Engine, metrics: Metrics) -> None:
        self._store = store
        self._engine = engine
        self._metrics = metrics

    def add_to(self, router: Router) -> None:
        router.add("GET", "/health", self.health)
        router.add("GET", "/ready", self.ready)
        router.add("GET", "/metrics", self.metrics)

    async def health(self, scope: Scope, receive: Receive, send: Send) -> None:
        await answer(send, 200, b"OK", (TEXT, NOSNIFF))

    async def ready(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await asyncio.wait_for(self._engine.in_thread(self._store.snapshot, _look), PATIENCE_SECONDS)
        except TimeoutError:
            raise Unavailable(f"not ready: the store gave no answer within {PATIENCE_SECONDS:g} seconds") from None
        except SolventError as error:
            raise Unavailable(f"not ready: {error}") from error
        await answer(send, 200, b"ready", (TEXT, NOSNIFF))

    async def metrics(self, scope: Scope, receive: Receive, send: Send) -> None:
        waiting = self._engine.waiting_writes
        text = await self._engine.in_thread(self._metrics.text, self._store, waiting)
        await answer(send, 200, text, ((b"content-type", CONTENT_TYPE), NOSNIFF, (b"cache-control", b"no-store")))


def _look(tx: Transaction) -> None:
    tx.one("SELECT 1 FROM experiments LIMIT 1")
