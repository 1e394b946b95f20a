"""Reverse proxies: whose word on host, scheme and client is taken."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from solvent.errors import InvalidInput
from solvent.server.asgi import Scope

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Proxies:
    """``trusted``: the addresses or networks (``10.0.0.0/8``) of proxies whose ``X-Forwarded-*`` headers hold.

    Each proxy appends to those headers, so their last value is the one that the trusted one wrote:
    whatever a client sent itself stands before it.
    """

    def __init__(self, trusted: Iterable[str]) -> None:
        self._networks = [_network(text) for text in trusted]

    @property
    def trusted(self) -> bool:
        """Whether there is any proxy whose word is taken."""
        return bool(self._networks)

    def speaks(self, scope: Scope) -> bool:
        """Whether the request comes from a trusted proxy."""
        client = scope.get("client")
        try:
            address = ipaddress.ip_address(client[0]) if client else None
        except ValueError:
            return False
        return address is not None and any(address in network for network in self._networks)

    def host(self, scope: Scope) -> bytes | None:
        """The host that the client asked the proxy for, if the proxy says so."""
        return _last(scope, b"x-forwarded-host") if self.speaks(scope) else None

    def is_https(self, scope: Scope) -> bool:
        """Whether the client speaks https with us, or with the proxy."""
        if scope.get("scheme") == "https":
            return True
        return self.speaks(scope) and (_last(scope, b"x-forwarded-proto") or b"").lower() == b"https"

    def client(self, scope: Scope) -> str:
        """The address that the request comes from."""
        if self.speaks(scope) and (forwarded := _last(scope, b"x-forwarded-for")):
            return forwarded.decode("latin-1")
        client = scope.get("client")
        return str(client[0]) if client else ""


def _last(scope: Scope, name: bytes) -> bytes | None:
    found = [value for key, value in scope["headers"] if key == name]
    return found[-1].rpartition(b",")[2].strip() or None if found else None


def _network(text: str) -> Network:
    try:
        return ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        raise InvalidInput(
            f"--trusted-proxy '{text[:100]}' is no address: expected one like 10.0.0.7, or a network like 10.0.0.0/8"
        ) from None
