"""Single values: what is missing, and which type one has."""

from __future__ import annotations

import datetime as dt
import math
import sys
from typing import Any

from solvent.errors import InvalidInput
from solvent.models.signature.types import (
    BINARY,
    BOOLEAN,
    DATETIME,
    DOUBLE,
    FLOAT,
    INTEGER,
    LONG,
    STRING,
    Scalar,
)

LONGS = range(-(2**63), 2**63)
INTEGERS = range(-(2**31), 2**31)


def module(name: str) -> Any:
    """A library, if the program has it loaded already: else none of its values can be in what we are given."""
    return sys.modules.get(name)


def missing(value: Any) -> bool:
    """None, NaN, and pandas' NA and NaT."""
    if value is None:
        return True
    if isinstance(value, float):
        return math.isnan(value)
    return type(value).__name__ in ("NAType", "NaTType")


def shown(value: Any, most: int = 40) -> str:
    """A value as an example in an error, on one line and short."""
    try:
        text = " ".join(repr(value).split())
    except Exception:
        text = f"<{type(value).__name__}>"
    return text if len(text) <= most else f"{text[: most - 3]}..."


def scalar_of_dtype(kind: str, itemsize: int) -> Scalar | None:
    """The type that holds all values of one of numpy's dtypes, None if there is none (uint64, complex ...)."""
    if kind == "i":
        return INTEGER if itemsize <= 4 else LONG
    if kind == "u" and itemsize <= 4:
        return INTEGER if itemsize < 4 else LONG
    if kind == "f" and itemsize <= 8:
        return FLOAT if itemsize <= 4 else DOUBLE
    return {"b": BOOLEAN, "U": STRING, "S": BINARY, "M": DATETIME}.get(kind)


def scalar_of(value: Any) -> Scalar:
    """
    Raises:
        InvalidInput: a signature has no type for such a value.
    """
    known = _of_python(value)
    if known is None:
        numpy = module("numpy")
        if numpy is not None and isinstance(value, numpy.generic):
            known = scalar_of_dtype(value.dtype.kind, value.dtype.itemsize)
    if known is None:
        raise InvalidInput(f"a signature has no type for {type(value).__name__} {shown(value)}")
    return known


def _of_python(value: Any) -> Scalar | None:
    if isinstance(value, bool):
        return BOOLEAN
    if isinstance(value, int):
        return LONG if value in LONGS else None
    if isinstance(value, float):
        return DOUBLE
    if isinstance(value, str):
        return STRING
    if isinstance(value, bytes | bytearray):
        return BINARY
    return DATETIME if isinstance(value, dt.date) else None
