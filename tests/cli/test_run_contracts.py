"""``solvent run`` holds data against contracts before the child starts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Solvent
from tests.cli.test_run import FAILED, SUCCEEDED, id_of, stored, tags
from tests.client.test_check import CONTRACT

PROJECT = """
name: small
entry_points:
  main:
    parameters:
      data: {type: string, default: good.csv}
    command: "python train.py {data}"
    contracts:
      - {data: "{data}", contract: people.odcs.yaml}
"""
LOCAL = ("--env-manager", "local")


@pytest.fixture
def project(work: Path) -> Path:
    return held_project(work)


def held_project(work: Path) -> Path:
    """A project whose data is held against a contract, with data that keeps it and data that does not."""
    folder = work / "project"
    folder.mkdir()
    (folder / "MLproject").write_text(PROJECT)
    (folder / "train.py").write_text("print('the child has started')\n")
    (folder / "people.odcs.yaml").write_text(CONTRACT)
    (folder / "good.csv").write_text("age\n1\n2\n")
    (folder / "bad.csv").write_text("age\n1\n-4\n200\n")
    return folder


def artifact(work: Path, run_id: str, name: str) -> str:
    return (work / ".solvent" / "artifacts" / "0" / run_id / "artifacts" / "solvent" / name).read_text("utf-8")


def contracts_of(work: Path, run_id: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(tags(stored(work, run_id))["solvent.contracts"])
    return found


def test_good_data_lets_the_run_start_and_is_kept_as_its_input(solvent: Solvent, project: Path, work: Path) -> None:
    answer = solvent("run", "project", *LOCAL)
    assert answer.returncode == 0, answer.stderr
    assert "the child has started" in answer.stdout
    assert "good.csv keeps the contract people 1.2.0: 5 checks, 2 rows" in answer.stderr
    run = stored(work, id_of(SUCCEEDED, answer.stdout))
    (kept,) = contracts_of(work, run.info.run_id)
    assert (kept["id"], kept["version"], kept["path"], kept["outcome"]) == (
        "people",
        "1.2.0",
        "people.odcs.yaml",
        "passed",
    )
    assert run.inputs is not None
    (data,) = run.inputs.dataset_inputs
    assert data.dataset is not None
    assert (data.dataset.name, data.dataset.source_type) == ("good.csv", "local")
    assert {tag.key: tag.value for tag in data.tags} == {"solvent.contract": f"people@1.2.0#{kept['digest']}"}


def test_bad_data_stops_the_run_before_the_child_starts(solvent: Solvent, project: Path, work: Path) -> None:
    answer = solvent("run", "project", "-P", "data=bad.csv", *LOCAL)
    assert answer.returncode == 1
    assert "the child has started" not in answer.stdout
    assert "Error: bad.csv breaks the contract people 1.2.0: 1 of 5 checks failed" in answer.stderr
    assert "row 1: -4; row 2: 200" in answer.stderr
    assert "Traceback" not in answer.stderr
    run = stored(work, id_of(FAILED, answer.stdout))
    assert run.info.status == "FAILED"
    assert contracts_of(work, run.info.run_id)[0]["outcome"] == "failed"
    assert tags(run)["solvent.failure"] == "bad.csv breaks the contract people 1.2.0: 1 of 5 checks failed"
    (report,) = json.loads(artifact(work, run.info.run_id, "contracts.json"))
    assert (report["verdict"], report["data"]) == ("failed", "bad.csv")
    assert "| failed | error | age |" in artifact(work, run.info.run_id, "contracts.md")


@pytest.mark.parametrize("data", ["nobody.csv", "empty.csv"])
def test_data_that_can_not_be_read_stops_it_too(solvent: Solvent, project: Path, work: Path, data: str) -> None:
    (project / "empty.csv").write_text("")
    answer = solvent("run", "project", "-P", f"data={data}", *LOCAL)
    assert answer.returncode == 1
    assert "can be read" in answer.stderr
    run = stored(work, id_of(FAILED, answer.stdout))
    assert contracts_of(work, run.info.run_id)[0]["outcome"] == "failed"


def test_a_warning_is_shown_and_kept_and_stops_nothing(solvent: Solvent, project: Path, work: Path) -> None:
    project.joinpath("MLproject").write_text(
        PROJECT.replace("odcs.yaml}", "odcs.yaml, severity: warning, examples: 0}")
    )
    answer = solvent("run", "project", "-P", "data=bad.csv", *LOCAL)
    assert answer.returncode == 0, answer.stderr
    assert "warning: age: in [0, 120]" in answer.stderr
    run_id = id_of(SUCCEEDED, answer.stdout)
    assert contracts_of(work, run_id)[0]["outcome"] == "warned"
    assert "-4" not in answer.stderr + artifact(work, run_id, "contracts.json")


def test_skipping_is_said_and_kept(solvent: Solvent, project: Path, work: Path) -> None:
    answer = solvent("run", "project", "-P", "data=bad.csv", "--no-contracts", *LOCAL)
    assert answer.returncode == 0, answer.stderr
    assert "Warning: not checked, as you asked: people.odcs.yaml" in answer.stderr
    found = tags(stored(work, id_of(SUCCEEDED, answer.stdout)))
    assert json.loads(found["solvent.contracts.skipped"]) == ["people.odcs.yaml"]
    assert "solvent.contracts" not in found


def test_a_contract_that_is_none_is_refused_before_a_run_is_made(solvent: Solvent, project: Path, work: Path) -> None:
    (project / "people.odcs.yaml").write_text(CONTRACT.replace("required", "requird"))
    answer = solvent("run", "project", *LOCAL)
    assert answer.returncode == 1
    assert "'required'" in answer.stderr
    assert "=== Run" not in answer.stdout
    (project / "people.odcs.yaml").unlink()
    answer = solvent("run", "project", *LOCAL)
    assert "contract names people.odcs.yaml, which is not there" in answer.stderr


def test_the_script_adds_to_what_was_checked_before(solvent: Solvent, project: Path, work: Path) -> None:
    (project / "other.odcs.yaml").write_text(CONTRACT.replace("id: people", "id: others"))
    (project / "train.py").write_text(
        "import solvent\nwith solvent.start_run():\n    solvent.check('good.csv', 'other.odcs.yaml')\n"
    )
    answer = solvent("run", "project", *LOCAL)
    assert answer.returncode == 0, answer.stderr
    assert [one["id"] for one in contracts_of(work, id_of(SUCCEEDED, answer.stdout))] == ["people", "others"]
