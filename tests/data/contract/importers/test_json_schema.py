from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from solvent.data.contract.exporters.formats import export_contract
from solvent.data.contract.importers.formats import import_contract
from solvent.data.contract.importers.outcome import Imported
from solvent.data.contract.read import contract_of
from tests.data.contract.judged import refused


def imported(schema: dict[str, Any]) -> Imported:
    return import_contract(json.dumps(schema).encode(), "name", "file.json", "json-schema")


_NUMBERS = st.integers(-5, 5)
_TEXTS = st.text("abAB1", max_size=4)
_OF_NUMBERS = st.fixed_dictionaries(
    {"type": st.sampled_from([["number"], ["integer"], ["number", "null"]])},
    optional={
        "minimum": _NUMBERS,
        "maximum": _NUMBERS,
        "exclusiveMinimum": _NUMBERS,
        "exclusiveMaximum": _NUMBERS,
        "multipleOf": st.sampled_from([1, 2, 3]),
        "enum": st.lists(_NUMBERS, min_size=1, max_size=4, unique=True),
        "const": _NUMBERS,
    },
)
_OF_TEXTS = st.fixed_dictionaries(
    {"type": st.sampled_from([["string"], ["string", "null"]])},
    optional={
        "minLength": st.integers(0, 3),
        "maxLength": st.integers(0, 4),
        "pattern": st.sampled_from(["^a", "b$", "^[ab]+$", "A|1", "^a|b$", "[0-9]"]),
        "enum": st.lists(_TEXTS, min_size=1, max_size=4, unique=True),
    },
)


@settings(max_examples=150, deadline=None)
@given(
    column=st.one_of(_OF_NUMBERS, _OF_TEXTS),
    more=st.one_of(_OF_NUMBERS, _OF_TEXTS),
    values=st.lists(_NUMBERS | _TEXTS | st.none(), min_size=5),
)
def test_the_draft_and_its_export_judge_as_json_schema_does(column: Any, more: Any, values: list[Any]) -> None:
    column = column | {"allOf": [{key: value for key, value in more.items() if key != "type"}]}
    draft = imported({"type": "object", "properties": {"a": column}, "required": ["a"]})
    if draft.not_carried:
        return
    contract = contract_of(draft.document)
    again = json.loads(export_contract(contract, "json-schema").text)
    kind = str if "string" in column["type"] else int  # others are a matter of the column's type
    fitting = [value for value in values if value is None or isinstance(value, kind)]
    fitting.append("b" if kind is str else 3)  # a column of nulls alone has no type
    invalid = [place for place, value in enumerate(fitting) if not Draft202012Validator(column).is_valid(value)]
    assert refused(contract, {"a": fitting}) == {"a": invalid}
    for place, value in enumerate(fitting):
        assert Draft202012Validator(again).is_valid({"a": value}) == (place not in invalid)


@pytest.mark.parametrize(
    ("schema", "rule"),
    [
        ({"type": "number", "minimun": 3}, "minimun"),
        ({"type": ["number", "string"]}, "type"),
        ({"$ref": "https://example.com/x.json"}, "$ref"),
        ({"$ref": "#/properties/a"}, "$ref"),
        ({"$ref": "#/nowhere"}, "$ref"),
        ({"type": "string", "pattern": "(a)\\1"}, "pattern"),
        ({"not": {"type": "null"}}, "not"),
        ({"type": "array", "contains": {}}, "contains"),
        ({"type": "number", "minimum": 3, "maximum": "x"}, "maximum"),
        ({"type": "string", "minimum": 3}, "minimum"),
    ],
)
def test_rules_that_a_contract_does_not_know_are_listed(schema: dict[str, Any], rule: str) -> None:
    found = imported({"type": "object", "properties": {"a": schema}})
    assert [one.place.rpartition("/")[2] for one in found.not_carried] == [rule]


def test_the_booleans_of_draft_4_open_a_bound() -> None:
    found = imported(
        {"type": "object", "properties": {"a": {"type": "number", "minimum": 0, "exclusiveMinimum": True}}}
    )
    assert found.document["schema"][0]["properties"][0]["logicalTypeOptions"] == {"exclusiveMinimum": 0}
    assert found.not_carried == []


def test_references_within_the_document_are_followed() -> None:
    schema = {
        "type": "object",
        "properties": {"a": {"$ref": "#/$defs/b~1c"}},
        "$defs": {"b/c": {"$ref": "#/$defs/d"}, "d": {"type": "integer"}},
    }
    assert imported(schema).document["schema"][0]["properties"][0]["logicalType"] == "integer"
