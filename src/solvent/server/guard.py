"""Who may ask: the Host and Origin checks against foreign pages in the user's own browser.

A page of another site can make a browser send requests here. Requests that change something are
refused if they come from another origin; a Host that is not ours is refused because its name may
have been pointed at this machine after the page was loaded (DNS rebinding), which can't happen to
an IP address. Programs such as MLflow's clients send no Origin.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from solvent.server.asgi import Scope
from solvent.server.errors import ForeignRequest
from solvent.server.proxies import Proxies

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_MOST_REMEMBERED = 64


class Guard:
    """``allowed_hosts`` are names beside ``localhost`` and IP addresses, with ``*`` as in ``*.example.com``.

    Where a trusted proxy says which host it was asked for, that is the one that counts.
    """

    def __init__(self, allowed_hosts: Iterable[str] = (), proxies: Proxies | None = None) -> None:
        self._proxies = proxies
        self._names = [name.strip().lower() for name in ("localhost", *allowed_hosts) if name.strip()]
        self._known: set[bytes] = set()

    def check(self, scope: Scope) -> None:
        """Raises ForeignRequest if the request is not for us or not from one of our pages."""
        host = origin = site = None
        for name, value in scope["headers"]:
            if name == b"host":
                host = value
            elif name == b"origin":
                origin = value
            elif name == b"sec-fetch-site":
                site = value
        if self._proxies is not None:
            host = self._proxies.host(scope) or host
        if host is not None and host not in self._known:
            self._check_host(host)
        if scope["method"] not in _SAFE_METHODS:
            if origin is not None:
                self._check_origin(origin.decode("latin-1"), host)
            elif site in (b"cross-site", b"same-site"):
                raise ForeignRequest("this request comes from a page of another site: it may only read")

    def _check_host(self, raw: bytes) -> None:
        host = raw.decode("latin-1")
        if not self._is_ours(_name(f"//{host}")):
            raise ForeignRequest(
                f"the Host '{host[:100]}' is not one of this server's: start it with --allowed-hosts naming that host"
            )
        if len(self._known) < _MOST_REMEMBERED:
            self._known.add(raw)

    def _check_origin(self, origin: str, host: bytes | None) -> None:
        own = host.decode("latin-1").lower() if host else ""
        authority = origin.lower().partition("://")[2]
        named = _name(origin)
        if authority != own and not (named and any(fnmatchcase(named, name) for name in self._names[1:])):
            raise ForeignRequest(
                f"a page of '{origin[:100]}' may not change anything here: "
                "open this server's own page, or start it with --allowed-hosts naming that host"
            )

    def _is_ours(self, name: str) -> bool:
        return any(fnmatchcase(name, ours) for ours in self._names) or _is_address(name)


def is_loopback(host: str) -> bool:
    """Whether binding to ``host`` is reachable from this machine alone."""
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _name(address: str) -> str:
    """The host name in an address, without its port."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
