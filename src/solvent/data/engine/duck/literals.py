"""Names and values inside SQL. Every name, path and value that comes from outside goes through here."""

from __future__ import annotations

import math

_NOTHING = "\u2400"
"""Stands for what a name in SQL can't have: a NUL, or nothing at all."""


def identifier(name: str) -> str:
    """A name in double quotes."""
    return '"' + (name or _NOTHING).replace("\0", _NOTHING).replace('"', '""') + '"'


def text(value: str) -> str:
    """A text in single quotes; one with a NUL, at which a statement would end, by its bytes."""
    if "\0" in value:
        return f"decode(from_hex('{value.encode().hex()}'))"
    return "'" + value.replace("'", "''") + "'"


def double(value: float) -> str:
    """A floating number, exactly; infinities and NaN too."""
    if math.isnan(value):
        return "'nan'::DOUBLE"
    if math.isinf(value):
        return "'inf'::DOUBLE" if value > 0 else "'-inf'::DOUBLE"
    return f"'{value!r}'::DOUBLE"
