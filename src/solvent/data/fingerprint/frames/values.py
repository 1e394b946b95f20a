"""Python values as bytes, so that different values never give the same ones."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from solvent.data.errors import UnreadableData

MAX_DEPTH = 50
_MISSING = ("NAType", "NaTType")


def is_missing(value: Any) -> bool:
    """None, NaN, and pandas' own words for them."""
    if value is None or type(value).__name__ in _MISSING:
        return True
    return isinstance(value, float) and value != value


def encode(values: Sequence[Any], name: str) -> bytes:
    """All values one after the other, each with its type and length.

    Raises:
        UnreadableData: one of them is of a type whose content can't be told; ``name`` is the column's.
    """
    parts: list[bytes] = []
    try:
        for value in values:
            _add(parts, value, MAX_DEPTH)
    except TypeError as error:
        raise UnreadableData(
            f"column '{name}' holds {error}, whose content has no fingerprint: make it numbers, text, dates or lists of them"
        ) from None
    return b"".join(parts)


def _add(parts: list[bytes], value: Any, depth: int) -> None:
    if depth == 0:
        raise TypeError(f"values that are nested more than {MAX_DEPTH} deep")
    if is_missing(value):
        parts.append(b"n")
        return
    if type(value).__module__ == "numpy" and hasattr(value, "tolist"):
        value = value.tolist()  # scalars and arrays
    elif type(value).__module__.startswith("polars") and hasattr(value, "to_list"):
        value = value.to_list()
    if isinstance(value, Mapping):
        parts.append(b"m%d:" % len(value))
        for key, item in value.items():
            _add(parts, key, depth - 1)
            _add(parts, item, depth - 1)
    elif isinstance(value, (list, tuple)):
        parts.append(b"l%d:" % len(value))
        for item in value:
            _add(parts, item, depth - 1)
    else:
        kind, content = _plain(value)
        parts.append(b"%c%d:" % (kind, len(content)))
        parts.append(content)


def _plain(value: Any) -> tuple[bytes, bytes]:
    if isinstance(value, str):
        return b"s", value.encode("utf-8", "surrogatepass")
    if isinstance(value, bool):
        return b"b", b"1" if value else b"0"
    if isinstance(value, int):
        return b"i", b"%x" % value
    if isinstance(value, float):
        return b"f", value.hex().encode()
    if isinstance(value, (bytes, bytearray, memoryview)):
        return b"y", bytes(value)
    if isinstance(value, Decimal):
        return b"d", str(value).encode()
    if isinstance(value, (datetime.date, datetime.time)):  # a datetime is a date
        return b"t", value.isoformat().encode()
    if isinstance(value, datetime.timedelta):
        return b"p", str(value / datetime.timedelta(microseconds=1)).encode()
    raise TypeError(f"a {type(value).__module__}.{type(value).__qualname__}")
