"""Which runs, models and pipelines are outdated, and which contracts data has left."""

from __future__ import annotations

import json

from solvent.backend.embedded import EmbeddedBackend
from solvent.tracking.contracts_outdated import Current, judge
from solvent.wire.contracts import ContractUse, ListContractUses
from solvent.wire.experiments import CreateExperiment, DeleteExperiment, Tag
from solvent.wire.models import CreateLoggedModel
from solvent.wire.runs import CreateRun, DeleteRun, SetTag

NOW = {"rides": Current("rides", "2.0.0", "new", "rides.odcs.yaml")}


def use(run_id: str, digest: str, outcome: str = "passed", contract: str = "rides", **more: str) -> ContractUse:
    held = [{"id": contract, "version": "1.0.0", "digest": digest, "path": "p", "outcome": outcome}]
    return ContractUse(run_id=run_id, run_name="", experiment_id="0", contracts=json.dumps(held), **more)  # type: ignore[arg-type]


def test_other_digests_are_outdated() -> None:
    found = judge([use("2", "new"), use("1", "old")], NOW)
    assert [(run.run_id, run.contract.digest, run.current.version) for run in found.runs] == [("1", "old", "2.0.0")]
    assert (found.looked_at, found.left, found.pipelines) == (2, [], [])


def test_a_pipeline_is_judged_by_its_newest_run() -> None:
    mended = [use("3", "new", source="s", entry_point="main"), use("1", "old", source="s", entry_point="main")]
    other = [use("2", "old", source="s", entry_point="etl"), use("0", "older", source="s", entry_point="etl")]
    found = judge([*mended, *other], NOW)
    assert [(one.entry_point, one.run_id) for one in found.pipelines] == [("etl", "2")]
    assert len(found.runs) == 3


def test_data_has_left_a_contract_if_its_newest_check_failed() -> None:
    assert [one.run_id for one in judge([use("2", "new", "failed"), use("1", "new")], NOW).left] == ["2"]
    assert judge([use("2", "new"), use("1", "new", "failed")], NOW).left == []
    assert judge([use("2", "new", "warned")], NOW).left == []


def test_what_can_not_be_compared_is_named() -> None:
    broken = [
        ContractUse(run_id=text, run_name="", experiment_id="0", contracts=text) for text in ("{}", '[{"id": 1}]', "")
    ]
    found = judge([*broken, use("1", "x", contract="other")], NOW)
    assert (found.unreadable, found.elsewhere, found.runs) == (["{}", '[{"id": 1}]', ""], ["other"], [])


def test_runs_with_the_tag_are_listed_newest_first(backend: EmbeddedBackend) -> None:
    assert backend.call(ListContractUses()).uses == []
    gone = backend.call(CreateExperiment(name="gone")).experiment_id
    tags = [Tag(key="mlflow.project.entryPoint", value="main"), Tag(key="mlflow.source.name", value="s")]
    made = []
    for experiment in ("0", gone, "0", "0"):
        made.append(backend.call(CreateRun(experiment_id=experiment, start_time=1, tags=tags)).run.info.run_id)
        backend.call(SetTag(run_id=made[-1], key="solvent.contracts", value=f"[{len(made)}]"))
    backend.call(CreateRun(experiment_id="0", start_time=1))
    model = backend.call(CreateLoggedModel(experiment_id="0", name="m", source_run_id=made[3])).model.info.model_id
    backend.call(DeleteExperiment(experiment_id=gone))
    backend.call(DeleteRun(run_id=made[2]))
    first = backend.call(ListContractUses(max_results=1))
    second = backend.call(ListContractUses(max_results=1, page_token=first.next_page_token))
    assert [one.run_id for one in first.uses + second.uses] == [made[3], made[0]]
    assert second.next_page_token is None
    (newest,) = first.uses
    assert (newest.contracts, newest.entry_point, newest.source) == ("[4]", "main", "s")
    assert [one.model_id for one in newest.models_made] == [model]
