"""JSON Schema (draft 4 to 2020-12) of a row, or of a list of rows.

A key that may be missing is read as a value that may be null, as it is in a table. The keywords:
https://json-schema.org/draft/2020-12/json-schema-validation
"""

from __future__ import annotations

from typing import Any

from solvent.data.contract.importers.document import finished
from solvent.data.contract.importers.draft import Draft, TableDraft
from solvent.data.contract.importers.outcome import Imported
from solvent.data.contract.importers.references import Unresolved, resolved
from solvent.data.contract.importers.source import mapping, scalars, sequence, shown, whole_number
from solvent.data.contract.model import LogicalType
from solvent.data.engine.conditions import InRange, Length, Matches, MultipleOf, NotNull, OneOf

_TYPES: dict[str, LogicalType] = {
    "string": "string",
    "number": "number",
    "integer": "integer",
    "boolean": "boolean",
    "array": "array",
    "object": "object",
}
_TIMES: dict[str, LogicalType] = {"date": "date", "date-time": "timestamp", "time": "time"}
_FORMATS = ("email", "uuid", "uri", "hostname", "ipv4")
_ANNOTATIONS = frozenset(
    [
        "$schema",
        "$id",
        "id",
        "$comment",
        "$anchor",
        "$defs",
        "definitions",
        "$vocabulary",
        "title",
        "description",
        "default",
        "examples",
        "example",
        "deprecated",
        "readOnly",
        "writeOnly",
    ]
)
_OF_ROWS = frozenset(
    ["type", "properties", "required", "additionalProperties", "unevaluatedProperties", "allOf", "$ref"]
)
_OF_NESTED = frozenset(["items", "properties", "required", "additionalProperties", "prefixItems"])
_BOUNDS = frozenset(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"])
_LENGTHS = {"minLength": 0, "maxLength": 1, "minItems": 0, "maxItems": 1}
_KNOWN = _ANNOTATIONS | _BOUNDS | _LENGTHS.keys() | _OF_NESTED
_KNOWN |= frozenset(
    [
        "type",
        "enum",
        "const",
        "multipleOf",
        "pattern",
        "format",
        "uniqueItems",
        "allOf",
        "anyOf",
        "oneOf",
        "$ref",
        "nullable",
    ]
)


def recognises(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    named = "json-schema.org" in str(value.get("$schema", ""))
    return named or (value.get("type") in ("object", "array") and ("properties" in value or "items" in value))


class _Reader:
    """One schema: its root is where references lead."""

    def __init__(self, root: dict[str, Any], table: TableDraft) -> None:
        self.root = root
        self.table = table

    def rows(self, schema: dict[str, Any], place: str) -> None:
        """What is asked of each row."""
        schema = self._followed(schema, place)
        if isinstance(schema.get("description"), str):
            self.table.extra.setdefault("description", schema["description"])
        if schema.get("type", "object") != "object":
            self.table.drop(f"{place}/type", shown(schema["type"]), "a row is an object")
        for key in schema.keys() - _OF_ROWS - _ANNOTATIONS:
            self.table.drop(f"{place}/{key}", shown(schema[key]), "not asked of rows by a contract")
        for key in ("additionalProperties", "unevaluatedProperties"):
            if schema.get(key) is False:
                self.table.extra_columns = "refuse"
            elif schema.get(key) is True:
                self.table.extra_columns = self.table.extra_columns or "allow"
            elif isinstance(schema.get(key), dict):
                self.table.drop(f"{place}/{key}", shown(schema[key]), "rules for columns that are not named")
        for number, part in enumerate(sequence(schema.get("allOf"), f"{place}/allOf")):
            self.rows(mapping(part, f"{place}/allOf/{number}"), f"{place}/allOf/{number}")
        required = sequence(schema.get("required"), f"{place}/required")
        for name, part in mapping(schema.get("properties"), f"{place}/properties").items():
            self.column(name, part, f"{place}/properties/{name}", required=name in required)
        for name in map(str, required):
            self.table.column(name)

    def column(self, name: str, schema: Any, place: str, *, required: bool) -> None:
        """One key of the rows. ``true`` and ``{}`` ask nothing of it, ``false`` that it is never there."""
        column = self.table.column(name)
        if schema is True:
            schema = {}
        if not isinstance(schema, dict):
            self.table.drop(place, shown(schema), "no schema of a value")
            return
        schema = self._followed(schema, place)
        nullable = self._asked(name, schema, place)
        if required and not nullable:
            self.table.ask(NotNull(name), place, "required")
        column.present = column.present and required
        for key, word in (("description", "description"), ("title", "businessName")):
            if isinstance(schema.get(key), str):
                column.extra[word] = schema[key]
        if schema.get("deprecated") is True:
            column.extra["deprecated"] = True

    def _followed(self, schema: dict[str, Any], place: str) -> dict[str, Any]:
        try:
            return resolved(schema, self.root)
        except Unresolved as error:
            self.table.drop(f"{place}/$ref", shown(schema.get("$ref")), str(error))
            return {key: value for key, value in schema.items() if key != "$ref"}

    def _asked(self, name: str, schema: dict[str, Any], place: str, depth: int = 0) -> bool:
        """Ask all that a schema says of a value; whether it may be null."""
        schema = self._alternatives(schema, place)
        nullable = self._type(name, schema, place)
        self._values(name, schema, place)
        self._numbers(name, schema, place)
        self._texts(name, schema, place)
        self._nested(schema, place)
        for key in schema.keys() - _KNOWN:
            self.table.drop(f"{place}/{key}", shown(schema[key]), "a contract has no such rule")
        for number, part in enumerate(sequence(schema.get("allOf"), f"{place}/allOf")):
            inner = f"{place}/allOf/{number}"
            if depth > 10 or not isinstance(part, dict):
                self.table.drop(inner, shown(part), "no schema of a value that can be followed")
            else:
                nullable = self._asked(name, self._followed(part, inner), inner, depth + 1) and nullable
        return nullable

    def _alternatives(self, schema: dict[str, Any], place: str) -> dict[str, Any]:
        """``anyOf`` a schema and null is that schema, nullable; other alternatives are not carried over."""
        for key in ("anyOf", "oneOf"):
            if key not in schema:
                continue
            parts = sequence(schema[key], f"{place}/{key}")
            others = [part for part in parts if part != {"type": "null"}]
            rest = {word: value for word, value in schema.items() if word != key}
            if (
                len(others) == 1
                and len(parts) == 2
                and isinstance(others[0], dict)
                and not rest.keys() & others[0].keys() - _ANNOTATIONS
            ):
                schema = self._followed(others[0], f"{place}/{key}") | rest | {"nullable": True}
            elif (
                others
                and all(
                    isinstance(part, dict) and "const" in part and part.keys() <= _ANNOTATIONS | {"const", "type"}
                    for part in others
                )
                and "enum" not in schema
            ):
                schema = rest | {"enum": [part["const"] for part in others] + [None] * (len(others) < len(parts))}
            else:
                self.table.drop(f"{place}/{key}", shown(schema[key]), "alternatives: a contract asks for one thing")
                schema = rest | {"nullable": True}
        return schema

    def _type(self, name: str, schema: dict[str, Any], place: str) -> bool:
        given = schema.get("type", [])
        kinds = [given] if isinstance(given, str) else sequence(given, f"{place}/type")
        listed = schema.get("enum", [schema["const"]] if "const" in schema else [None])
        nullable = ("null" in kinds or not kinds) and isinstance(listed, list) and None in listed
        nullable = nullable or schema.get("nullable") is True
        others = [kind for kind in kinds if kind != "null"]
        if sorted(map(str, others)) == ["integer", "number"]:
            others = ["number"]
        column = self.table.column(name)
        if len(others) == 1 and str(others[0]) in _TYPES:
            logical = _TYPES[str(others[0])]
            if logical == "string":
                logical = _TIMES.get(str(schema.get("format")), logical)
            if column.logical not in (None, logical):
                self.table.drop(f"{place}/type", shown(given), f"the column is a {column.logical} already")
            column.typed(column.logical or logical)
        elif others or kinds:
            self.table.drop(f"{place}/type", shown(given), "not one type of the standard")
        return nullable

    def _values(self, name: str, schema: dict[str, Any], place: str) -> None:
        for key in ("enum", "const"):
            if key not in schema:
                continue
            values = scalars(schema[key] if key == "enum" else [schema[key]])
            if values is None:
                self.table.drop(f"{place}/{key}", shown(schema[key]), "values that are no texts, numbers or booleans")
            else:
                self.table.ask(OneOf(name, values), f"{place}/{key}", f"{key} {shown(schema[key])}")

    def _numbers(self, name: str, schema: dict[str, Any], place: str) -> None:
        for low in (True, False):
            word = "inimum" if low else "aximum"
            closed, opened = schema.get("m" + word), schema.get(f"exclusiveM{word}")
            if opened is True:  # draft 4: a flag
                closed, opened = None, closed
            for bound, is_open in ((closed, False), (opened, True)):
                if bound is None or bound is False:
                    continue
                rule, where = f"{'above' if low else 'below'} {shown(bound)}", f"{place}/m{word}"
                if isinstance(bound, bool) or not isinstance(bound, (int, float)):
                    self.table.drop(where, rule, "the bound is no number")
                elif low:
                    self.table.ask(InRange(name, low=bound, open_low=is_open), where, rule)
                else:
                    self.table.ask(InRange(name, high=bound, open_high=is_open), where, rule)
        if "multipleOf" in schema:
            step, rule = schema["multipleOf"], f"multiple of {shown(schema['multipleOf'])}"
            if isinstance(step, bool) or not isinstance(step, (int, float)):
                self.table.drop(f"{place}/multipleOf", rule, "the step is no number")
            else:
                self.table.ask(MultipleOf(name, step), f"{place}/multipleOf", rule)

    def _texts(self, name: str, schema: dict[str, Any], place: str) -> None:
        for words in (("minLength", "maxLength"), ("minItems", "maxItems")):
            bounds = [schema.get(word) for word in words]
            if bounds == [None, None]:
                continue
            rule = f"{words[0][3:].lower()} {shown(bounds)}"
            least, most = map(whole_number, bounds)
            if (least is None and bounds[0] is not None) or (most is None and bounds[1] is not None):
                self.table.drop(f"{place}/{words[0]}", rule, "the lengths are no whole numbers")
            else:
                self.table.ask(Length(name, least or 0, most), f"{place}/{words[0]}", rule)
        if "pattern" in schema:
            if isinstance(schema["pattern"], str):
                self.table.ask(Matches(name, schema["pattern"]), f"{place}/pattern", f"pattern {schema['pattern']}")
            else:
                self.table.drop(f"{place}/pattern", shown(schema["pattern"]), "no pattern")
        form = schema.get("format")
        if form in _FORMATS:
            self.table.column(name).options.setdefault("format", form)
        elif form is not None and str(form) not in _TIMES:
            self.table.drop(f"{place}/format", shown(form), "a format that is not checked")

    def _nested(self, schema: dict[str, Any], place: str) -> None:
        if schema.get("uniqueItems") is True:
            self.table.drop(f"{place}/uniqueItems", "true", "the elements of a list are not compared")
        for key in sorted(schema.keys() & _OF_NESTED):
            self.table.drop(f"{place}/{key}", shown(schema[key]), "what is inside nested values is not checked")


def read(value: Any, name: str) -> Imported:
    """
    Raises:
        InvalidContract: it is no JSON Schema of rows.
    """
    root = mapping(value, name)
    title = root.get("title")
    draft = Draft(title if isinstance(title, str) and title else name, "JSON Schema")
    table = draft.table(draft.name)
    reader = _Reader(root, table)
    schema = root
    if root.get("type") == "array" or ("items" in root and "properties" not in root):
        schema = mapping(root.get("items"), "#/items")
        _row_count(table, root)
        for key in root.keys() - _ANNOTATIONS - {"type", "items", "minItems", "maxItems"}:
            table.drop(f"#/{key}", shown(root[key]), "not asked of tables by a contract")
    reader.rows(schema, "#" if schema is root else "#/items")
    return finished(draft)


def _row_count(table: TableDraft, root: dict[str, Any]) -> None:
    for key, operator in (("minItems", "mustBeGreaterOrEqualTo"), ("maxItems", "mustBeLessOrEqualTo")):
        bound = root.get(key)
        if type(bound) is int:
            rule = {"type": "library", "metric": "rowCount", "name": f"{key} {bound}", operator: bound}
            table.quality.append(rule)
        elif bound is not None:
            table.drop(f"#/{key}", shown(bound), "the number is not whole")
