"""``type: custom, engine: solvent``: what the standard has no words for, in a closed vocabulary.

quality:
  - type: custom
    engine: solvent
    implementation: {rule: fresh, within: 24 hours}
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from solvent.data.contract.model import FreshRule, RowRule
from solvent.data.contract.names import nearest, shown
from solvent.data.contract.options import bounds_of, checked_pattern
from solvent.data.contract.rules import Rules, Wrong
from solvent.data.contract.thresholds import Head
from solvent.data.contract.yaml_text import Steps
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

ENGINE = "solvent"
RULES: dict[str, tuple[str, ...]] = {
    "notNull": (),
    "finite": (),
    "range": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
    "oneOf": ("values",),
    "noneOf": ("values",),
    "matches": ("pattern",),
    "length": ("least", "most"),
    "multipleOf": ("step",),
    "unique": ("columns", "nulls"),
    "sql": ("expression",),
    "fresh": ("within",),
}
"""Each rule with what it takes; all but ``fresh`` also take ``allowed``: a number of rows, or a text such as 1.5 %."""
_OF_TABLES = ("unique", "sql")
_UNITS = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800}
_SPAN = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([a-z]+?)s?\s*")
_PERCENT = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(?:%|percent)\s*")


def add_custom(rules: Rules, head: Head, given: Any, logical: str | None, names: Mapping[str, str]) -> None:
    """
    Raises:
        Wrong: a rule, or a word of it, that is not known, or is not meant for where it stands.
    """
    steps = (*head.steps, "implementation")
    if not isinstance(given, dict):
        raise Wrong(steps, f"expected a mapping such as {{rule: finite}}, came {shown(given)}")
    rule = given.get("rule")
    if not isinstance(rule, str) or rule not in RULES:
        raise Wrong((*steps, "rule"), f"unknown rule {shown(rule)}{nearest(str(rule), RULES)}")
    known = ("rule", *RULES[rule], *(() if rule == "fresh" else ("allowed",)))
    for key in given:
        if key not in known:
            raise Wrong((*steps, key), f"unknown key '{key}' of the rule {rule}{nearest(key, known)}")
    if head.column is None and rule not in _OF_TABLES:
        raise Wrong((*steps, "rule"), f"{rule} is about a column: write it under the column's quality")
    if rule == "fresh":
        seconds = span(_needed(given, "within", steps), (*steps, "within"))
        rules.rules.append(FreshRule(head.name, head.column or "", seconds, head.severity, head.place))
        return
    condition = _condition(rule, given, head.column or "", logical, names, steps)
    allowed, share = _allowed(given.get("allowed", 0), (*steps, "allowed"))
    rules.rules.append(RowRule(head.name, condition, head.column, allowed, share, head.severity, head.place))


def span(given: Any, steps: Steps) -> float:
    """Seconds of a text such as ``24 hours``.

    Raises:
        Wrong: no number, or no unit from seconds to weeks.
    """
    found = _SPAN.fullmatch(given.lower()) if isinstance(given, str) else None
    if found is None or found[2] not in _UNITS:
        raise Wrong(steps, f"expected a time such as '24 hours' (seconds to weeks), came {shown(given)}")
    return float(found[1]) * _UNITS[found[2]]


def _allowed(given: Any, steps: Steps) -> tuple[float, bool]:
    if isinstance(given, int) and not isinstance(given, bool) and given >= 0:
        return given, False
    found = _PERCENT.fullmatch(given) if isinstance(given, str) else None
    if found is not None and float(found[1]) <= 100:
        return float(found[1]) / 100, True
    raise Wrong(steps, f"expected a number of rows or a text such as '1.5 %', came {shown(given)}")


def _needed(given: Mapping[str, Any], key: str, steps: Steps) -> Any:
    if key not in given:
        raise Wrong(steps, f"the rule {given['rule']} needs '{key}'")
    return given[key]


def _condition(
    rule: str, given: Mapping[str, Any], column: str, logical: str | None, names: Mapping[str, str], steps: Steps
) -> Condition:
    plain: dict[str, Callable[[], Condition]] = {
        "notNull": lambda: NotNull(column),
        "finite": lambda: Finite(column),
        "range": lambda: _range(given, column, logical, steps),
        "oneOf": lambda: OneOf(column, _values(given, steps)),
        "noneOf": lambda: NoneOf(column, _values(given, steps)),
        "matches": lambda: Matches(column, checked_pattern(_needed(given, "pattern", steps), (*steps, "pattern"))),
        "length": lambda: _length(given, column, steps),
        "multipleOf": lambda: MultipleOf(column, _positive(_needed(given, "step", steps), (*steps, "step"))),
        "unique": lambda: _unique(given, column, names, steps),
        "sql": lambda: Sql(_text(_needed(given, "expression", steps), (*steps, "expression"))),
    }
    return plain[rule]()


def _range(given: Mapping[str, Any], column: str, logical: str | None, steps: Steps) -> InRange:
    found = bounds_of(given, column, logical, steps)
    if found is None:
        raise Wrong(steps, f"the rule range needs one of {', '.join(RULES['range'])}")
    return found


def _values(given: Mapping[str, Any], steps: Steps) -> tuple[Any, ...]:
    values = _needed(given, "values", steps)
    if (
        not isinstance(values, list)
        or not values
        or any(not isinstance(one, bool | int | float | str) for one in values)
    ):
        raise Wrong((*steps, "values"), f"expected a list of texts or numbers, came {shown(values)}")
    return tuple(values)


def _length(given: Mapping[str, Any], column: str, steps: Steps) -> Length:
    least, most = given.get("least", 0), given.get("most")
    for key, value in (("least", least), ("most", most)):
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
            raise Wrong((*steps, key), f"expected a number from 0, came {shown(value)}")
    if most is not None and least > most:
        raise Wrong(steps, f"least {least} is more than most {most}: no value can be both")
    return Length(column, least, most)


def _positive(value: Any, steps: Steps) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        raise Wrong(steps, f"expected a number above 0, came {shown(value)}")
    return value


def _text(value: Any, steps: Steps) -> str:
    if not isinstance(value, str) or not value.strip():
        raise Wrong(steps, f"expected a text, came {shown(value)}")
    return value


def _unique(given: Mapping[str, Any], column: str, names: Mapping[str, str], steps: Steps) -> Unique:
    asked = given.get("columns", [])
    if not isinstance(asked, list) or not (asked or column):
        raise Wrong((*steps, "columns"), f"expected a list of columns, came {shown(asked)}")
    for number, name in enumerate(asked):
        if not isinstance(name, str) or name not in names:
            raise Wrong(
                (*steps, "columns", number),
                f"there is no column {shown(name)} in the contract{nearest(str(name), names)}",
            )
    nulls = given.get("nulls", False)
    if not isinstance(nulls, bool):
        raise Wrong((*steps, "nulls"), f"expected true or false, came {shown(nulls)}")
    return Unique(tuple(names[name] for name in asked) or (column,), nulls)
