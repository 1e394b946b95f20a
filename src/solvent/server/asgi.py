"""The few words of ASGI that the endpoints share: types, reading what came, sending an answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from solvent.errors import InvalidInput
from solvent.server.errors import PayloadTooLarge

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Endpoint = Callable[[Scope, Receive, Send], Awaitable[None]]
Header = tuple[bytes, bytes]

JSON: Header = (b"content-type", b"application/json")
TEXT: Header = (b"content-type", b"text/plain; charset=utf-8")
NOSNIFF: Header = (b"x-content-type-options", b"nosniff")
API_HEADERS: tuple[Header, ...] = (JSON, NOSNIFF, (b"cache-control", b"no-store"))


class ClientGone(Exception):  # not ours to report: nobody is there to read it
    """The client has closed the connection before its request was complete."""


def header(scope: Scope, name: bytes) -> bytes | None:
    """The first value of a header; ``name`` in lower case."""
    for key, value in scope["headers"]:
        if key == name:
            found: bytes = value
            return found
    return None


def _free(size: int) -> None:
    """Bodies with a small limit need no room of their own."""


async def read_body(scope: Scope, receive: Receive, limit: int, take: Callable[[int], None] = _free) -> bytes:
    """The whole body. ``take`` is told of the bytes that come after the first piece, before they are kept.

    Raises:
        PayloadTooLarge: it is longer than ``limit`` bytes; the rest is not read.
        ClientGone: the connection ended first.
    """
    check_length(scope, limit)
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body", False):
        whole: bytes = message.get("body", b"")
        if len(whole) > limit:
            raise too_large(limit)
        return whole
    parts: list[bytes] = []
    size = 0
    while True:
        if message["type"] == "http.disconnect":
            raise ClientGone
        part = message.get("body", b"")
        size += len(part)
        if size > limit:
            raise too_large(limit)
        take(len(part))
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)
        message = await receive()


async def disconnected(receive: Receive) -> None:
    """Return when the client has gone; to be awaited beside an answer that takes long."""
    while (await receive())["type"] != "http.disconnect":
        pass


def check_length(scope: Scope, limit: int) -> None:
    """Refuse a body by its announced length, before it is sent."""
    length = header(scope, b"content-length")
    if length is not None and length.isdigit() and int(length) > limit:
        raise too_large(limit)


def too_large(limit: int) -> PayloadTooLarge:
    return PayloadTooLarge(
        f"the request body is larger than the {limit:,} bytes allowed here: send it in smaller parts"
    )


def query_value(values: dict[str, list[str]], *names: str) -> str:
    """The value of the first of these query parameters that is given."""
    for name in names:
        if values.get(name):
            return values[name][-1]
    raise InvalidInput(
        f"Missing value for required parameter '{names[0]}'. "
        "See the API docs for more information about request parameters."
    )


async def answer(send: Send, status: int, body: bytes, headers: Iterable[Header] = API_HEADERS) -> None:
    """A whole answer at once."""
    length = (b"content-length", b"%d" % len(body))
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body})
