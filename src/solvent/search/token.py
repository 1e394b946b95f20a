"""Page tokens: where a page ended, bound to its query.

A token holds the sort keys of the last row. It is no secret, and a forged one could only ask for
another place in the sender's own query; the checksum is there so that a damaged or mixed-up token
is refused instead of answered with the wrong rows.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence
from typing import Any

import msgspec

from solvent.search.errors import BadPageToken

MAX_TOKEN = 100_000
_SUM = 8


def fingerprint(*parts: object) -> bytes:
    """Stands for a query: equal for equal parts."""
    return hashlib.blake2b(msgspec.msgpack.encode(parts), digest_size=_SUM).digest()


def encode_token(query: bytes, keys: Sequence[Any]) -> str:
    payload = query + msgspec.msgpack.encode(list(keys))
    return base64.urlsafe_b64encode(_checksum(payload) + payload).decode().rstrip("=")


def decode_token(token: str, query: bytes, columns: int) -> list[Any]:
    """The sort keys that ``encode_token`` was given.

    Raises:
        BadPageToken: not one of ours, damaged, or of another query.
    """
    if len(token) > MAX_TOKEN:
        raise _damaged()
    try:
        data = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise _damaged() from error
    payload = data[_SUM:]
    if data[:_SUM] != _checksum(payload):
        raise _damaged()
    if payload[:_SUM] != query:
        raise BadPageToken(
            "Invalid page token: it belongs to a search with other experiments, filter, order or view: "
            "repeat the search that it came from, or leave the token out"
        )
    try:
        keys = msgspec.msgpack.decode(payload[_SUM:], type=list[str | int | float | None])
    except msgspec.MsgspecError as error:
        raise _damaged() from error
    if len(keys) != columns:
        raise _damaged()
    return keys


def _checksum(payload: bytes) -> bytes:
    return hashlib.blake2b(payload, digest_size=_SUM, person=b"solvent-page").digest()


def _damaged() -> BadPageToken:
    return BadPageToken(
        "Invalid page token: expected the next_page_token of an earlier answer, found something else: "
        "leave it out to begin at the first page"
    )
