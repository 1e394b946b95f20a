"""MLflow's signature, as ``ModelSignature.from_dict`` reads it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from solvent.data.contract.exporters.outcome import Exported, Lost
from solvent.data.contract.exporters.rules import lose_unchecked, lost_rule, property_named, required
from solvent.data.contract.model import ColumnContract, Contract, RowRule, Rule, TableContract
from solvent.data.engine.conditions import NotNull

_SHORT = ("i8", "i16", "i32", "u8", "u16")
_PLAIN = {"string": "string", "boolean": "boolean", "timestamp": "datetime"}


def write(contract: Contract, table: TableContract) -> Exported:
    """Predictions are outputs, features inputs; where no column is a feature, all the others are inputs."""
    lost: list[Lost] = []
    features = any(column.role == "feature" for column in table.columns)
    inputs, outputs = [], []
    for column in table.columns:
        spec = _spec(contract, table, column, lost)
        if column.role == "prediction":
            outputs.append(spec)
        elif column.role == "feature" or not features:
            inputs.append(spec)
        else:
            lost.append(Lost(column.name, str(column.role), "not a feature: no part of a signature"))
    lost += [lost_rule(rule, "a signature knows types only") for rule in table.rules if not _is_required(rule)]
    lose_unchecked(table, lost)
    signature = {
        "inputs": json.dumps(inputs) if inputs else None,
        "outputs": json.dumps(outputs) if outputs else None,
        "params": None,
    }
    return Exported(json.dumps(signature, indent=2) + "\n", lost)


def _is_required(rule: Rule) -> bool:
    if not isinstance(rule, RowRule) or rule.allowed or rule.severity != "error":
        return False
    return isinstance(rule.condition, NotNull)


def _spec(contract: Contract, table: TableContract, column: ColumnContract, lost: list[Lost]) -> dict[str, Any]:
    said = _type(property_named(contract, table, column.name), 0)
    if said is None:
        lost.append(Lost(column.name, f"type {column.logical}", "MLflow has no such type: any value"))
        said = {"type": "any"}
    return said | {"name": column.name, "required": column.present and required(table, column)}


def _type(said: Mapping[str, Any], depth: int) -> dict[str, Any] | None:
    logical, form = said.get("logicalType"), said.get("logicalTypeOptions", {}).get("format")
    if depth > 30:
        return None
    if logical == "integer":
        return {"type": "integer" if form in _SHORT else "long"}
    if logical == "number":
        return {"type": "float" if form == "f32" else "double"}
    if logical == "string" and form == "binary":
        return {"type": "binary"}
    if logical in _PLAIN:
        return {"type": _PLAIN[logical]}
    if logical == "vector":
        return {"type": "array", "items": {"type": "double"}}
    if logical == "array":
        items = _type(said.get("items", {}), depth + 1)
        return items and {"type": "array", "items": items}
    if logical == "map":
        values = _type(said.get("map", {}).get("value", {}), depth + 1)
        return values and {"type": "map", "values": values}
    if logical == "object" and said.get("properties"):
        parts = {one["name"]: _type(one, depth + 1) for one in said["properties"]}
        found = {name: part | {"required": False} for name, part in parts.items() if part is not None}
        return {"type": "object", "properties": found} if len(found) == len(parts) else None
    return None
