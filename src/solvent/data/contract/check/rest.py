"""Rules about a table as a whole: how many rows it has, what a query says of it, how old it is."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Protocol, runtime_checkable

from solvent.data.contract.check.columns import Columns
from solvent.data.contract.check.outcome import Check, Status
from solvent.data.contract.check.words import count
from solvent.data.contract.model import CountRule, FreshRule, QueryRule, TableContract
from solvent.data.engine.protocol import Failed, Table

_OPERATORS: dict[str, tuple[str, Callable[[float, float], bool]]] = {
    "mustBe": ("{}", lambda found, value: found == value),
    "mustNotBe": ("not {}", lambda found, value: found != value),
    "mustBeGreaterThan": ("more than {}", lambda found, value: found > value),
    "mustBeGreaterOrEqualTo": ("at least {}", lambda found, value: found >= value),
    "mustBeLessThan": ("less than {}", lambda found, value: found < value),
    "mustBeLessOrEqualTo": ("at most {}", lambda found, value: found <= value),
}
_BETWEEN: dict[str, tuple[str, bool]] = {
    "mustBeBetween": ("{} to {}", True),
    "mustNotBeBetween": ("not {} to {}", False),
}
_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


@runtime_checkable
class Queryable(Protocol):
    """A table of an engine that also answers queries in SQL."""

    def number(self, query: str) -> float | Failed | None:
        """The one number that a query over ``${table}`` gives; None for null."""
        ...


def not_empty(table: TableContract, rows: int) -> Check:
    """Data without rows breaks every contract, unless a rule says that none may be."""
    if rows:
        return Check("not empty", "table", "passed")
    counts = [rule for rule in table.rules if isinstance(rule, CountRule)]
    if any(rule.least <= 0 for rule in counts):
        return Check("not empty", "table", "passed", note="there are no rows, which the contract allows")
    reason = "there are no rows: a rule on the number of rows that allows 0 would permit it"
    return Check("not empty", "table", "failed", reason=reason)


def count_rows(rule: CountRule, rows: int) -> Check:
    if rule.least <= rows and (rule.most is None or rows <= rule.most):
        return _outcome(rule, "passed")
    limits = f"at least {rule.least:,g}" if rule.most is None else f"{rule.least:,g} to {rule.most:,g}"
    return _outcome(rule, "failed", f"expected {limits} rows, came {rows:,}")


def query(rule: QueryRule, table: Table) -> Check:
    """Compare the number that a query gives."""
    if not isinstance(table, Queryable):
        return _outcome(rule, "error", "this engine answers no queries")
    text = rule.query if rule.column is None else rule.query.replace("${column}", _quoted(rule.column))
    found = table.number(text)
    if isinstance(found, Failed):
        return _outcome(rule, "error", found.reason)
    if found is None or math.isnan(found):
        return _outcome(rule, "error", "the query gave no number")
    kept, wanted = _compare(rule, float(found))
    if kept is None:
        return _outcome(rule, "error", wanted)
    return _outcome(rule, "passed") if kept else _outcome(rule, "failed", f"expected {wanted}, came {found:,.12g}")


def _compare(rule: QueryRule, found: float) -> tuple[bool | None, str]:
    """Whether a number is as a rule says (None if the rule can't be understood), and what was expected."""
    if rule.operator in _OPERATORS and not isinstance(rule.value, tuple):
        words, holds = _OPERATORS[rule.operator]
        return holds(found, rule.value), words.format(f"{rule.value:,.12g}")
    if rule.operator in _BETWEEN and isinstance(rule.value, tuple):
        words, inside = _BETWEEN[rule.operator]
        low, high = rule.value
        return (low <= found <= high) == inside, words.format(f"{low:,.12g}", f"{high:,.12g}")
    return None, f"the operator '{rule.operator}' with {rule.value} is not understood"


def fresh(rule: FreshRule, table: Table, columns: Columns, now: float) -> Check:
    """Compare the newest value of a column with the time, ``now``, in seconds since 1970 (UTC)."""
    if columns.is_optional(rule.column):
        return _outcome(rule, "passed", note=f"'{rule.column}' is not there, and need not be")
    if rule.column not in columns.found:
        return _outcome(rule, "error", columns.missing(rule.column))
    found = columns.found[rule.column]
    if found.kind not in ("date", "timestamp"):
        return _outcome(rule, "error", f"expected dates or times, came {found.kind} ({found.type})")
    scalars = table.scalars([rule.column])[rule.column]
    if isinstance(scalars, Failed):
        return _outcome(rule, "error", scalars.reason)
    if scalars.most is None:
        return _outcome(rule, "error", "there is no value to look at")
    age = now - scalars.most
    if age > rule.seconds:
        reason = (
            f"expected a value of the last {duration(rule.seconds)}, the newest is {scalars.last}, {duration(age)} old"
        )
        return _outcome(rule, "failed", reason)
    return _outcome(rule, "passed", note=f"the newest value, {scalars.last}, lies in the future" if age < 0 else "")


def duration(seconds: float) -> str:
    """
    >>> duration(90_000), duration(59.4)
    ('25 hours', '59 seconds')
    """
    size, unit = next(((size, unit) for size, unit in _UNITS if seconds >= 2 * size), _UNITS[-1])
    return count(round(seconds / size), unit)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _outcome(rule: CountRule | QueryRule | FreshRule, status: Status, reason: str = "", note: str = "") -> Check:
    column = None if isinstance(rule, CountRule) else rule.column
    return Check(*(rule.name, "rule", status, rule.severity, column), reason=reason, note=note, place=rule.place)
