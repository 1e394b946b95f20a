from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from solvent.data.contract.exporters.formats import FORMATS, export_contract
from solvent.data.contract.importers.formats import import_contract
from solvent.data.contract.model import Contract
from solvent.data.contract.read import contract_of
from solvent.data.errors import InvalidContract
from tests.data.contract.judged import refused

EXAMPLES = Path(__file__).parents[1] / "importers" / "examples"
NUMBERS = [0, 1, 3, 120, 99, -5, None]
TEXTS = ["FR", "AB1", "ab1", "XX", "a@b", "https://a/", "y'z", "", "AB123456789", None]
VALUES: dict[str | None, list[Any]] = {"integer": NUMBERS, "number": NUMBERS, "string": TEXTS}
FILES = sorted(path.name for path in EXAMPLES.iterdir() if "verdicts" not in path.name)


def example(file: str) -> Contract:
    return contract_of(import_contract((EXAMPLES / file).read_bytes(), "name", file).document)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("file", FILES)
def test_every_rule_is_in_the_export_or_listed_as_lost(file: str, form: str) -> None:
    contract = example(file)
    for table in contract.tables:
        exported = export_contract(contract, form, table.name)
        places = {one.place for one in exported.lost}
        if form == "markdown":
            assert exported.lost == []
            assert all(len(line.replace("\\|", "").split("|")) in (1, 8) for line in exported.text.splitlines())
        else:
            json.loads(exported.text)
            assert {one.place for one in table.unchecked} <= places


@pytest.mark.parametrize("file", ["pandera-0.35.0.yaml", "frictionless-5.21.0-schema.json"])
def test_a_suite_that_comes_back_judges_the_same(file: str) -> None:
    contract = example(file)
    exported = export_contract(contract, "great-expectations")
    again = contract_of(import_contract(exported.text.encode(), "again", "suite.json").document)
    lost = " ".join(one.rule for one in exported.lost)
    columns = [column for column in contract.tables[0].columns if f"({column.name})" not in lost]
    guessed = {column.name: VALUES.get(column.logical) for column in again.tables[0].columns}  # a suite has no types
    kinds = {column.name: VALUES.get(column.logical) for column in columns}
    values = {name: kind for name, kind in kinds.items() if kind is not None and kind is guessed[name]}
    assert len(values) > 3
    before = refused(contract, values)
    assert any(before.values())
    assert refused(again, values) == before


def test_a_signature_comes_back_as_it_was() -> None:
    file = "mlflow-3.17.2-signature.json"
    before = json.loads((EXAMPLES / file).read_text())
    after = json.loads(export_contract(example(file), "mlflow", "inputs").text)
    given = {spec["name"]: spec for spec in json.loads(before["inputs"])}
    found = {spec["name"]: spec for spec in json.loads(after["inputs"])}
    given["extra"]["properties"]["a"]["required"] = False  # what is inside a value is not checked
    assert found == given
    assert after["outputs"] is None


def test_a_table_must_be_named_where_there_are_several() -> None:
    contract = example("mlflow-3.17.2-signature.json")
    with pytest.raises(InvalidContract, match=r"has 2 \(inputs, outputs\): name it with --table"):
        export_contract(contract, "json-schema")
    with pytest.raises(InvalidContract, match="did you mean 'inputs'"):
        export_contract(contract, "json-schema", "input")
