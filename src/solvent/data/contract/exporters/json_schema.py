"""JSON Schema 2020-12 of a row."""

from __future__ import annotations

import json
from typing import Any

from solvent.data.contract.exporters.outcome import Exported, Lost
from solvent.data.contract.exporters.rules import (
    lose_unchecked,
    lost_rule,
    plain_rules,
    required,
    searched_pattern,
    table_rules,
)
from solvent.data.contract.model import ColumnContract, Contract, LogicalType, TableContract
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
    Value,
)

_TYPES: dict[LogicalType, dict[str, Any]] = {
    "string": {"type": "string"},
    "number": {"type": "number"},
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "timestamp": {"type": "string", "format": "date-time"},
    "time": {"type": "string", "format": "time"},
    "object": {"type": "object"},
    "map": {"type": "object"},
    "array": {"type": "array"},
    "vector": {"type": "array", "items": {"type": "number"}},
}


def write(contract: Contract, table: TableContract) -> Exported:
    """The schema as text. A value that may be null may be null in JSON too, or missing if the column may be."""
    lost: list[Lost] = []
    schema: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": contract.name or table.name,
        "type": "object",
        "properties": {column.name: _property(table, column, lost) for column in table.columns},
        "required": [column.name for column in table.columns if column.present],
    }
    if table.extra_columns == "refuse":
        schema["additionalProperties"] = False
    lost += [lost_rule(rule, "a schema of one row can't say it") for rule in table_rules(table)]
    lose_unchecked(table, lost)
    return Exported(json.dumps(schema, indent=2, ensure_ascii=False) + "\n", lost)


def _property(table: TableContract, column: ColumnContract, lost: list[Lost]) -> dict[str, Any]:
    said = dict(_TYPES[column.logical]) if column.logical else {}
    nullable = not required(table, column)
    if nullable and said:
        said["type"] = [said["type"], "null"]
    if column.description:
        said["description"] = column.description
    more: list[dict[str, Any]] = []
    for rule in plain_rules(table, column.name, lost):
        if isinstance(rule.condition, (NotNull, Finite)):
            if isinstance(rule.condition, NotNull) and not said.get("type"):
                more.append({"not": {"type": "null"}})
            continue
        words = _words(rule.condition, column, nullable)
        if words is None:
            lost.append(lost_rule(rule, "JSON Schema has no word for it"))
        elif words.keys() & said.keys():
            more.append(words)
        else:
            said |= words
    return said | ({"allOf": more} if more else {})


def _words(condition: Condition, column: ColumnContract, nullable: bool) -> dict[str, Any] | None:
    if isinstance(condition, InRange):
        return _range(condition)
    if isinstance(condition, OneOf):
        nothing: list[Value | None] = [None] if nullable else []
        return {"enum": [*condition.values, *nothing]}
    if isinstance(condition, NoneOf):
        return {"not": {"enum": list(condition.values)}}
    if isinstance(condition, Matches):
        pattern = searched_pattern(condition.pattern)
        return None if pattern is None else {"pattern": pattern}
    if isinstance(condition, Length):
        unit = "Items" if column.logical in ("array", "vector") else "Length"
        most = {} if condition.most is None else {f"max{unit}": condition.most}
        return {f"min{unit}": condition.least} | most
    return {"multipleOf": condition.step} if isinstance(condition, MultipleOf) else None


def _range(condition: InRange) -> dict[str, Any] | None:
    if any(isinstance(bound, str) for bound in (condition.low, condition.high)):
        return None
    found: dict[str, Any] = {}
    if condition.low is not None:
        found["exclusiveMinimum" if condition.open_low else "minimum"] = condition.low
    if condition.high is not None:
        found["exclusiveMaximum" if condition.open_high else "maximum"] = condition.high
    return found
