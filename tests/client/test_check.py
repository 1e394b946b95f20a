"""``solvent.check`` in a script or a notebook."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import polars as pl
import pytest

import solvent
from solvent.backend.protocol import Backend
from solvent.client import check as module
from solvent.data.errors import ContractViolated, InvalidContract, UnreadableData
from solvent.wire.runs import GetRun, Run

CONTRACT = """
apiVersion: v3.1.0
kind: DataContract
id: people
version: 1.2.0
status: active
schema:
  - name: people
    properties:
      - name: age
        logicalType: integer
        required: true
        logicalTypeOptions: {minimum: 0, maximum: 120}
"""


@pytest.fixture
def contract(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(module, "_of_runs", {})
    path = tmp_path / "people.odcs.yaml"
    path.write_text(CONTRACT)
    return path


def run_of(store: Callable[[], Backend], run_id: str) -> Run:
    solvent.flush()
    return store().call(GetRun(run_id=run_id)).run


@pytest.mark.parametrize("frame", [pd.DataFrame, pl.DataFrame, pl.LazyFrame], ids=str)
def test_frames_that_keep_the_contract_get_a_report(contract: Path, frame: Callable[..., object]) -> None:
    report = solvent.check(frame({"age": [1, 2]}), contract)
    assert (report.verdict, report.rows, report.contract) == ("passed", 2, "people")


def test_data_that_breaks_it_is_an_error_that_names_columns_counts_and_rows(contract: Path) -> None:
    with pytest.raises(ContractViolated) as caught:
        solvent.check(pd.DataFrame({"age": [1, -4, 200]}), contract)
    message = str(caught.value)
    assert "pandas.DataFrame breaks the contract people 1.2.0" in message
    assert "age, in [0, 120]: expected at least 0 and at most 120, not so in 2 of 3 rows" in message
    assert "row 1: -4; row 2: 200" in message
    assert caught.value.report.verdict == "failed"


def test_values_can_be_left_out(contract: Path) -> None:
    with pytest.raises(ContractViolated) as caught:
        solvent.check(pd.DataFrame({"age": [-4, 2000]}), contract, examples=0)
    assert "2000" not in str(caught.value)


def test_an_active_run_keeps_which_contract_its_data_met(
    contract: Path, tmp_path: Path, store: Callable[[], Backend]
) -> None:
    (tmp_path / "people.csv").write_text("age\n1\n")
    with solvent.start_run() as active:
        report = solvent.check("people.csv", "people.odcs.yaml")
        with pytest.raises(ContractViolated):
            solvent.check(pd.DataFrame({"age": [-1]}), contract)
    run = run_of(store, active.info.run_id)
    tags = {tag.key: tag.value for tag in run.data.tags}
    first, second = json.loads(tags["solvent.contracts"])
    assert first == {
        "id": "people",
        "version": "1.2.0",
        "digest": report.digest,
        "path": "people.odcs.yaml",
        "outcome": "passed",
    }
    assert (second["outcome"], second["path"]) == ("failed", str(contract))
    assert run.inputs is not None
    named = {
        one.dataset.name: {tag.key: tag.value for tag in one.tags} for one in run.inputs.dataset_inputs if one.dataset
    }
    assert named["people.csv"] == {"solvent.contract": f"people@1.2.0#{report.digest}"}


def test_what_was_checked_before_the_script_started_stays(
    contract: Path, store: Callable[[], Backend], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {"id": "others", "version": "1.0.0", "digest": "x", "path": "others.odcs.yaml", "outcome": "passed"}
    with solvent.start_run() as active:
        told = {"run_id": active.info.run_id, "contracts": [before]}
        monkeypatch.setenv("SOLVENT_CONTRACTS", json.dumps(told))
        solvent.check(pd.DataFrame({"age": [1]}), contract)
    tags = {tag.key: tag.value for tag in run_of(store, active.info.run_id).data.tags}
    assert [one["id"] for one in json.loads(tags["solvent.contracts"])] == ["others", "people"]


def test_without_a_run_nothing_is_kept(contract: Path, home: Path) -> None:
    solvent.check(pd.DataFrame({"age": [1]}), contract)
    assert not home.exists()


def test_what_is_not_there_is_said(contract: Path, tmp_path: Path) -> None:
    with pytest.raises(UnreadableData, match="does not exist"):
        solvent.check("nobody.csv", contract)
    with pytest.raises(InvalidContract, match="nobody"):
        solvent.check(pd.DataFrame({"age": [1]}), tmp_path / "nobody.odcs.yaml")
    with pytest.raises(InvalidContract, match=r"no table 'peple' .*did you mean 'people'"):
        solvent.check(pd.DataFrame({"age": [1]}), contract, table="peple")
