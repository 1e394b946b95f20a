"""``quality``: the standard's metrics, SQL, Solvent's own rules, and what is only words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, NamedTuple

from solvent.data.contract.custom import ENGINE, add_custom
from solvent.data.contract.model import QueryRule
from solvent.data.contract.names import nearest, shown
from solvent.data.contract.options import checked_pattern
from solvent.data.contract.rules import Rules, Wrong
from solvent.data.contract.thresholds import Head, counted, limited, operator_of, severity_of
from solvent.data.contract.yaml_text import Steps
from solvent.data.engine.conditions import Condition, Matches, NoneOf, NotNull, OneOf, Sql, Unique, Value

_ARGUMENTS = {
    "nullValues": (),
    "missingValues": ("missingValues",),
    "invalidValues": ("validValues", "pattern"),
    "duplicateValues": ("properties",),
    "rowCount": (),
}
_VARIABLE = re.compile(r"\$?\{\s*(\w+)\s*\}")
_TABLE_WORDS = ("table", "object", "model", "schema")
_COLUMN_WORDS = ("column", "property", "field")


class Where(NamedTuple):
    """What a list of rules is about: a table, or one of its columns. ``names`` makes data's names of the document's."""

    column: str | None
    logical: str | None
    names: Mapping[str, str]


def add_quality(rules: Rules, entries: Sequence[Mapping[str, Any]], where: Where, steps: Steps) -> None:
    """
    Raises:
        Wrong: a rule that can't be meant as it stands.
    """
    for number, entry in enumerate(entries):
        place = (*steps, number)
        head = Head(entry.get("name") or _name_of(entry), where.column, severity_of(entry, place), place)
        kind = entry.get("type", "library" if "metric" in entry else "text")
        if kind == "text":
            words = entry.get("description") or entry.get("name") or "a rule in words"
            rules.not_checked(shown(words), "a rule in words", place, where.column)
        elif kind == "library":
            _add_metric(rules, head, entry, where)
        elif kind == "sql":
            rules.rules.append(_query(head, entry, where))
        else:
            _add_engine(rules, head, entry, where)


def _name_of(entry: Mapping[str, Any]) -> str:
    if "metric" in entry:
        return str(entry["metric"])
    if entry.get("type") == "custom":
        inner = entry.get("implementation")
        return str(inner.get("rule", "rule")) if isinstance(inner, dict) else "rule"
    return str(entry.get("description") or entry.get("type") or "rule")


def _add_engine(rules: Rules, head: Head, entry: Mapping[str, Any], where: Where) -> None:
    engine = entry["engine"]
    if engine.lower() == ENGINE:
        add_custom(rules, head, entry["implementation"], where.logical, where.names)
    elif get_close_matches(engine.lower(), [ENGINE], 1, 0.8):
        raise Wrong((*head.steps, "engine"), f"unknown engine {shown(engine)}{nearest(engine, [ENGINE])}")
    else:
        rules.not_checked(head.name, f"it is for the engine {shown(engine)}", head.steps, where.column)


def _add_metric(rules: Rules, head: Head, entry: Mapping[str, Any], where: Where) -> None:
    metric = entry["metric"]
    arguments = entry.get("arguments", {})
    known = _ARGUMENTS[metric]
    for key in arguments:
        if key not in known:
            hint = nearest(key, known) or f": {metric} takes none"
            raise Wrong((*head.steps, "arguments", key), f"unknown argument '{key}'{hint}")
    if metric == "rowCount":
        rules.rules.append(counted(head, entry))
        return
    if metric == "duplicateValues":
        rules.rules.append(limited(head, _unique(arguments, where, head.steps), entry))
        return
    if where.column is None:
        raise Wrong((*head.steps, "metric"), f"{metric} is about a column: write it under the column's quality")
    rules.rules += [limited(head, one, entry) for one in _CONDITIONS[metric](where.column, arguments, head.steps)]


def _nulls(column: str, _: Mapping[str, Any], __: Steps) -> list[Condition]:
    return [NotNull(column)]


def _missing(column: str, arguments: Mapping[str, Any], steps: Steps) -> list[Condition]:
    if "missingValues" not in arguments:
        raise Wrong(steps, "missingValues needs the argument missingValues: the values that stand for nothing")
    values = _values(arguments["missingValues"], (*steps, "arguments", "missingValues"), nulls=True)
    kept = tuple(value for value in values if value is not None)
    if len(kept) == len(values):
        return [NoneOf(column, kept)]
    if not kept:
        return [NotNull(column)]
    return [Sql(_known(column, kept))]


def _known(column: str, missing: Sequence[Value]) -> str:
    """An expression that is true of a value that is neither null nor any of these.

    Numbers are compared as numbers, whatever the column's type: a floating -999 is written -999.0. NaN is none.
    """
    name = '"' + column.replace('"', '""') + '"'
    text, number = f"CAST({name} AS VARCHAR)", f"TRY_CAST(CAST({name} AS VARCHAR) AS DOUBLE)"
    texts = ", ".join("'" + _text(value).replace("'", "''") + "'" for value in missing)
    numbers = [repr(value) for value in missing if isinstance(value, int | float) and not isinstance(value, bool)]
    parts = [f"{name} IS NOT NULL", f"{text} NOT IN ({texts})"]
    if numbers:
        parts.append(f"coalesce({number} NOT IN ({', '.join(numbers)}) AND NOT isnan({number}), true)")
    return " AND ".join(parts)


def _text(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _invalid(column: str, arguments: Mapping[str, Any], steps: Steps) -> list[Condition]:
    place = (*steps, "arguments")
    if len(arguments) != 1:
        raise Wrong(
            place, f"expected validValues or a pattern, came {' and '.join(arguments) or 'neither'}: one rule each"
        )
    if "pattern" in arguments:
        return [Matches(column, checked_pattern(arguments["pattern"], (*place, "pattern")))]
    values = _values(arguments["validValues"], (*place, "validValues"), nulls=True)
    return [OneOf(column, tuple(value for value in values if value is not None))]


_CONDITIONS: dict[str, Callable[[str, Mapping[str, Any], Steps], list[Condition]]] = {
    "nullValues": _nulls,
    "missingValues": _missing,
    "invalidValues": _invalid,
}


def _values(given: Any, steps: Steps, *, nulls: bool = False) -> list[Any]:
    if not isinstance(given, list) or not given:
        raise Wrong(steps, f"expected a list of values, came {shown(given)}")
    for number, value in enumerate(given):
        if not isinstance(value, bool | int | float | str) and not (nulls and value is None):
            raise Wrong((*steps, number), f"expected a text or a number, came {shown(value)}")
    return given


def _unique(arguments: Mapping[str, Any], where: Where, steps: Steps) -> Unique:
    if "properties" not in arguments:
        if where.column is None:
            raise Wrong(steps, "duplicateValues of a table needs the argument properties: which columns together")
        return Unique((where.column,))
    place = (*steps, "arguments", "properties")
    columns = []
    for number, name in enumerate(_values(arguments["properties"], place)):
        if str(name) not in where.names:
            raise Wrong(
                (*place, number), f"there is no column '{name}' in the contract{nearest(str(name), where.names)}"
            )
        columns.append(where.names[str(name)])
    return Unique(tuple(columns))


def _query(head: Head, entry: Mapping[str, Any], where: Where) -> QueryRule:
    operator, value = operator_of(entry, head.steps)
    place = (*head.steps, "query")

    def variable(found: re.Match[str]) -> str:
        word = found[1]
        if word in _TABLE_WORDS:
            return "${table}"
        if word not in _COLUMN_WORDS:
            raise Wrong(place, f"unknown variable {found[0]}: known are ${{table}} and, of a column, ${{column}}")
        if where.column is None:
            raise Wrong(place, f"{found[0]} is for the rules of a column, and this is a table's")
        return "${column}"

    query = _VARIABLE.sub(variable, entry["query"])
    return QueryRule(head.name, query, operator, value, head.column, head.severity, head.place)
