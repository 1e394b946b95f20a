"""Page tokens of metric histories: the last point that was sent, and the order in which they are walked."""

from __future__ import annotations

import base64
import binascii
import math

import msgspec

from solvent.errors import InvalidInput
from solvent.store.metric_history import Position
from solvent.tracking.validation import check_integer
from solvent.wire.base import Number, from_number, to_number

_Token = tuple[bool, int, int, Number, int]
_DECODER = msgspec.json.Decoder(_Token)


def encode(place: Position) -> str:
    token = (place.by_time, place.step, place.timestamp, to_number(place.value), place.is_nan)
    return base64.urlsafe_b64encode(msgspec.json.encode(token)).decode("ascii")


def decode(token: str) -> Position:
    """The place that ``encode`` wrote down.

    Raises:
        InvalidInput: the token is not one of ours.
    """
    try:
        by_time, step, timestamp, value, is_nan = _DECODER.decode(base64.b64decode(token, "-_", validate=True))
        number = from_number(value)
    except (binascii.Error, ValueError, msgspec.DecodeError):
        raise InvalidInput("Invalid page token, could not base64-decode: send back next_page_token unchanged") from None
    if math.isnan(number):
        raise InvalidInput("Invalid page token: send back next_page_token unchanged")
    for part in (step, timestamp, is_nan):
        check_integer(part, "page_token")
    return Position(by_time, step, timestamp, number, is_nan)
