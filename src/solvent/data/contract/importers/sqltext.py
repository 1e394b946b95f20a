"""SQL for the few rules that neither the standard nor Solvent's own vocabulary has a word for."""

from __future__ import annotations

from solvent.data.engine.conditions import Condition, InRange, Length, Matches, MultipleOf, NoneOf, OneOf, Value

TABLE = "${table}"


def percentage(condition: Condition, column: str) -> str | None:
    """Which part of the values that are not null breaks a condition, in percent (0 if all are null), as a query.

    None if the query can't be written: a name or a value would be taken for a place to fill in.
    """
    asked = _predicate(condition, quoted(column))
    if asked is None or "{" in asked:
        return None
    bad = f"COUNT(*) FILTER (WHERE NOT ({asked}))"
    return f"SELECT COALESCE(100.0 * {bad} / NULLIF(COUNT({quoted(column)}), 0), 0) FROM {TABLE}"  # noqa: S608


def _predicate(condition: Condition, column: str) -> str | None:
    """Null where the value is, which ``NOT`` leaves null, so that it is not counted."""
    if isinstance(condition, InRange):
        low, high = condition.low, condition.high
        parts = [] if low is None else [f"{column} {'>' if condition.open_low else '>='} {literal(low)}"]
        parts += [] if high is None else [f"{column} {'<' if condition.open_high else '<='} {literal(high)}"]
        return " AND ".join(parts)
    if isinstance(condition, OneOf):
        return f"{column} IN ({', '.join(map(literal, condition.values))})"
    if isinstance(condition, NoneOf):
        return f"{column} NOT IN ({', '.join(map(literal, condition.values))})"
    if isinstance(condition, Matches):
        return f"regexp_matches({column}, {literal(condition.pattern)})"
    if isinstance(condition, Length):
        most = "" if condition.most is None else f" AND length({column}) <= {condition.most}"
        return f"length({column}) >= {condition.least}{most}"
    if isinstance(condition, MultipleOf):
        return f"{column} % {condition.step} = 0"
    return None


def quoted(name: str) -> str:
    """A column's name in SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: Value) -> str:
    """A value in SQL."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return repr(value)
