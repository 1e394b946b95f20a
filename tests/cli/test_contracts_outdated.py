"""``solvent contracts outdated``: what was built with contracts that are no longer the current ones."""

from __future__ import annotations

import json
from pathlib import Path

from solvent.backend.resolve import open_embedded
from solvent.wire.registry import CreateModelVersion, CreateRegisteredModel
from solvent.wire.runs import CreateRun, SetTag
from tests.cli.conftest import Solvent
from tests.cli.test_run import FAILED, SUCCEEDED, id_of
from tests.cli.test_run_contracts import LOCAL, held_project
from tests.client.test_check import CONTRACT


def registered(work: Path, run_id: str) -> None:
    """Version 1 of the model 'ages', made by a run."""
    backend = open_embedded(str(work / ".solvent"))
    backend.call(CreateRegisteredModel(name="ages"))
    backend.call(CreateModelVersion(name="ages", source=f"runs:/{run_id}/model", run_id=run_id))
    backend.close()


def test_a_new_version_leaves_run_model_and_pipeline_behind(solvent: Solvent, work: Path) -> None:
    project = held_project(work)
    first = id_of(SUCCEEDED, solvent("run", "project", *LOCAL).stdout)
    registered(work, first)
    answer = solvent("contracts", "outdated")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout == "Nothing is outdated: 1 run was held against contracts.\n"

    contract = project / "people.odcs.yaml"
    (work / "before.yaml").write_text(CONTRACT)
    contract.write_text(CONTRACT.replace("name: age", "name: years").replace("active", "draft"))
    assert "2.0.0" in solvent("contracts", "accept", contract, "--against", "before.yaml").stderr
    accepted = solvent("contracts", "accept", contract, "--against", "before.yaml", "--bump")
    assert "Accepted people 2.0.0" in accepted.stdout, accepted.stderr
    answer = solvent("contracts", "outdated")
    assert answer.returncode == 0, answer.stderr
    pipelines, models, runs = answer.stdout.split("\n\n")[1::2]
    assert pipelines.splitlines()[2].split()[-5:] == ["main", "people", "1.2.0", "2.0.0", first]
    assert models.splitlines()[2].split() == ["ages", "1", "None", "people", "1.2.0", "2.0.0", first]
    assert runs.splitlines()[2].split()[0] == first

    failed = id_of(FAILED, solvent("run", "project", "-P", "data=bad.csv", *LOCAL).stdout)
    found = json.loads(solvent("contracts", "outdated", "--json").stdout)
    assert [(one["run_id"], one["contract"]["version"]) for one in found["left"]] == [(failed, "2.0.0")]
    assert found["pipelines"] == []  # its newest run met the current contract
    assert [one["run_id"] for one in found["runs"]] == [first]
    left = solvent("contracts", "outdated").stdout.split("\n\n")[1]
    assert left.splitlines()[2].split()[:4] == ["people", "2.0.0", "people.odcs.yaml", failed]


def test_what_can_not_be_compared_is_named(solvent: Solvent, work: Path) -> None:
    (work / ".hidden").mkdir()
    (work / "people.odcs.yaml").write_text(CONTRACT)
    (work / ".hidden" / "other.odcs.yaml").write_text("no contract")
    backend = open_embedded(str(work / ".solvent"))
    elsewhere = [{"id": "rides", "version": "1.0.0", "digest": "x"}]
    runs = []
    for held in ("nonsense", json.dumps(elsewhere)):
        runs.append(backend.call(CreateRun(experiment_id="0", start_time=1)).run.info.run_id)
        backend.call(SetTag(run_id=runs[-1], key="solvent.contracts", value=held))
    backend.close()
    answer = solvent("contracts", "outdated", "people.odcs.yaml")
    assert answer.stdout == "Nothing is outdated: 2 runs were held against contracts.\n"
    assert answer.stderr.splitlines() == [
        "Not here, so not compared: rides.",
        f"The tag solvent.contracts of run {runs[0]} can't be read: it was not compared.",
    ]
    assert json.loads(solvent("contracts", "outdated", "--json").stdout)["unreadable"] == [runs[0]]


def test_two_files_of_one_contract_are_refused(solvent: Solvent, work: Path) -> None:
    (work / "a.odcs.yaml").write_text(CONTRACT)
    (work / "b.odcs.yaml").write_text(CONTRACT)
    assert solvent("contracts", "outdated").returncode == 0
    (work / "b.odcs.yaml").write_text(CONTRACT.replace("1.2.0", "2.0.0"))
    answer = solvent("contracts", "outdated")
    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr == "Error: a.odcs.yaml and b.odcs.yaml are both contract 'people': name one of them\n"


def test_what_is_no_contract_is_one_line(solvent: Solvent, work: Path) -> None:
    assert "there is no *.odcs.yaml file here" in solvent("contracts", "outdated").stderr
    (work / "a.odcs.yaml").write_text(CONTRACT.replace("required", "requird"))
    answer = solvent("contracts", "outdated")
    assert (answer.returncode, answer.stdout, answer.stderr.count("\n")) == (1, "", 1)
    assert "did you mean 'required'?" in answer.stderr
