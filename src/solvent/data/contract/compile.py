"""From a document of the standard to the contract that Solvent checks.

What can't be checked is listed with the reason (``TableContract.unchecked``), and what can't be meant is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from solvent.data.contract.digest import digest_of
from solvent.data.contract.model import (
    EXTRA_COLUMNS,
    OPTIONAL,
    ROLE,
    STATUSES,
    ColumnContract,
    Contract,
    TableContract,
)
from solvent.data.contract.names import nearest, shown
from solvent.data.contract.options import add_options
from solvent.data.contract.quality import Where, add_quality
from solvent.data.contract.rules import Rules, Wrong
from solvent.data.contract.words import words_of
from solvent.data.contract.yaml_text import Steps
from solvent.data.engine.conditions import NotNull, OneOf, Unique


def compile_document(document: Mapping[str, Any]) -> Contract:
    """The contract of a document that the standard's schema has nothing against.

    Raises:
        Wrong: Solvent has something against it; who knows the file says where.
    """
    status = document.get("status", "draft")
    if status not in STATUSES:
        raise Wrong(("status",), f"the status {shown(status)} is not known{nearest(status, STATUSES)}")
    words_of(document, "contract", ())
    tables = document.get("schema", [])
    _no_name_twice([str(table["name"]) for table in tables], ("schema",), "table")
    return Contract(
        id=document["id"],
        version=document["version"],
        status=status,
        tables=tuple(_table(table, ("schema", number)) for number, table in enumerate(tables)),
        digest=digest_of(document),
        document=document,
        name=document.get("name", ""),
    )


def data_name(part: Mapping[str, Any]) -> str:
    """What data calls a column."""
    return str(part.get("physicalName") or part["name"])


def _no_name_twice(names: Sequence[str], steps: Steps, what: str) -> None:
    seen: set[str] = set()
    for number, name in enumerate(names):
        if name in seen:
            raise Wrong((*steps, number, "name"), f"a second {what} '{name}': each has a name of its own")
        seen.add(name)


def _table(table: Mapping[str, Any], steps: Steps) -> TableContract:
    words = words_of(table, "table", steps)
    columns = table.get("properties", [])
    _no_name_twice([str(column["name"]) for column in columns], (*steps, "properties"), "column")
    _no_name_twice([data_name(column) for column in columns], (*steps, "properties"), "column")
    names = {str(column["name"]): data_name(column) for column in columns}
    rules = Rules()
    found = [_column(rules, column, names, (*steps, "properties", number)) for number, column in enumerate(columns)]
    _add_primary_key(rules, columns, steps)
    _add_relationships(rules, table, None, steps)
    add_quality(rules, table.get("quality", []), Where(None, None, names), (*steps, "quality"))
    return TableContract(
        name=table["name"],
        columns=tuple(found),
        rules=tuple(rules.rules),
        extra_columns=words.get(EXTRA_COLUMNS, "warn"),
        unchecked=tuple(rules.unchecked),
        physical=table.get("physicalName") or None,
    )


def _column(rules: Rules, column: Mapping[str, Any], names: Mapping[str, str], steps: Steps) -> ColumnContract:
    words = words_of(column, "column", steps)
    name, logical = data_name(column), column.get("logicalType")
    if column.get("required"):
        rules.every_row("not null", NotNull(name), (*steps, "required"), name)
    if column.get("unique"):
        rules.every_row("unique", Unique((name,)), (*steps, "unique"), name)
    add_options(rules, name, logical, column.get("logicalTypeOptions", {}), (*steps, "logicalTypeOptions"))
    if "enum" in column:
        values = tuple(entry["value"] for entry in column["enum"] if entry["value"] is not None)
        rules.every_row(f"one of {len(values)} values", OneOf(name, values), (*steps, "enum"), name)
    for key in ("properties", "items", "map"):
        if key in column:
            rules.not_checked(
                f"{key} of '{name}'", "what is inside nested values is not looked at", (*steps, key), name
            )
    _add_relationships(rules, column, name, steps)
    add_quality(rules, column.get("quality", []), Where(name, logical, names), (*steps, "quality"))
    return ColumnContract(
        name=name,
        logical=logical,
        physical=column.get("physicalType"),
        present=not words.get(OPTIONAL, False),
        role=words.get(ROLE),
        description=column.get("description", ""),
    )


def _add_primary_key(rules: Rules, columns: Sequence[Mapping[str, Any]], steps: Steps) -> None:
    """No part of the key is null, and no two rows have the same key."""
    parts = [(number, column) for number, column in enumerate(columns) if column.get("primaryKey")]
    for number, column in parts:
        place = (*steps, "properties", number, "primaryKey")
        if not column.get("required"):
            rules.every_row("not null", NotNull(data_name(column)), place, data_name(column))
    if parts:
        key = [data_name(column) for _, column in sorted(parts, key=lambda part: part[1].get("primaryKeyPosition", -1))]
        single = parts[0][1]
        if len(key) == 1 and single.get("unique"):
            return
        place = (*steps, "properties", parts[0][0], "primaryKey")
        rules.every_row("primary key", Unique(tuple(key)), place, key[0] if len(key) == 1 else None)


def _add_relationships(rules: Rules, part: Mapping[str, Any], column: str | None, steps: Steps) -> None:
    for number, _ in enumerate(part.get("relationships", [])):
        place = (*steps, "relationships", number)
        rules.not_checked("foreign key", "other tables are not looked at", place, column)
