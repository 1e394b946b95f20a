"""A table of Python lists, counted row by row: what an engine must answer, without an engine."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from solvent.data.contract.model import ColumnContract, Contract, LogicalType, Rule, TableContract
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
from solvent.data.engine.protocol import Column, Failed, Kind, Scalars

TYPES: dict[Kind, str] = {"integer": "BIGINT", "number": "DOUBLE", "text": "VARCHAR", "timestamp": "TIMESTAMP"}


class PlainTable:
    """``queries`` answers SQL; ``calls`` counts how often ``failing`` was asked."""

    def __init__(self, queries: Callable[[str], Any] | None = None, **columns: tuple[Kind, Sequence[Any]]) -> None:
        self._values = {name: list(values) for name, (_, values) in columns.items()}
        self._kinds = {name: kind for name, (kind, _) in columns.items()}
        self._queries = queries
        self.calls = 0
        self.divided: list[Condition] = []

    @property
    def columns(self) -> Sequence[Column]:
        return [Column(name, kind, TYPES.get(kind, kind.upper())) for name, kind in self._kinds.items()]

    def rows(self) -> int:
        return max((len(values) for values in self._values.values()), default=0)

    def failing(self, conditions: Sequence[Condition]) -> list[int | Failed]:
        self.calls += 1
        return [self._failing(condition) for condition in conditions]

    def examples(self, condition: Condition, most: int) -> list[tuple[int, dict[str, Any]]]:
        rows = [row for row in range(self.rows()) if not self._keeps(condition, row)]
        return [(row, {name: values[row] for name, values in self._values.items()}) for row in rows[:most]]

    def scalars(self, columns: Sequence[str]) -> dict[str, Scalars | Failed]:
        values = {name: [value for value in self._values[name] if value is not None] for name in columns}
        return {
            name: Scalars(self.rows(), 0, most=max(kept, default=None), last=str(max(kept, default=None)))
            for name, kept in values.items()
        }

    def divide(self, conditions: Sequence[Condition], bad: Path) -> int:
        self.divided = list(conditions)
        rows = [row for row in range(self.rows()) if not all(self._keeps(one, row) for one in conditions)]
        bad.write_text(str(rows))
        return len(rows)

    notes: Sequence[str] = ()

    def number(self, query: str, column: str | None = None) -> float | Failed:
        assert self._queries is not None
        found: float | Failed = self._queries(query.replace("${column}", str(column)))
        return found

    def close(self) -> None:
        """Nothing is open."""

    def histograms(self, edges: Mapping[str, Sequence[float]]) -> Any:
        raise NotImplementedError

    def categories(self, columns: Sequence[str], most: int) -> Any:
        raise NotImplementedError

    def distinct(self, columns: Sequence[str]) -> Any:
        raise NotImplementedError

    def quantiles(self, columns: Sequence[str], shares: Sequence[float]) -> Any:
        raise NotImplementedError

    def sample(self, rows: int, columns: Sequence[str] | None = None) -> Any:
        raise NotImplementedError

    def _failing(self, condition: Condition) -> int | Failed:
        if isinstance(condition, Sql):
            return Failed(f"'{condition.expression}' is no SQL that can be run here")
        return sum(not self._keeps(condition, row) for row in range(self.rows()))

    def _keeps(self, condition: Condition, row: int) -> bool:
        if isinstance(condition, Unique):
            keys = list(zip(*(self._values[name] for name in condition.columns), strict=True))
            return Counter(keys)[keys[row]] == 1 or None in keys[row]
        if isinstance(condition, Sql):
            return True
        value = self._values[condition.column][row]
        if isinstance(condition, NotNull):
            return value is not None and value == value
        return value is None or bool(_keeps(condition, value))


def _keeps(condition: Condition, value: Any) -> bool:
    match condition:
        case Finite():
            return math.isfinite(value)
        case InRange(low=low, high=high):
            return (low is None or value >= low) and (high is None or value <= high)
        case OneOf(values=values):
            return value in values
        case NoneOf(values=values):
            return value not in values
        case Matches(pattern=pattern):
            return re.fullmatch(pattern, value) is not None
        case Length(least=least, most=most):
            return least <= len(value) and (most is None or len(value) <= most)
        case MultipleOf(step=step):
            return bool(value % step == 0)
        case _:
            raise AssertionError(condition)


def contract_of(*columns: ColumnContract, rules: Sequence[Rule] = (), **more: Any) -> tuple[TableContract, Contract]:
    """A contract with one table, and that table."""
    table = TableContract("orders", columns, tuple(rules), **more)
    return table, Contract("orders", "1.2.0", "active", (table,), "ab" * 32, {})


def column(name: str, logical: LogicalType | None = None, **more: Any) -> ColumnContract:
    return ColumnContract(name, logical, **more)
