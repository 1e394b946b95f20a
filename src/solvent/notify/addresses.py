"""Where webhooks may be sent: an address is taken apart and resolved once, and what it resolves to is judged.

The caller connects to the very address that was judged, so that a name which resolves to something
else a moment later (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from typing import NamedTuple
from urllib.parse import urlsplit

from solvent.notify import settings
from solvent.notify.errors import AddressRefused

MAX_URL = 2_000
_NAT64 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f]")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Receiver(NamedTuple):
    """The parts of a webhook's URL. ``target`` is path and query as they are sent."""

    secure: bool
    host: str
    port: int
    target: str


def parse(url: str) -> Receiver:
    """The parts of a URL that a webhook may have, before its host is looked up.

    Raises:
        AddressRefused: another scheme, no host, credentials in it, or no URL at all.
    """
    if not url.strip():
        raise AddressRefused(f"Webhook URL cannot be empty or just whitespace: {url!r}")
    if len(url) > MAX_URL or _UNPRINTABLE.search(url):
        raise AddressRefused(f"Invalid webhook URL: it must have at most {MAX_URL} characters, and no blank ones")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise AddressRefused(f"Invalid webhook URL {url!r}: {error!r}") from error
    allowed = settings.schemes()
    if parts.scheme.lower() not in allowed:
        raise AddressRefused(
            f"Invalid webhook URL scheme: {parts.scheme!r}. Allowed schemes are: {', '.join(allowed)}."
        )
    if not parts.hostname:
        raise AddressRefused(f"Webhook URL must include a hostname: {url!r}")
    if parts.username is not None or parts.password is not None or "\\" in parts.netloc:
        raise AddressRefused("Webhook URL must not include credentials: give the webhook a secret instead")
    secure = parts.scheme.lower() == "https"
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Receiver(secure, parts.hostname, port or (443 if secure else 80), target)


def resolve(receiver: Receiver) -> list[str]:
    """The addresses to connect to, the preferred one first.

    Raises:
        AddressRefused: the name is not known, or any of its addresses is not public and
            ``SOLVENT_WEBHOOKS_ALLOW_PRIVATE`` is not set.
    """
    try:
        found = socket.getaddrinfo(receiver.host, receiver.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise AddressRefused(f"Cannot resolve Webhook URL hostname {receiver.host!r}: {error}") from error
    addresses = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    if not settings.allow_private():
        for address in addresses:
            if not is_public(address):
                raise AddressRefused(
                    f"Webhook URL must not resolve to a non-public IP address. {receiver.host!r} resolves to "
                    f"{address}. Set SOLVENT_WEBHOOKS_ALLOW_PRIVATE=true on the server to allow it."
                )
    return [str(address) for address in addresses]


def is_public(address: Address) -> bool:
    """Whether an address is one of the open internet, also behind the forms in which IPv6 wraps IPv4.

    >>> is_public(ipaddress.ip_address("8.8.8.8")), is_public(ipaddress.ip_address("::ffff:127.0.0.1"))
    (True, False)
    """
    inner = _unwrapped(address)
    return inner.is_global and not (inner.is_multicast or inner.is_reserved or inner.is_unspecified)


def _unwrapped(address: Address) -> Address:
    if isinstance(address, ipaddress.IPv4Address):
        return address
    wrapped = address.ipv4_mapped or address.sixtofour
    if wrapped is None and address.teredo is not None:
        wrapped = address.teredo[1]
    if wrapped is None and any(address in network for network in _NAT64):
        wrapped = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address if wrapped is None else wrapped
