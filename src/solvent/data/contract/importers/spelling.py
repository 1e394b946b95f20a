"""How a draft's types and conditions are written in the Open Data Contract Standard.

The standard's own words where it has some (``required``, ``unique``, ``logicalTypeOptions``, the library's metrics),
else Solvent's rules (``type: custom``, ``engine: solvent``), and a query for a part of the values that are there.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any

from solvent.data.contract.custom import ENGINE
from solvent.data.contract.importers import sqltext
from solvent.data.contract.importers.draft import Asked, ColumnDraft, TableDraft
from solvent.data.contract.model import OPTIONAL, ROLE, LogicalType
from solvent.data.engine.conditions import (
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
    Value,
)

_PARSERS: dict[LogicalType, Any] = {
    "date": date.fromisoformat,
    "timestamp": datetime.fromisoformat,
    "time": time.fromisoformat,
}


def property_of(column: ColumnDraft, table: TableDraft) -> dict[str, Any]:
    """A column as a property of the standard."""
    if column.logical is None:
        column.logical = _guessed(column)
        table.note(
            f"the type of column '{column.name}' is not said, and the standard asks for one: "
            f"'{column.logical}' is a guess, to be corrected"
        )
    written: dict[str, Any] = {"name": column.name, "logicalType": column.logical} | column.extra
    options = dict(column.options)
    quality: list[dict[str, Any]] = []
    for asked in column.asked:
        if why := _misfit(asked, column.logical):
            table.drop(asked.place, asked.rule, why)
        else:
            _write(asked, column, table, written, options, quality)
    custom: list[dict[str, Any]] = [{"property": ROLE, "value": column.role}] if column.role else []
    if not column.present:
        custom.append({"property": OPTIONAL, "value": True})
    found = {"logicalTypeOptions": options, "customProperties": custom, "quality": quality}
    return written | {key: value for key, value in found.items() if value}


def schema_quality(table: TableDraft) -> list[dict[str, Any]]:
    """The rules of a whole table: those asked of several columns, and those that are there already."""
    quality: list[dict[str, Any]] = []
    for asked in table.asked:
        if asked.share:
            table.drop(asked.place, asked.rule, "a part of the rows, asked of several columns")
        elif isinstance(asked.condition, Unique) and not asked.condition.nulls:
            arguments = {"properties": list(asked.condition.columns)}
            quality.append(_library("duplicateValues", asked, arguments) | {"mustBe": 0})
        else:
            quality.append(_custom(asked))
    return quality + table.quality


def _guessed(column: ColumnDraft) -> LogicalType:
    """The type that a column's conditions speak of; ``string`` if they speak of none."""
    values: list[Value] = []
    for condition in (asked.condition for asked in column.asked):
        if isinstance(condition, MultipleOf):
            return "number"
        if isinstance(condition, (Matches, Length)):
            return "string"
        if isinstance(condition, InRange):
            values += [bound for bound in (condition.low, condition.high) if bound is not None]
        if isinstance(condition, (OneOf, NoneOf)):
            values += condition.values
    if not values:
        return "string"
    if all(isinstance(value, bool) for value in values):
        return "boolean"
    if all(isinstance(value, (int, float)) for value in values):
        return "number"
    day = r"\d{4}-\d\d-\d\d"
    if all(isinstance(value, str) and re.fullmatch(day, value) for value in values):
        return "date"
    if all(isinstance(value, str) and re.match(day + r"[T ]\d\d:\d\d", value) for value in values):
        return "timestamp"
    return "string"


def _misfit(asked: Asked, logical: LogicalType) -> str | None:
    """Why a condition can't be asked of a column of this type."""
    condition = asked.condition
    if isinstance(condition, (Length, Matches)) and logical not in ("string", "array"):
        return f"the column is a {logical}, which has neither length nor letters"
    if isinstance(condition, MultipleOf) and logical not in ("integer", "number"):
        return f"the column is a {logical}, not a number"
    if not isinstance(condition, InRange):
        return None
    bounds = [bound for bound in (condition.low, condition.high) if bound is not None]
    if logical in ("integer", "number"):
        return None if all(isinstance(bound, (int, float)) for bound in bounds) else "the bounds are no numbers"
    if not all(isinstance(bound, str) for bound in bounds) or logical not in ("string", *_PARSERS):
        return f"the column is a {logical}, and the bounds are not"
    try:
        values = [_PARSERS.get(logical, str)(bound) for bound in bounds]
        if len(values) == 2 and values[0] > values[1]:
            return "no value lies between the bounds"
    except (ValueError, TypeError):
        return f"the bounds are no {logical} in ISO 8601"
    return None


