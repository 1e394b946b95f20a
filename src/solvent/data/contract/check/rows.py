"""Rules that each row must fulfil."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from solvent.data.contract.check.asked import Asked
from solvent.data.contract.check.columns import Columns
from solvent.data.contract.check.outcome import Check, Example, Status
from solvent.data.contract.check.words import columns_of, count, expected
from solvent.data.contract.model import RowRule
from solvent.data.engine.conditions import NotNull, Unique
from solvent.data.engine.protocol import Failed
from solvent.data.profile.draw.numbers import percent


def judge(rule: RowRule, columns: Columns, asked: Asked, rows: int) -> Check:
    """The outcome of one rule."""
    if absent := columns.absent(rule.condition):
        return _outcome(rule, "passed", note=f"'{absent}' is not there, and need not be")
    nothing = _nothing_to_look_at(rule, columns, asked, rows)
    if nothing:
        return _outcome(rule, "passed", note=nothing)
    if obstacle := columns.obstacle(rule.condition):
        return _outcome(rule, "error", reason=obstacle)
    failing = asked.failing(rule.condition)
    if isinstance(failing, Failed):
        return _outcome(rule, "error", reason=failing.reason)
    if failing <= most_allowed(rule, rows):
        note = f"{_not_so(failing, rows)}, at most {_allowed(rule)} may be" if failing else ""
        return _outcome(rule, "passed", failing, note=note)
    what = f"expected {expected(rule.condition)}, {_not_so(failing, rows)}"
    if rule.allowed:
        what += f", at most {_allowed(rule)} may be"
    return _outcome(rule, "failed", failing, reason=what, examples=asked.examples(rule.condition))


def most_allowed(rule: RowRule, rows: int) -> Decimal:
    """How many rows may break a rule: decimal, so that 29 of 100 are 29 %."""
    allowed = Decimal(repr(rule.allowed))
    return allowed * rows if rule.share else allowed


def _nothing_to_look_at(rule: RowRule, columns: Columns, asked: Asked, rows: int) -> str:
    """Why a rule holds whatever it says: there is no row, or no value; its columns' types may not even be known."""
    names = columns_of(rule.condition)
    if not names or any(name not in columns.found for name in names):
        return ""
    if not rows:
        return "there are no rows"
    if not isinstance(rule.condition, NotNull | Unique) and asked.all_missing(names[0], rows):
        return f"there was no value to look at: all {rows:,} are missing"
    return ""


def _not_so(failing: int, rows: int) -> str:
    return f"not so in {failing:,} of {count(rows, 'row')} ({percent(failing / rows)})"


def _allowed(rule: RowRule) -> str:
    return f"{100 * rule.allowed:g} %" if rule.share else f"{rule.allowed:g}"


def _outcome(
    rule: RowRule,
    status: Status,
    rows: int | None = None,
    *,
    reason: str = "",
    note: str = "",
    examples: Sequence[Example] = (),
) -> Check:
    column = rule.column or next(iter(columns_of(rule.condition)), None)
    return Check(
        *(rule.name, "rule", status, rule.severity, column, rows, reason, note),
        examples=list(examples),
        place=rule.place,
    )
