"""Columns: whether they are there, whether they are of the type that the contract says, and what else is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from solvent.data.contract.check.asked import Asked
from solvent.data.contract.check.kinds import allowed, wanted
from solvent.data.contract.check.outcome import Check
from solvent.data.contract.check.words import columns_of, count, expected, nearest, visible
from solvent.data.contract.model import ColumnContract, RowRule, Severity, TableContract
from solvent.data.engine.conditions import Condition, Finite, InRange, Matches, MultipleOf, NotNull
from solvent.data.engine.protocol import Column, Failed

_NUMBER = r"\s*[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?\s*"
_MOST_NAMES = 20
_MOST_HINTS = 20
"""Looking for the nearest of thousands of names takes time."""
_OF_NUMBERS = (Finite, InRange, MultipleOf)


class Columns:
    """The columns of a table beside those of its contract."""

    def __init__(self, found: Sequence[Column], contract: TableContract) -> None:
        self.found: Mapping[str, Column] = {column.name: column for column in found}
        self._contract = contract
        self._hints: dict[str, str] = {}
        self._required = {
            rule.condition.column
            for rule in contract.rules
            if isinstance(rule, RowRule) and isinstance(rule.condition, NotNull) and rule.severity == "error"
        }
        names = {column.name for column in contract.columns}
        self._extra = [name for name in self.found if name not in names]
        self._optional = {column.name for column in contract.columns if not column.present}
        self.of_wrong_type = {
            column.name
            for column in contract.columns
            if column.name in self.found and not _fits(column, self.found[column.name])
        }

    def conditions(self) -> list[Condition]:
        """What must be counted before the columns can be judged."""
        asked: list[Condition] = []
        for column in self._contract.columns:
            if column.name in self.found:
                asked += [NotNull(column.name), *_closer(column, self.found[column.name])]
        return asked

    def is_optional(self, name: str) -> bool:
        """Whether the contract lets a column be absent, and it is."""
        return name in self._optional and name not in self.found

    def missing(self, name: str) -> str:
        """What is said of a column that is not there."""
        if name not in self._hints:
            known = self._extra or list(self.found)
            self._hints[name] = nearest(name, known) if len(self._hints) < _MOST_HINTS else ""
        return f"there is no column '{visible(name)}'{self._hints[name]}"

    def absent(self, condition: Condition) -> str | None:
        """A column that a condition is about and that the contract lets be absent, if it is."""
        return next((name for name in columns_of(condition) if self.is_optional(name)), None)

    def obstacle(self, condition: Condition) -> str:
        """Why the engine can't be asked a condition; empty if it can."""
        for name in columns_of(condition):
            if name not in self.found:
                return self.missing(name)
            found = self.found[name]
            if name in self.of_wrong_type and found.kind != "number" and isinstance(condition, _OF_NUMBERS):
                return f"'{visible(name)}' is {found.kind} ({found.type}), so that {expected(condition)} can't be told"
        return ""

    def checks(self, asked: Asked, rows: int) -> list[Check]:
        """The outcome of each column of the contract, then that of all other columns together."""
        return [*(self._column(column, asked, rows) for column in self._contract.columns), self._others()]

    def _column(self, column: ColumnContract, asked: Asked, rows: int) -> Check:
        name = f"type {wanted(column)}"
        found = self.found.get(column.name)
        if found is None:
            if column.present:
                return Check(name, "column", "failed", column=column.name, reason=self.missing(column.name))
            return Check(name, "column", "passed", column=column.name, note="not there, and need not be")
        missing = asked.failing(NotNull(column.name))
        if isinstance(missing, Failed):
            return Check(name, "column", "error", column=column.name, reason=missing.reason)
        fits = column.name not in self.of_wrong_type
        if rows and missing == rows and (column.name in self._required or not fits):
            reason = f"all {count(rows, 'value')} are missing, so that the type can't be told"
            if column.name in self._required:
                return Check(name, "column", "failed", column=column.name, rows=rows, reason=reason)
            return Check(name, "column", "error", "info", column=column.name, rows=rows, reason=reason)
        if not rows and not fits:
            reason = f"there are no rows, so that the type can't be told ({found.type})"
            return Check(name, "column", "error", "info", column=column.name, reason=reason)
        if fits:
            return Check(name, "column", "passed", column=column.name, note=_note(column, found, missing, rows))
        return _mismatch(name, column, found, asked)

    def _others(self) -> Check:
        name = "no other columns"
        names = ", ".join(f"'{visible(name)}'" for name in self._extra[:_MOST_NAMES])
        more = f" and {len(self._extra) - _MOST_NAMES:,} more" if len(self._extra) > _MOST_NAMES else ""
        what = f"{count(len(self._extra), 'column')} that the contract does not name: {names}{more}"
        if not self._extra:
            return Check(name, "table", "passed")
        if self._contract.extra_columns == "allow":
            return Check(name, "table", "passed", note=what)
        severity: Severity = "error" if self._contract.extra_columns == "refuse" else "warning"
        return Check(name, "table", "failed", severity, reason=what)


def _fits(column: ColumnContract, found: Column) -> bool:
    """Whether the values are of a kind that the contract allows; whole numbers that are stored as others are not yet told."""
    kinds = allowed(column)
    return not kinds or found.kind in kinds


def _closer(column: ColumnContract, found: Column) -> list[Condition]:
    """What tells, of values of another kind than expected, whether they will do all the same, and which will not."""
    if _fits(column, found):
        return []
    kinds = allowed(column)
    if found.kind == "number" and "integer" in kinds:  # frames keep whole numbers with gaps as others
        return [MultipleOf(found.name, 1), Finite(found.name)]
    if found.kind == "text" and kinds & {"number", "integer"}:
        return [Matches(found.name, _NUMBER)]
    return []


def _mismatch(name: str, column: ColumnContract, found: Column, asked: Asked) -> Check:
    """The outcome of a column of another kind than expected."""
    came = f"expected {wanted(column)}, came {found.kind} ({found.type})"
    worst: tuple[int, Condition] | None = None
    conditions = _closer(column, found)
    for condition in conditions:
        failing = asked.failing(condition)
        if isinstance(failing, Failed):
            return Check(name, "column", "error", column=column.name, reason=f"{came}; {failing.reason}")
        if failing and (worst is None or failing > worst[0]):
            worst = (failing, condition)
    if found.kind == "number" and conditions and worst is None:
        return Check(name, "column", "passed", column=column.name, note=f"whole numbers, stored as {found.type}")
    if worst is None:
        hint = ": all values read as numbers, and are texts" if conditions else ""
        return Check(name, "column", "failed", column=column.name, reason=came + hint)
    failing, condition = worst
    kind = "number" if found.kind == "text" else "whole number"
    what = f"is no {kind}" if failing == 1 else f"are no {kind}s"
    return Check(
        *(name, "column", "failed"),
        column=column.name,
        rows=failing,
        reason=f"{came}: {count(failing, 'value')} {what}",
        examples=asked.examples(condition),
    )


def _note(column: ColumnContract, found: Column, missing: int, rows: int) -> str:
    if rows and missing == rows:
        return f"all {count(rows, 'value')} are missing"
    if not allowed(column):
        if column.physical:
            return f"the type '{visible(column.physical)}' is not known here, so nothing is compared ({found.type})"
        return f"the contract says no type, so that {found.type} is as good as any: give the column a logicalType"
    if found.kind == "timestamp" and column.logical == "date":
        return f"points in time where the contract says dates ({found.type})"
    return ""
