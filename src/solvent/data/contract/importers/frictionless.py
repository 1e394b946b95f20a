"""Frictionless Table Schemas and data packages, versions 1 and 2.

The fields: https://datapackage.org/standard/table-schema/
"""

from __future__ import annotations

from typing import Any

from solvent.data.contract.importers.document import finished
from solvent.data.contract.importers.draft import Draft, TableDraft
from solvent.data.contract.importers.outcome import Imported
from solvent.data.contract.importers.patterns import whole
from solvent.data.contract.importers.source import mapping, scalars, sequence, shown
from solvent.data.contract.model import LogicalType
from solvent.data.engine.conditions import InRange, Length, Matches, NotNull, OneOf, Unique

_TYPES: dict[str, LogicalType] = {
    "string": "string",
    "number": "number",
    "integer": "integer",
    "boolean": "boolean",
    "object": "object",
    "array": "array",
    "list": "array",
    "date": "date",
    "time": "time",
    "datetime": "timestamp",
    "year": "integer",
}
_FORMATS = {"email": "email", "uri": "uri", "uuid": "uuid", "binary": "byte"}
_READING = {"decimalChar": ".", "groupChar": "", "bareNumber": True, "delimiter": ","}
"""How a text becomes a value: only said where it is not the default."""
_WORDS = (
    frozenset(
        [
            "name",
            "type",
            "format",
            "title",
            "description",
            "constraints",
            "rdfType",
            "example",
            "examples",
            "missingValues",
            "trueValues",
            "falseValues",
            "itemType",
            "categories",
            "categoriesOrdered",
        ]
    )
    | _READING.keys()
)
_CONSTRAINTS = frozenset(
    [
        "required",
        "unique",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "minLength",
        "maxLength",
        "pattern",
        "enum",
    ]
)


def recognises(value: Any) -> bool:
    return isinstance(value, dict) and (
        isinstance(value.get("fields"), list) or isinstance(value.get("resources"), list)
    )


def read(value: Any, name: str) -> Imported:
    """
    Raises:
        InvalidContract: it is not as Frictionless writes it.
    """
    given = mapping(value, name)
    draft = Draft(str(given.get("name") or name), "Frictionless")
    if isinstance(given.get("description"), str):
        draft.description = given["description"]
    if "resources" not in given:
        _table(draft.table(draft.name), given, "")
        return finished(draft)
    for number, entry in enumerate(sequence(given["resources"], "resources")):
        place = f"resources[{number}]"
        resource = mapping(entry, place)
        schema = resource.get("schema")
        title = str(resource.get("name") or number)
        if isinstance(schema, dict):
            _table(draft.table(title), schema, f"{place}.schema.")
        else:
            draft.drop(f"{place}.schema", shown(schema), "no schema within the package, and none is fetched")
    return finished(draft)


def _table(table: TableDraft, schema: dict[str, Any], place: str) -> None:
    match = schema.get("fieldsMatch", "exact")
    match = match[0] if isinstance(match, list) and match else match
    table.extra_columns = "refuse" if match in ("exact", "equal", "superset") else "allow"
    for number, entry in enumerate(sequence(schema.get("fields"), f"{place}fields")):
        _field(table, mapping(entry, f"{place}fields[{number}]"), f"{place}fields[{number}]")
    if match in ("superset", "partial"):
        for column in table.columns.values():
            column.present = False
    if schema.get("missingValues", [""]) != [""]:
        table.drop(f"{place}missingValues", shown(schema["missingValues"]), "texts that stand for nothing")
    if "foreignKeys" in schema:
        table.drop(f"{place}foreignKeys", shown(schema["foreignKeys"]), "rows of other tables are not looked at")
    keys = [("primaryKey", schema.get("primaryKey"))]
    keys += [("uniqueKeys", key) for key in sequence(schema.get("uniqueKeys"), f"{place}uniqueKeys")]
    for word, key in keys:
        names = tuple(map(str, [key] if isinstance(key, str) else sequence(key, f"{place}{word}")))
        if not names:
            continue
        for name in names if word == "primaryKey" else ():
            table.ask(NotNull(name), f"{place}primaryKey", "primary key")
        table.ask(Unique(names), f"{place}{word}", f"{word}: {', '.join(names)}")


