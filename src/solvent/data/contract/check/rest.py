"""Rules about a table as a whole: how many rows it has, what a query says of it, how old it is."""

from __future__ import annotations

import math
from collections.abc import Callable

from solvent.data.contract.check.asked import Asked
from solvent.data.contract.check.columns import Columns
from solvent.data.contract.check.outcome import Check, Status
from solvent.data.contract.check.words import count, expected
from solvent.data.contract.model import CountRule, FreshRule, MeasuredRule, QueryRule, TableContract
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
    found = table.number(rule.query, rule.column)
    if isinstance(found, Failed):
        return _outcome(rule, "error", found.reason)
    if math.isnan(found):
        return _outcome(rule, "error", "the query gave no number")
    return _compared(rule, found, f"{found:,.12g}")


def measured(rule: MeasuredRule, columns: Columns, asked: Asked, rows: int) -> Check:
    """Compare how many rows don't fulfil a condition."""
    if absent := columns.absent(rule.condition):
        return _outcome(rule, "passed", note=f"'{absent}' is not there, and need not be")
    if obstacle := columns.obstacle(rule.condition):
        return _outcome(rule, "error", obstacle)
    failing = asked.failing(rule.condition)
    if isinstance(failing, Failed):
        return _outcome(rule, "error", failing.reason)
    if not rule.share:
        return _compared(rule, failing, f"{count(failing, 'row')} without {expected(rule.condition)}")
    if not rows:
        return _outcome(rule, "error", "there are no rows of which a part could break it")
    share = failing / rows
    return _compared(rule, share, f"{share:.4g} of all rows without {expected(rule.condition)}")


def _compared(rule: QueryRule | MeasuredRule, found: float, shown: str) -> Check:
    kept, wanted = _compare(rule, found)
    if kept is None:
        return _outcome(rule, "error", wanted)
    return _outcome(rule, "passed") if kept else _outcome(rule, "failed", f"expected {wanted}, came {shown}")


def _compare(rule: QueryRule | MeasuredRule, found: float) -> tuple[bool | None, str]:
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


def _outcome(
    rule: CountRule | QueryRule | FreshRule | MeasuredRule, status: Status, reason: str = "", note: str = ""
) -> Check:
    column = None if isinstance(rule, CountRule) else rule.column
    return Check(*(rule.name, "rule", status, rule.severity, column), reason=reason, note=note, place=rule.place)