def _write(
    asked: Asked,
    column: ColumnDraft,
    table: TableDraft,
    written: dict[str, Any],
    options: dict[str, Any],
    quality: list[dict[str, Any]],
) -> None:
    """One condition, in the first words that say just this."""
    condition = asked.condition
    plain = asked.share == 0 and asked.severity == "error"
    if isinstance(condition, NotNull) and plain:
        written["required"] = True
    elif isinstance(condition, NotNull):
        limit = {"mustBeLessOrEqualTo": _percent(asked.share), "unit": "percent"} if asked.share else {"mustBe": 0}
        quality.append(_library("nullValues", asked) | limit)
    elif isinstance(condition, Unique):
        if asked.share:
            table.drop(asked.place, asked.rule, "a part of duplicates is counted otherwise from tool to tool")
        elif plain and not condition.nulls:
            written["unique"] = True
        else:
            quality.append(_custom(asked))
    elif plain and (found := _as_options(asked, column.logical)) and _compatible(found, options):
        options |= found
    elif asked.share and not _required(column):
        query = sqltext.percentage(condition, column.name)
        if query is None:
            table.drop(asked.place, asked.rule, "a part of the values: can't be written as a query")
            return
        limit = {"mustBeLessOrEqualTo": _percent(asked.share), "unit": "percent"}
        quality.append(_named(asked, {"type": "sql", "query": query}) | limit)
    elif isinstance(condition, OneOf) and not asked.share:
        quality.append(_library("invalidValues", asked, {"validValues": list(condition.values)}) | {"mustBe": 0})
    else:
        quality.append(_custom(asked))


def _required(column: ColumnDraft) -> bool:
    """Whether no value may be missing: then a part of the values is a part of the rows."""
    return any(
        isinstance(asked.condition, NotNull) and not asked.share and asked.severity == "error" for asked in column.asked
    )


def _as_options(asked: Asked, logical: LogicalType | None) -> dict[str, Any] | None:
    """A condition as ``logicalTypeOptions``, if the type has them."""
    condition = asked.condition
    if isinstance(condition, Matches) and logical == "string":
        return {"pattern": condition.pattern}
    if isinstance(condition, Length) and logical in ("string", "array"):
        unit = "Length" if logical == "string" else "Items"
        least = {f"min{unit}": condition.least} if condition.least else {}
        return least | ({f"max{unit}": condition.most} if condition.most is not None else {})
    if isinstance(condition, MultipleOf):
        return {"multipleOf": condition.step}
    if isinstance(condition, InRange) and logical != "string":
        return _bounds(condition)
    return None


def _bounds(condition: InRange) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if condition.low is not None:
        found["exclusiveMinimum" if condition.open_low else "minimum"] = condition.low
    if condition.high is not None:
        found["exclusiveMaximum" if condition.open_high else "maximum"] = condition.high
    return found


def _compatible(found: dict[str, Any], options: dict[str, Any]) -> bool:
    """Whether two rules can be one: neither says what the other does, and together they leave something."""
    if found.keys() & options.keys():
        return False
    both = found | options
    for low, high in (("inimum", "aximum"), ("inLength", "axLength"), ("inItems", "axItems")):
        lows = [both[key] for key in both if key.endswith(low)]
        highs = [both[key] for key in both if key.endswith(high)]
        if any(least >= most and found.keys() != both.keys() for least in lows for most in highs):
            return False
    return True


def _library(metric: str, asked: Asked, arguments: dict[str, Any] | None = None) -> dict[str, Any]:
    return _named(asked, {"type": "library", "metric": metric} | ({"arguments": arguments} if arguments else {}))


def _custom(asked: Asked) -> dict[str, Any]:
    """A condition in Solvent's vocabulary."""
    said = _rule(asked)
    if asked.share:
        said["allowed"] = f"{_percent(asked.share):.9f}".rstrip("0").rstrip(".") + " %"
    return _named(asked, {"type": "custom", "engine": ENGINE, "implementation": said})


def _rule(asked: Asked) -> dict[str, Any]:
    condition = asked.condition
    if isinstance(condition, InRange):
        return {"rule": "range"} | _bounds(condition)
    if isinstance(condition, (OneOf, NoneOf)):
        return {"rule": "oneOf" if isinstance(condition, OneOf) else "noneOf", "values": list(condition.values)}
    if isinstance(condition, Matches):
        return {"rule": "matches", "pattern": condition.pattern}
    if isinstance(condition, Length):
        most = {} if condition.most is None else {"most": condition.most}
        return {"rule": "length", "least": condition.least} | most
    if isinstance(condition, MultipleOf):
        return {"rule": "multipleOf", "step": condition.step}
    if isinstance(condition, Unique):
        return {"rule": "unique", "columns": list(condition.columns), "nulls": condition.nulls}
    if isinstance(condition, Sql):
        return {"rule": "sql", "expression": condition.expression}
    return {"rule": "finite" if isinstance(condition, Finite) else "notNull"}


def _named(asked: Asked, rule: dict[str, Any]) -> dict[str, Any]:
    return rule | {"name": asked.rule} | ({"severity": asked.severity} if asked.severity != "error" else {})


def _percent(share: float) -> float:
    return round(share * 100, 9)
