"""Pieces of SQL with their values, and how comparators are written (SQLite)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

SYMBOLS = ("=", "!=", "<", "<=", ">", ">=")
LISTS = ("IN", "NOT IN")
LIKES = ("LIKE", "ILIKE", "NOT LIKE", "NOT ILIKE")
NULLS = ("IS NULL", "IS NOT NULL")


class Sql(NamedTuple):
    """``args`` are bound to the question marks of ``text``, in order. No value ever stands in the text."""

    text: str
    args: tuple[Any, ...] = ()


TRUE = Sql("1")


def join(separator: str, parts: Iterable[Sql]) -> Sql:
    parts = list(parts)
    return Sql(separator.join(part.text for part in parts), tuple(arg for part in parts for arg in part.args))


def condition(expression: Sql, op: str, value: Any) -> Sql:
    """``expression op value``; NULL where the expression is NULL, except for IS NULL and IS NOT NULL."""
    text, args = expression
    if op in NULLS:
        return Sql(f"{text} {op}", args)
    if op in LISTS:
        return Sql(f"{text} {op} ({', '.join('?' * len(value))})", (*args, *value))
    if op in ("LIKE", "NOT LIKE"):  # SQLite's LIKE ignores case, its GLOB does not
        return Sql(f"{text} {op.replace('LIKE', 'GLOB')} ?", (*args, _glob(value)))
    if op in ("ILIKE", "NOT ILIKE"):
        return Sql(f"{text} {op.replace('ILIKE', 'LIKE')} ?", (*args, value))
    assert op in SYMBOLS
    return Sql(f"{text} {op} ?", (*args, value))


def one_of(expression: str, values: tuple[Any, ...]) -> Sql:
    """Membership that still uses an index's order where there is one value."""
    if len(values) == 1:
        return Sql(f"{expression} = ?", values)
    if len(values) > 100:  # a statement holds a limited number of question marks
        return Sql(f"{expression} IN (SELECT value FROM json_each(?))", (json.dumps(values),))
    return Sql(f"{expression} IN ({', '.join('?' * len(values))})", values)


def _glob(pattern: str) -> str:
    """LIKE's pattern as GLOB's: % is *, _ is ?, and what GLOB would read as its own is put in brackets."""
    return pattern.translate({ord("%"): "*", ord("_"): "?", ord("*"): "[*]", ord("?"): "[?]", ord("["): "[[]"})
