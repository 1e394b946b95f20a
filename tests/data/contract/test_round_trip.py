"""What is read and written again is the same document, and a document to the standard's own package."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import jsonschema
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from open_data_contract_standard.model import OpenDataContractStandard

from solvent.data.contract.digest import digest_of
from solvent.data.contract.read import parse_contract
from solvent.data.contract.standard import first_problem
from solvent.data.contract.write import write_document
from tests.data.contract.strategies import documents

SCHEMA = json.loads(files("open_data_contract_standard").joinpath("schema.json").read_bytes())
VALIDATOR = jsonschema.Draft201909Validator(SCHEMA)
SLOW = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@SLOW
@given(documents())
def test_a_document_survives(document: dict[str, Any]) -> None:
    text = write_document(document)
    contract = parse_contract(text, "c.odcs.yaml")
    assert contract.document == document
    assert contract.digest == digest_of(document)
    assert write_document(contract.document) == text


@SLOW
@given(documents())
def test_the_standards_own_package_reads_what_is_written(document: dict[str, Any]) -> None:
    text = write_document(document)
    VALIDATOR.validate(yaml.safe_load(text))
    read = OpenDataContractStandard.from_string(text)
    assert (read.id, read.version) == (document["id"], document["version"])
    columns = [column for table in document.get("schema", []) for column in table["properties"]]
    assert [column.name for table in read.schema_ or [] for column in table.properties or []] == [
        column["name"] for column in columns
    ]


@SLOW
@given(documents(), st.booleans(), st.sampled_from([None, '"', "'"]))
def test_layout_does_not_change_the_digest(document: dict[str, Any], flow: bool, style: str | None) -> None:
    text = yaml.safe_dump(document, sort_keys=True, default_flow_style=flow, default_style=style, width=40)
    if style is None:  # with quotes around everything PyYAML writes tags, which are another test's matter
        text = "# a comment\n" + text
    assert parse_contract(text, "c").digest == digest_of(document)


def _mutations(value: Any) -> list[tuple[Any, Any]]:
    """Every mapping and list in a document with one of its keys or places."""
    found = []
    if isinstance(value, dict):
        for key, inner in value.items():
            found += [(value, key), *_mutations(inner)]
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            found += [(value, number), *_mutations(inner)]
    return found


@SLOW
@given(documents(), st.data())
def test_what_the_standard_refuses_is_refused(document: dict[str, Any], data: st.DataObject) -> None:
    """One thing is made another, or is misspelt; the schema of the package is the judge."""
    broken = json.loads(json.dumps(document))
    parent, key = data.draw(st.sampled_from(_mutations(broken)))
    if isinstance(parent, dict) and data.draw(st.booleans()):
        parent[f"{key}x"] = parent.pop(key)
    else:
        parent[key] = data.draw(st.sampled_from([None, 7, "text", [], {}, {"unknwn": 1}, ["x"]]))
    without_type = any("logicalType" not in one for table in _tables(broken) for one in _columns(table))
    if VALIDATOR.is_valid(broken):
        assert first_problem(broken) is None
    elif not without_type:  # a column without a type is refused by a mistake of the standard's schema
        problem = first_problem(broken)
        assert problem is not None
        assert "\n" not in problem.text


def _tables(document: Any) -> list[Any]:
    found = document.get("schema")
    return found if isinstance(found, list) else []


def _columns(table: Any) -> list[Any]:
    found = table.get("properties") if isinstance(table, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