def _field(table: TableDraft, field: dict[str, Any], place: str) -> None:
    column = table.column(str(field.get("name")))
    for key, word in (("description", "description"), ("title", "businessName")):
        if isinstance(field.get(key), str):
            column.extra[word] = field[key]
    kind = field.get("type", "any")
    if isinstance(kind, str) and kind in _TYPES:
        column.typed(_TYPES[kind])
    elif kind == "yearmonth":
        column.typed("string")
        table.ask(Matches(column.name, r"^\d{4}-\d{2}$"), f"{place}.type", "yearmonth")
    elif kind != "any":
        table.drop(f"{place}.type", shown(kind), "the standard has no such type")
    form = field.get("format", "default")
    if kind == "string" and form in _FORMATS:
        column.options["format"] = _FORMATS[form]
    elif form not in ("default", "any"):
        table.drop(f"{place}.format", shown(form), "how a text becomes a value")
    for key, usual in _READING.items():
        if field.get(key, usual) != usual:
            table.drop(f"{place}.{key}", shown(field[key]), "how a text becomes a value")
    for key in ("trueValues", "falseValues", "missingValues"):
        if key in field:
            table.drop(f"{place}.{key}", shown(field[key]), "how a text becomes a value")
    for key in ("itemType", "categories"):
        if key in field:
            table.drop(f"{place}.{key}", shown(field[key]), "a contract has no such rule")
    for key in field.keys() - _WORDS:
        table.drop(f"{place}.{key}", shown(field[key]), "not known")
    _constraints(table, column.name, mapping(field.get("constraints"), f"{place}.constraints"), f"{place}.constraints")


def _constraints(table: TableDraft, name: str, given: dict[str, Any], place: str) -> None:
    for key in given.keys() - _CONSTRAINTS:
        table.drop(f"{place}.{key}", shown(given[key]), "a contract has no such rule")
    if given.get("required") is True:
        table.ask(NotNull(name), f"{place}.required", "required")
    if given.get("unique") is True:
        table.ask(Unique((name,)), f"{place}.unique", "unique")
    for key in ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"):
        if key in given:
            _bound(table, name, key, given[key], f"{place}.{key}")
    lengths = [given.get(key) for key in ("minLength", "maxLength")]
    if lengths != [None, None]:
        if all(length is None or type(length) is int for length in lengths):
            table.ask(Length(name, lengths[0] or 0, lengths[1]), f"{place}.minLength", f"length {shown(lengths)}")
        else:
            table.drop(f"{place}.minLength", shown(lengths), "the lengths are no whole numbers")
    if "pattern" in given:
        if isinstance(given["pattern"], str):
            table.ask(Matches(name, whole(given["pattern"])), f"{place}.pattern", f"pattern {given['pattern']}")
        else:
            table.drop(f"{place}.pattern", shown(given["pattern"]), "no pattern")
    if "enum" in given:
        values = scalars(given["enum"])
        if values is None:
            table.drop(f"{place}.enum", shown(given["enum"]), "values that are no texts, numbers or booleans")
        else:
            table.ask(OneOf(name, values), f"{place}.enum", f"enum {shown(given['enum'])}")


def _bound(table: TableDraft, name: str, key: str, bound: Any, place: str) -> None:
    """A bound may stand as a text, of a number too."""
    if isinstance(bound, str) and table.column(name).logical in ("integer", "number"):
        try:
            bound = float(bound) if "." in bound or "e" in bound.lower() else int(bound)
        except ValueError:
            bound = None
    if not isinstance(bound, (int, float, str)):
        table.drop(place, shown(bound), "the bound is neither number nor text")
        return
    opened = key.startswith("exclusive")
    low = key.lower().endswith("minimum")
    condition = InRange(name, low=bound, open_low=opened) if low else InRange(name, high=bound, open_high=opened)
    table.ask(condition, place, f"{key} {bound}")
