"""A draft in the making: importers say what columns are and what is asked of them.

What is asked is kept as the conditions that engines count, so that each importer only translates its own words, and
how a condition is written in the standard is decided in one place (``spelling``), and ``document`` makes the whole.
"""

from __future__ import annotations

from math import isfinite
from typing import Any, NamedTuple

from solvent.data.contract.importers.outcome import NotCarried
from solvent.data.contract.importers.patterns import why_not_linear
from solvent.data.contract.model import LogicalType, Role, Severity
from solvent.data.engine.conditions import (
    Condition,
    InRange,
    Length,
    Matches,
    MultipleOf,
    NoneOf,
    OneOf,
    Sql,
    Unique,
    Value,
)


class Asked(NamedTuple):
    """A condition on rows. The pattern of ``Matches`` is searched for, as the standard does, until it is compiled.

    ``share`` is the part of the values that are not null which may break it."""

    condition: Condition
    place: str
    rule: str
    share: float = 0.0
    severity: Severity = "error"


class ColumnDraft:
    """What is known of one column so far."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.logical: LogicalType | None = None
        self.options: dict[str, Any] = {}
        self.extra: dict[str, Any] = {}
        """Further keys of the property, such as ``items``, ``description``, ``examples``."""
        self.present = True
        self.role: Role | None = None
        self.asked: list[Asked] = []

    def typed(self, logical: LogicalType | None, **options: Any) -> None:
        """Set the type, if there is one to set."""
        if logical is not None:
            self.logical = logical
            self.options |= options


class TableDraft:
    """What is known of one table so far."""

    def __init__(self, name: str, draft: Draft) -> None:
        self.name = name
        self.columns: dict[str, ColumnDraft] = {}
        self.asked: list[Asked] = []
        self.quality: list[dict[str, Any]] = []
        self.extra: dict[str, Any] = {}
        self.extra_columns: str | None = None
        self._draft = draft

    def column(self, name: str) -> ColumnDraft:
        """The column of that name; made if it is new."""
        return self.columns.setdefault(name, ColumnDraft(name))

    def ask(
        self, condition: Condition, place: str, rule: str, *, share: float = 0.0, severity: Severity = "error"
    ) -> None:
        """Ask something of the rows, or keep that it can't be asked."""
        if why := _unusable(condition):
            self.drop(place, rule, why)
            return
        asked = Asked(condition, place, rule, share, severity)
        if isinstance(condition, Sql):
            self.asked.append(asked)
            return
        names = condition.columns if isinstance(condition, Unique) else (condition.column,)
        columns = [self.column(name) for name in names]
        (columns[0] if len(columns) == 1 else self).asked.append(asked)

    def drop(self, place: str, rule: str, why: str) -> None:
        """A rule that is not carried over. It stays in the draft as text, for those who read it."""
        self._draft.drop(place, rule, why)
        self.quality.append({"type": "text", "description": f"Not carried over from {place}: {rule} ({why})"})

    def note(self, text: str) -> None:
        self._draft.note(text)


class Draft:
    """A whole document in the making."""

    def __init__(self, name: str, source: str) -> None:
        self.name = name
        self.source = source
        self.description: str | None = None
        self.tables: dict[str, TableDraft] = {}
        self.not_carried: list[NotCarried] = []
        self.notes: list[str] = []

    def table(self, name: str) -> TableDraft:
        """The table of that name; made if it is new."""
        return self.tables.setdefault(name, TableDraft(name, self))

    def drop(self, place: str, rule: str, why: str) -> None:
        """A rule of the whole document that is not carried over."""
        self.not_carried.append(NotCarried(place, rule, why))

    def note(self, text: str) -> None:
        """Something that was guessed, or that is read otherwise here."""
        self.notes.append(text)


def _unusable(condition: Condition) -> str | None:
    """Why a condition can't be asked, whatever the column."""
    if isinstance(condition, Matches):
        return why_not_linear(condition.pattern)
    if isinstance(condition, InRange):
        return _unusable_range(condition)
    if isinstance(condition, Length) and (condition.least < 0 or (condition.most or 0) < 0):
        return "a length is never negative"
    if isinstance(condition, Length) and condition.most is not None and condition.least > condition.most:
        return "no length lies between the bounds"
    if isinstance(condition, MultipleOf) and not 0 < condition.step < float("inf"):
        return "a step must be a number above 0"
    if isinstance(condition, (OneOf, NoneOf)) and not condition.values:
        return "it lists no value but null"
    if isinstance(condition, (OneOf, NoneOf)) and not all(map(_finite, condition.values)):
        return "a value is not a finite number"
    return None


def _unusable_range(condition: InRange) -> str | None:
    bounds = [bound for bound in (condition.low, condition.high) if bound is not None]
    if not bounds:
        return "it has no bound"
    if any(isinstance(bound, bool) for bound in bounds):
        return "booleans have no order"
    numbers = [bound for bound in bounds if isinstance(bound, (int, float))]
    if numbers and len(numbers) < len(bounds):
        return "one bound is a number, the other a text"
    if not all(map(_finite, bounds)):
        return "a bound is not a finite number"
    if len(numbers) == 2 and (numbers[0] > numbers[1] or (numbers[0] == numbers[1] and _is_open(condition))):
        return "no value lies between the bounds"
    return None


def _is_open(condition: InRange) -> bool:
    return condition.open_low or condition.open_high


def _finite(value: Value) -> bool:
    return not isinstance(value, float) or isfinite(value)
