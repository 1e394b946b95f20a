from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from solvent.cli.contracts_exchange import FORMATS, TARGETS, export_contract, import_contract
from solvent.data.contract.exporters import formats as exporters
from solvent.data.contract.importers import formats as importers
from solvent.data.contract.read import read_contract

SUITE = Path("tests/data/contract/importers/examples/great-expectations-1.24.1.json").resolve()


def run(command: click.Command, *words: object) -> Result:
    return CliRunner().invoke(command, [str(word) for word in words])


def test_the_commands_offer_what_there_is() -> None:
    assert set(FORMATS) == set(importers.FORMATS)
    assert set(TARGETS) == set(exporters.FORMATS)


def test_a_suite_becomes_a_draft_and_what_is_missing_is_said(tmp_path: Path) -> None:
    draft = tmp_path / "people.odcs.yaml"
    done = run(import_contract, SUITE, "-o", draft)
    assert done.exit_code == 0, done.output
    assert read_contract(draft).status == "draft"
    assert "4 rules not carried over." in done.stderr
    assert "(?=" in done.stderr
    assert "the type of column 'zip'" in done.stderr
    again = run(import_contract, SUITE, "-o", draft)
    assert again.exit_code == 1
    assert "--force" in again.stderr
    assert run(import_contract, SUITE, "-o", draft, "--force").exit_code == 0
    assert run(import_contract, SUITE, "-o", tmp_path / "new" / "people.odcs.yaml").exit_code == 0
    refused = run(import_contract, SUITE, "-o", draft / "people.odcs.yaml")
    assert (refused.exit_code, "can't be written" in str(refused.exception)) == (1, True)


def test_strict_refuses_and_writes_nothing(tmp_path: Path) -> None:
    draft = tmp_path / "people.odcs.yaml"
    done = run(import_contract, SUITE, "-o", draft, "--strict")
    assert done.exit_code == 1
    assert "4 rules" in done.stderr
    assert not draft.exists()


def test_json_holds_the_document_and_what_is_missing() -> None:
    found = json.loads(run(import_contract, SUITE, "--json").stdout)
    assert found["document"]["status"] == "draft"
    assert len(found["not_carried"]) == 4


@pytest.mark.parametrize("form", TARGETS)
def test_a_contract_is_written_for_other_tools(tmp_path: Path, form: str) -> None:
    draft = tmp_path / "people.odcs.yaml"
    run(import_contract, SUITE, "-o", draft)
    done = run(export_contract, draft, "--to", form)
    assert done.exit_code == 0, done.output
    assert "age" in done.stdout
    assert json.loads(run(export_contract, draft, "--to", form, "--json").stdout)["text"] == done.stdout
    strict = run(export_contract, draft, "--to", form, "--strict")
    assert strict.exit_code == (0 if form == "markdown" else 1)
