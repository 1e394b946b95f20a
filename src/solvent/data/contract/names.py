"""Names that people misspell: the hint that an error gives."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_MOST = 12


def nearest(name: str, known: Iterable[str]) -> str:
    """``; did you mean 'x'?`` for a name that is close to a known one, else the known ones.

    >>> nearest("requird", ["required", "unique"]), nearest("x", ["required", "unique"]), nearest("x", [])
    ("; did you mean 'required'?", ': known are required, unique', '')
    """
    listed = [str(one) for one in known]
    lower = {one.lower(): one for one in reversed(listed)}
    if near := get_close_matches(name[:200].lower(), list(lower), n=1):
        return f"; did you mean '{lower[near[0]]}'?"
    more = f" and {len(listed) - _MOST} more" if len(listed) > _MOST else ""
    return f": known are {', '.join(listed[:_MOST])}{more}" if listed else ""


def shown(value: object) -> str:
    """A value of a document in an error: one line, cut where it is long."""
    text = f"'{value}'" if isinstance(value, str) else str(value)
    text = " ".join(text.split())
    return text if len(text) <= 80 else f"{text[:77]}..."
