"""Every example was written by the tool that its name says, in the version that its name says; so were the verdicts."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft201909Validator
from open_data_contract_standard.model import OpenDataContractStandard

from solvent.data.contract.importers.formats import FORMATS, detected, import_contract
from solvent.data.contract.importers.source import parse
from solvent.data.contract.read import contract_of, parse_contract
from solvent.data.contract.write import write_document
from solvent.data.errors import InvalidContract
from tests.data.contract.judged import refused

EXAMPLES = Path(__file__).with_name("examples")
FILES = sorted(path.name for path in EXAMPLES.iterdir() if "verdicts" not in path.name)


def _standard() -> Draft201909Validator:
    import open_data_contract_standard

    schema = Path(open_data_contract_standard.__file__).with_name("schema.json")
    return Draft201909Validator(json.loads(schema.read_bytes()))


STANDARD = _standard()


def test_every_format_has_an_example() -> None:
    assert {detected(parse((EXAMPLES / file).read_bytes(), file), file) for file in FILES} == set(FORMATS)


@pytest.mark.parametrize("file", FILES)
def test_a_draft_is_valid_for_the_standard_and_for_solvent(file: str) -> None:
    imported = import_contract((EXAMPLES / file).read_bytes(), "name", file)
    assert [error.message for error in STANDARD.iter_errors(imported.document)] == []
    text = write_document(imported.document)
    assert OpenDataContractStandard.from_string(text).status == "draft"
    contract = parse_contract(text, file)
    assert contract.digest == contract_of(imported.document).digest
    assert contract.tables
    assert all(table.columns for table in contract.tables)


@pytest.mark.parametrize("file", FILES)
def test_what_is_not_carried_stays_in_the_draft_as_text(file: str) -> None:
    imported = import_contract((EXAMPLES / file).read_bytes(), "name", file)
    texts = [
        rule["description"]
        for table in imported.document["schema"]
        for rule in table.get("quality", ())
        if rule["type"] == "text"
    ]
    for one in imported.not_carried:
        if not one.place.startswith("params."):  # of no table
            assert any(one.place in text and one.rule in text and one.why in text for text in texts), one


@pytest.mark.parametrize("file", sorted(path.name for path in EXAMPLES.glob("*.verdicts.json")))
def test_the_draft_judges_values_as_the_tool_did(file: str) -> None:
    source = next(one for one in FILES if Path(one).stem == file.removesuffix(".verdicts.json"))
    contract = contract_of(import_contract((EXAMPLES / source).read_bytes(), "name", source).document)
    verdicts = json.loads((EXAMPLES / file).read_text())
    assert {verdict for _, _, verdict in verdicts} == {True, False}
    values: dict[str, list[Any]] = defaultdict(list)
    invalid: dict[str, list[int]] = defaultdict(list)
    for column, value, valid in verdicts:
        if not valid:
            invalid[column].append(len(values[column]))
        values[column].append(value)
    assert refused(contract, values) == {column: invalid[column] for column in values}


UNUSABLE = {
    "other encoding": (b"\xff\xfe", "not UTF-8"),
    "deep YAML": (b"a: " + b"[" * 70 + b"]" * 70, "deeper than"),
    "very deep YAML": (b"a: " + b"[" * 100_000, "nesting depth"),
    "deep JSON": (b"[" * 100_000 + b"]" * 100_000, "deeper than"),
    "twins in JSON": (b'{"fields": [], "fields": []}', "stands twice"),
    "twins in YAML": (b"a: 1\na: 2\n", "stands here twice"),
    "objects": (b"a: !!python/object:os.system {}\n", "not valid YAML"),
    "merge keys": (b"a: &a [1]\n<<: {b: 1}\n", "YAML"),
    "size": (b"x" * 5_000_001, "larger than"),
    "a contract": (b"kind: DataContract\n", "already"),
    "words": (b"just: words\n", "--from"),
    "nothing": (b"", "--from"),
    "no expectation": (b"expectations: [1]\n", "expected a mapping"),
    "no columns": (b"schema_type: dataframe\ncolumns: 3\n", "expected a mapping"),
    "no column": (b"signature: {inputs: '[1]'}\n", "expected a mapping"),
    "JSON in JSON": (b'{"signature": {"inputs": "[{"}}', "signature.inputs"),
}


@pytest.mark.parametrize(("content", "said"), UNUSABLE.values(), ids=UNUSABLE)
def test_unusable_documents_are_refused_in_one_line(content: bytes, said: str) -> None:
    with pytest.raises(InvalidContract) as raised:
        import_contract(content, "name", "file.yaml")
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


def test_aliases_that_stand_for_more_than_any_memory_are_refused() -> None:
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    with pytest.raises(InvalidContract, match="more than 500,000 values"):
        import_contract("\n".join(lines).encode(), "name", "bomb.yaml")


_WORDS = st.sampled_from(
    [
        "schema_type",
        "columns",
        "checks",
        "dtype",
        "nullable",
        "unique",
        "required",
        "in_range",
        "isin",
        "str_matches",
        "str_length",
        "min_value",
        "max_value",
        "expectations",
        "type",
        "kwargs",
        "column",
        "mostly",
        "value_set",
        "regex",
        "severity",
        "column_list",
        "fields",
        "name",
        "constraints",
        "minimum",
        "maximum",
        "pattern",
        "enum",
        "primaryKey",
        "resources",
        "schema",
        "signature",
        "inputs",
        "outputs",
        "items",
        "properties",
        "tensor-spec",
        "shape",
        "anyOf",
        "allOf",
        "oneOf",
        "const",
        "$ref",
        "minLength",
        "multipleOf",
        "exclusiveMinimum",
        "format",
        "string",
        "number",
        "integer",
        "object",
        "array",
        "date",
        "dataframe",
        "expect_column_values_to_be_between",
        "expect_column_values_to_be_in_set",
        "expect_column_max_to_be_between",
        "expect_column_values_to_be_of_type",
        "tensor",
        "long",
        "map",
        "a",
        "#/properties/a",
        "int64",
        "${table}",
        "(",
    ]
)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats() | _WORDS | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_WORDS, inner, max_size=5),
    max_leaves=25,
)


@pytest.mark.parametrize("form", FORMATS)
@settings(max_examples=50, deadline=None)
@given(
    document=st.dictionaries(_WORDS, _VALUES, max_size=6), inner=st.lists(st.dictionaries(_WORDS, _VALUES), max_size=3)
)
def test_any_document_makes_a_valid_draft_or_a_line(form: str, document: dict[str, Any], inner: list[Any]) -> None:
    wrapped: dict[str, Any] = {
        "pandera": {"columns": {"a": document, "b": inner}},
        "great-expectations": {"expectations": [document, *inner]},
        "frictionless": {"fields": [document, *inner], **document},
        "mlflow": {"inputs": [document, *inner]},
        "json-schema": {"properties": {"a": document, "b": inner}, **document},
    }
    for value in (wrapped[form], document):
        content = json.dumps(value).encode()
        try:
            imported = import_contract(content, "name", "file", form)
        except InvalidContract as error:
            assert "\n" not in str(error)  # noqa: PT017 - most documents are refused, some are not
            continue
        assert [error.message for error in STANDARD.iter_errors(imported.document)] == []
        contract_of(imported.document)
