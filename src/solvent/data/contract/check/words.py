"""Conditions and values in words, for people: one line each, of bounded length."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from solvent.data.engine.conditions import (
    Condition,
    Finite,
    InRange,
    Length,
    Matches,
    MultipleOf,
    NoneOf,
    NotNull,
    OneOf,
    Sql,
    Unique,
)

LONGEST = 80
"""Characters of a value; what is longer is cut."""
_FEW = 5


def shown(value: object) -> str:
    """A value as one line without control characters, cut where it gets long.

    >>> shown("a\\nb"), shown(None), shown(1.5)
    ("'a\\\\nb'", 'null', '1.5')
    """
    if value is None:
        return "null"
    if isinstance(value, str):
        text = value if len(value) <= LONGEST else f"{value[:LONGEST]}..."
        return f"'{visible(text)}'"
    text = str(value)
    return visible(text if len(text) <= LONGEST else f"{text[:LONGEST]}...")


def visible(text: str) -> str:
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def nearest(name: str, known: Sequence[str]) -> str:
    """``; did you mean 'x'?``, or nothing when no name is close; upper and lower case are close.

    >>> nearest("Age", ["age", "name"])
    "; did you mean 'age'?"
    """
    by_folded = {one.casefold(): one for one in reversed(known)}
    matches = get_close_matches(name.casefold()[:200], list(by_folded), n=1)
    return f"; did you mean '{visible(by_folded[matches[0]])}'?" if matches else ""


def count(number: int, noun: str) -> str:
    """
    >>> count(1, "row"), count(2000, "row")
    ('1 row', '2,000 rows')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def columns_of(condition: Condition) -> tuple[str, ...]:
    """The columns that a condition names; none of a SQL expression, which only an engine reads."""
    match condition:
        case Unique(columns=columns):
            return columns
        case Sql():
            return ()
        case _:
            return (condition.column,)


def expected(condition: Condition) -> str:
    """What a condition asks of a row.

    >>> expected(InRange("age", 0, 120, open_high=True)), expected(Unique(("a", "b")))
    ('at least 0 and below 120', 'unique')
    """
    match condition:
        case NotNull():
            return "a value"
        case Finite():
            return "a finite number"
        case InRange():
            return _range(condition)
        case OneOf(values=values):
            return f"one of {_listed(values)}"
        case NoneOf(values=values):
            return f"none of {_listed(values)}"
        case Matches(pattern=pattern):
            return f"a text that matches {shown(pattern)}"
        case Length(least=least, most=most):
            return f"a length of {least:,} or more" if most is None else f"a length of {least:,} to {most:,}"
        case MultipleOf(step=step):
            return f"a multiple of {step:g}"
        case Unique():
            return "unique"
        case Sql(expression=expression):
            return f"{shown(expression)[1:-1]} to be true"


def _range(condition: InRange) -> str:
    parts = []
    if condition.low is not None:
        parts.append(f"{'above' if condition.open_low else 'at least'} {shown(condition.low)}")
    if condition.high is not None:
        parts.append(f"{'below' if condition.open_high else 'at most'} {shown(condition.high)}")
    return " and ".join(parts) or "a number"


def _listed(values: Sequence[object]) -> str:
    more = f" and {len(values) - _FEW:,} more" if len(values) > _FEW else ""
    return ", ".join(shown(value) for value in values[:_FEW]) + more
