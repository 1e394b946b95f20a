"""The gate: who asks, and whether an endpoint is for them.

Looking somebody up costs a query, and a password costs 30 ms of hashing, so those who are known
are remembered under a keyed hash of what they sent. All are forgotten when any access may have
ended (a password, token, sign-in or user changed), which is looked for every quarter of a second,
so that it also holds for what other processes change.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from solvent.accounts import authorization, sessions
from solvent.accounts.sessions import Known, SignedIn
from solvent.errors import PermissionDenied, Unauthenticated
from solvent.server import credentials
from solvent.server.access import Access, needs
from solvent.server.api import ApiEndpoint
from solvent.server.asgi import Endpoint, Scope
from solvent.server.credentials import Bearer, Credentials, Password
from solvent.server.engine import Engine
from solvent.server.limits import Limits
from solvent.server.proxies import Proxies
from solvent.store.store import Store
from solvent.tracking.validation import missing

LOOK_SECONDS = 0.25
KNOWN_SECONDS = 600.0
"""How long somebody is remembered; a token's last use is this exact."""
_MOST_KNOWN = 10_000
_THREADS = 2


class _Remembered(NamedTuple):
    user: str
    until: float


class Gate:
    """Made and closed in the event loop that awaits its answers."""

    def __init__(self, store: Store, engine: Engine, proxies: Proxies) -> None:
        self._store = store
        self._engine = engine
        self._proxies = proxies
        self._needs = needs()
        self._limits = Limits()
        self._hashing = ThreadPoolExecutor(_THREADS, "solvent-passwords")
        self._key = secrets.token_bytes(32)
        self._known: dict[bytes, _Remembered] = {}
        self._asking: dict[bytes, asyncio.Future[Known]] = {}
        self._version = -1
        self._looked = float("-inf")

    async def admit(self, scope: Scope, endpoint: Endpoint) -> None:
        """Return if the endpoint is for whoever asks; their name is then the scope's ``actor``.

        Raises:
            Unauthenticated: it is not said, or not rightly, who asks.
            TooManyAttempts: it was said wrongly too often.
            PermissionDenied: they may not.
        """
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        need = self._needs.get((method, scope.get("template") or scope["path"]))
        if need is Access.PUBLIC:
            return
        if need is Access.OPTIONAL:
            scope["actor"] = await self._if_known(scope)
            return
        scope["actor"] = actor = await self._identify(scope)
        if need is None or (need is Access.RULE and not isinstance(endpoint, ApiEndpoint)):
            raise PermissionDenied("no rule says who may ask this: nobody may")
        if not isinstance(need, Access):
            await self._engine.in_thread(authorization.check, self._store, need(scope), actor)

    async def sign_in(self, scope: Scope, name: str | None, password: str | None) -> SignedIn:
        """Make a sign-in; errors as ``admit``."""
        if not name or not password:
            raise missing("password" if name else "name")
        address = self._proxies.client(scope)
        begun = self._limits.begin(name, address)
        loop = asyncio.get_running_loop()
        signed = await loop.run_in_executor(self._hashing, sessions.sign_in, self._store, name, password)
        self._limits.succeeded(name, address, begun)
        return signed

    async def sign_out(self, cookie: str) -> None:
        await self._engine.in_thread(sessions.sign_out, self._store, cookie)
        self._known.clear()

    def close(self) -> None:
        self._hashing.shutdown(cancel_futures=True)

    async def _if_known(self, scope: Scope) -> str:
        try:
            return await self._identify(scope)
        except Unauthenticated:
            return ""

    async def _identify(self, scope: Scope) -> str:
        """The name of who asks."""
        text = credentials.given(scope)
        if text is None:
            raise Unauthenticated(
                "this server asks who you are: set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or "
                "MLFLOW_TRACKING_TOKEN to a token from 'solvent tokens create'"
            )
        await self._look()
        key = hashlib.blake2b(text, key=self._key, digest_size=32).digest()
        found = self._known.get(key)
        if found is not None and time.time() < found.until:
            return found.user
        return (await self._once(key, credentials.parse(text), scope)).user

    async def _once(self, key: bytes, asked: Credentials, scope: Scope) -> Known:
        """Find out who it is; whoever sends the same meanwhile waits for the same answer."""
        running = self._asking.get(key)
        if running is None:
            running = self._asking[key] = asyncio.ensure_future(self._find(key, asked, self._proxies.client(scope)))
            running.add_done_callback(lambda done: (self._asking.pop(key), done.cancelled() or done.exception()))
        return await asyncio.shield(running)

    async def _find(self, key: bytes, asked: Credentials, address: str) -> Known:
        version = self._version
        known = await self._verify(asked, address)
        if version == self._version:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            end = time.time() + KNOWN_SECONDS
            self._known[key] = _Remembered(known.user, min(end, (known.expires or end * 1000) / 1000))
        return known

    async def _verify(self, asked: Credentials, address: str) -> Known:
        if not isinstance(asked, Password):
            find, secret = (
                (sessions.by_token, asked.token) if isinstance(asked, Bearer) else (sessions.by_cookie, asked.value)
            )
            return await self._engine.in_thread(find, self._store, secret)
        begun = self._limits.begin(asked.user, address)
        loop = asyncio.get_running_loop()
        known = await loop.run_in_executor(self._hashing, sessions.by_password, self._store, *asked)
        self._limits.succeeded(asked.user, address, begun)
        return known

    async def _look(self) -> None:
        """Forget everybody if somebody's access may have ended."""
        now = time.monotonic()
        if now - self._looked < LOOK_SECONDS:
            return
        self._looked = now
        version = (await self._engine.in_thread(sessions.state, self._store)).version
        if version != self._version:
            self._version = version
            self._known.clear()
