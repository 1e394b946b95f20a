"""How values are written as text, the same by every engine."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, time
from decimal import Decimal

MOST = 256
"""Code points of a text; a longer one is cut there and ends in a digest of the whole."""


def cut(text: str, most: int = MOST) -> str:
    """A text of at most ``most`` code points, other texts having other ones.

    >>> cut("a" * 300, 20)
    'aaaaaaa…98407180c16c'
    """
    if len(text) <= most:
        return text
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{text[: most - 13]}…{digest}"


def text_of(value: object) -> str:
    """Truth as true or false, numbers in the shortest form that is exact, dates as ISO 8601 with a blank."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return cut(value.hex())
    return cut(str(value))
