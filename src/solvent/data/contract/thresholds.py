"""The standard's operators (mustBe, mustBeLessThan, ...) as limits on a number of rows."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from solvent.data.contract.model import CountRule, MeasuredRule, QueryRule, RowRule, Rule, Severity
from solvent.data.contract.names import nearest, shown
from solvent.data.contract.rules import Wrong
from solvent.data.contract.yaml_text import Steps, place_of
from solvent.data.engine.conditions import Condition

OPERATORS = (
    "mustBe",
    "mustNotBe",
    "mustBeGreaterThan",
    "mustBeGreaterOrEqualTo",
    "mustBeLessThan",
    "mustBeLessOrEqualTo",
    "mustBeBetween",
    "mustNotBeBetween",
)
_SEVERITIES: dict[Severity, tuple[str, ...]] = {
    "error": ("error", "critical", "blocker", "fatal", "high", "major"),
    "warning": ("warning", "warn", "medium", "minor"),
    "info": ("info", "information", "low", "trivial"),
}


class Head(NamedTuple):
    """What every rule of a quality entry has."""

    name: str
    column: str | None
    severity: Severity
    steps: Steps

    @property
    def place(self) -> str:
        return place_of(self.steps)


def severity_of(entry: Mapping[str, Any], steps: Steps) -> Severity:
    """
    Raises:
        Wrong: a word that means none of error, warning and info.
    """
    given = entry.get("severity")
    if given is None:
        return "error"
    for severity, words in _SEVERITIES.items():
        if given.lower() in words:
            return severity
    listed = [word for words in _SEVERITIES.values() for word in words]
    raise Wrong((*steps, "severity"), f"the severity {shown(given)} is not known{nearest(given, listed)}")


def operator_of(entry: Mapping[str, Any], steps: Steps) -> tuple[str, float | tuple[float, float]]:
    """The operator of an entry and its number, or its two.

    Raises:
        Wrong: there is none, or its value is no number, or the first of two is the larger one.
    """
    name = next((one for one in OPERATORS if one in entry), None)
    if name is None:
        raise Wrong(steps, f"expected an operator: {', '.join(OPERATORS)}")
    value = entry[name]
    numbers = value if isinstance(value, list) else [value]
    if any(isinstance(one, bool) or not isinstance(one, int | float) for one in numbers):
        raise Wrong((*steps, name), f"expected a number, came {shown(value)}")
    if isinstance(value, list) != ("etween" in name):
        raise Wrong(
            (*steps, name), f"expected {'two numbers' if 'etween' in name else 'a number'}, came {shown(value)}"
        )
    if "etween" not in name:
        return name, value
    if len(value) != 2:
        raise Wrong((*steps, name), f"expected two numbers, came {shown(value)}")
    low, high = value
    if low > high:
        raise Wrong((*steps, name), f"expected the smaller number first, came {value}")
    return name, (low, high)


def is_share(entry: Mapping[str, Any], steps: Steps) -> bool:
    """
    Raises:
        Wrong: a unit that is neither rows nor percent.
    """
    unit = entry.get("unit", "rows")
    if unit.lower() in ("rows", "row"):
        return False
    if unit.lower() in ("percent", "%"):
        return True
    raise Wrong((*steps, "unit"), f"the unit {shown(unit)} is not known{nearest(unit, ('rows', 'percent'))}")


def limited(head: Head, condition: Condition, entry: Mapping[str, Any]) -> Rule:
    """The rule that the number of rows which don't fulfil a condition is as the entry's operator says."""
    operator, value = operator_of(entry, head.steps)
    share = is_share(entry, head.steps)
    if share:
        _check_percent(value, (*head.steps, operator))
        value = tuple(one / 100 for one in value) if isinstance(value, tuple) else value / 100  # type: ignore[assignment]
    allowed = _allowed(operator, value, share)
    if allowed is None:
        return MeasuredRule(head.name, condition, operator, value, head.column, share, head.severity, head.place)
    return RowRule(head.name, condition, head.column, allowed, share and allowed > 0, head.severity, head.place)


def _allowed(operator: str, value: float | tuple[float, float], share: bool) -> float | None:
    """The largest number (or share) of rows that an operator allows, if all smaller ones are allowed too."""
    if isinstance(value, tuple):
        return value[1] if operator == "mustBeBetween" and value[0] <= 0 <= value[1] else None
    if value < 0:
        return None
    if operator == "mustBe" and value == 0:
        return 0
    if operator == "mustBeLessOrEqualTo":
        return value
    if operator == "mustBeLessThan" and not share and value > 0:
        return math.ceil(value) - 1
    return None


def _check_percent(value: float | tuple[float, float], steps: Steps) -> None:
    for one in value if isinstance(value, tuple) else (value,):
        if not 0 <= one <= 100:
            raise Wrong(steps, f"expected 0 to 100 percent, came {shown(value)}")


def counted(head: Head, entry: Mapping[str, Any]) -> Rule:
    """The rule on a table's number of rows."""
    if is_share(entry, head.steps):
        raise Wrong((*head.steps, "unit"), "the number of rows can't be a share of itself: leave the unit out")
    operator, value = operator_of(entry, head.steps)
    limits = _count_limits(operator, value)
    if limits is None:
        query = "SELECT count(*) FROM ${table}"
        return QueryRule(head.name, query, operator, value, head.column, head.severity, head.place)
    if limits[1] is not None and limits[1] < max(limits[0], 0):
        raise Wrong((*head.steps, operator), f"no number of rows is as this asks: {shown(value)}")
    return CountRule(head.name, limits[0], limits[1], head.severity, head.place)


def _count_limits(operator: str, value: float | tuple[float, float]) -> tuple[float, float | None] | None:
    """The least and the most. An upper limit alone does not allow that there are no rows at all."""
    if isinstance(value, tuple):
        return value if operator == "mustBeBetween" else None
    match operator:
        case "mustBe":
            return value, value
        case "mustBeGreaterThan":
            return math.floor(value) + 1, None
        case "mustBeGreaterOrEqualTo":
            return value, None
        case "mustBeLessThan":
            most = math.ceil(value) - 1
            return min(1, most), most
        case "mustBeLessOrEqualTo":
            return min(1, value), value
    return None
