"""What conditions say of single values, in plain Python: slow, and easy to believe."""

from __future__ import annotations

import datetime
import math
import re
from typing import Any

from solvent.data.contract.model import Contract, RowRule
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
)


def allows(contract: Contract, column: str, value: Any) -> bool:
    """Whether the rules of a column that are errors allow a value."""
    rules = [rule for table in contract.tables for rule in table.rules if isinstance(rule, RowRule)]
    return all(
        fulfils(rule.condition, value)
        for rule in rules
        if rule.column == column and rule.severity == "error" and not rule.allowed
    )


def fulfils(condition: Condition, value: Any) -> bool:
    if isinstance(condition, NotNull):
        return value is not None
    if value is None:
        return True
    if isinstance(condition, InRange):
        return _in_range(condition, value)
    if isinstance(condition, OneOf):
        return value in condition.values
    if isinstance(condition, NoneOf):
        return value not in condition.values
    if isinstance(condition, Matches):
        return re.fullmatch(condition.pattern, value) is not None
    if isinstance(condition, Length):
        return condition.least <= len(value) and (condition.most is None or len(value) <= condition.most)
    if isinstance(condition, MultipleOf):
        return math.isclose(value / condition.step, round(value / condition.step))
    return not isinstance(condition, Finite) or math.isfinite(value)


def _in_range(condition: InRange, value: Any) -> bool:
    low, high = _ordered(condition.low), _ordered(condition.high)
    value = _ordered(value)
    above = low is None or (value > low if condition.open_low else value >= low)
    return bool(above and (high is None or (value < high if condition.open_high else value <= high)))


def _ordered(value: Any) -> Any:
    return datetime.datetime.fromisoformat(value) if isinstance(value, str) else value
