"""What search must answer, written once more in plain Python over plain values."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cmp_to_key
from typing import Any

from solvent.search.tree import And, Comparison, Expression, Field, Not, Or, Order

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
    "IN": lambda left, right: left in right,
    "NOT IN": lambda left, right: left not in right,
    "LIKE": lambda left, right: bool(re.fullmatch(_pattern(right), left, re.DOTALL)),
    "ILIKE": lambda left, right: bool(re.fullmatch(_pattern(right), left, re.DOTALL | re.IGNORECASE | re.ASCII)),
    "NOT LIKE": lambda left, right: not _COMPARE["LIKE"](left, right),
    "NOT ILIKE": lambda left, right: not _COMPARE["ILIKE"](left, right),
}


@dataclass
class ModelRun:
    """``metrics`` holds whole histories, in order of steps."""

    run_id: str
    name: str
    start: int
    end: int | None
    status: str
    metrics: dict[str, list[float]] = field(default_factory=dict)
    params: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)

    def value(self, item: Field, metric_names: set[str]) -> Any:
        """The value that is compared; None if the run has none."""
        if item.open:
            item = Field("metric", item.key) if item.key in metric_names else item.split()
        if item.kind == "metric":
            return _summary(self.metrics.get(item.key), item.aggregate or "last")
        if item.kind == "attribute":
            attributes = {
                "run_id": self.run_id,
                "run_name": self.name,
                "start_time": self.start,
                "end_time": self.end,
                "status": self.status,
            }
            return attributes[item.key]
        return (self.params if item.kind == "param" else self.tags).get(item.key)


def matches(run: ModelRun, expression: Expression, metric_names: set[str]) -> bool:
    if isinstance(expression, And):
        return all(matches(run, part, metric_names) for part in expression.parts)
    if isinstance(expression, Or):
        return any(matches(run, part, metric_names) for part in expression.parts)
    if isinstance(expression, Not):
        return not matches(run, expression.part, metric_names)
    return _holds(run.value(expression.field, metric_names), expression)


def ordered(runs: list[ModelRun], orders: list[Order], metric_names: set[str]) -> list[ModelRun]:
    """By the orders, then the newest start, then the id; NaN after numbers, what is missing last."""

    def compare(left: ModelRun, right: ModelRun) -> int:
        for order in orders:
            a, b = left.value(order.field, metric_names), right.value(order.field, metric_names)
            if _rank(a) != _rank(b):
                return _rank(a) - _rank(b)
            if _rank(a) == 0 and a != b:
                return (-1 if a < b else 1) * (1 if order.ascending else -1)
        key, other = (-left.start, left.run_id), (-right.start, right.run_id)
        return (key > other) - (key < other)

    return sorted(runs, key=cmp_to_key(compare))


def _holds(value: Any, comparison: Comparison) -> bool:
    if comparison.op == "IS NULL":
        return value is None
    if value is None:
        return False
    return comparison.op == "IS NOT NULL" or bool(_COMPARE[comparison.op](value, comparison.value))


def _rank(value: Any) -> int:
    if value is None:
        return 2
    return 1 if isinstance(value, float) and math.isnan(value) else 0


def _summary(history: list[float] | None, name: str) -> float | None:
    if not history:
        return None
    if name == "last":
        return history[-1]
    if name == "count":
        return len(history)
    numbers = [value for value in history if not math.isnan(value)]
    if not numbers:
        return math.nan
    return {"min": min(numbers), "max": max(numbers), "mean": sum(numbers) / len(numbers)}[name]


def _pattern(like: str) -> str:
    return "".join({"%": ".*", "_": "."}.get(char, re.escape(char)) for char in like)
