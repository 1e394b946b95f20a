"""Data sets across experiments: versions, uses, pages, and what is told of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from solvent.backend.embedded import EmbeddedBackend
from solvent.errors import InvalidInput, NotFound
from solvent.wire.datasets import (
    Dataset,
    DatasetInput,
    DatasetUse,
    GetDatasetVersion,
    ListDatasets,
    ListDatasetUses,
    ListDatasetVersions,
    ModelInput,
    ModelOutput,
)
from solvent.wire.experiments import CreateExperiment, DeleteExperiment, Tag
from solvent.wire.models import CreateLoggedModel
from solvent.wire.registry import CreateModelVersion, CreateRegisteredModel
from solvent.wire.runs import CreateRun, DeleteRun, GetRun, LogInputs, LogOutputs, SearchRuns

PROFILE = '{"num_rows":3,"solvent":{"version":1}}'
Log = Callable[..., str]


@pytest.fixture
def log(backend: EmbeddedBackend) -> Log:
    def log(name: str, digest: str, experiment: str = "0", run_id: str | None = None, **tags: str) -> str:
        """A data set in a new run (or that one); the run's id."""
        run_id = run_id or backend.call(CreateRun(experiment_id=experiment, start_time=1)).run.info.run_id
        fields: dict[str, Any] = {key: tags.pop(key) for key in ("source", "schema", "profile") if key in tags}
        given = [
            Tag(key={"context": "mlflow.data.context", "contract": "solvent.contract"}[k], value=v)
            for k, v in tags.items()
        ]
        dataset = Dataset(name=name, digest=digest, source_type="local", **fields)
        backend.call(LogInputs(run_id=run_id, datasets=[DatasetInput(dataset=dataset, tags=given)]))
        return run_id

    return log


def uses(backend: EmbeddedBackend, name: str, digest: str) -> list[DatasetUse]:
    return backend.call(ListDatasetUses(name=name, digest=digest)).uses


def test_a_version_is_a_digest_in_whichever_experiment(backend: EmbeddedBackend, log: Log) -> None:
    other = backend.call(CreateExperiment(name="other")).experiment_id
    log("train", "aa", source="old")
    log("train", "aa", other, source="new", schema="{}")
    log("train", "bb")
    log("test", "aa")
    found = backend.call(ListDatasets()).datasets
    assert [(one.name, one.versions) for one in found] == [("test", 1), ("train", 2)]
    versions = {one.digest: one for one in backend.call(ListDatasetVersions(name="train")).versions}
    assert set(versions) == {"aa", "bb"}
    assert (versions["aa"].runs, versions["aa"].experiment_ids) == (2, ["0", other])
    assert (versions["aa"].source, versions["aa"].schema, versions["bb"].schema) == ("new", "{}", None)
    assert versions["aa"].creation_time > 1_700_000_000_000
    backend.call(DeleteExperiment(experiment_id=other))
    assert backend.call(GetDatasetVersion(name="train", digest="aa")).version.experiment_ids == ["0"]


def test_versions_come_newest_first_in_pages(backend: EmbeddedBackend, log: Log) -> None:
    digests = [f"{number:02}" for number in range(7)]
    for digest in digests:
        log("train", digest)
    found: list[str] = []
    token: str | None = None
    while True:
        answer = backend.call(ListDatasetVersions(name="train", max_results=3, page_token=token))
        found += [one.digest for one in answer.versions]
        token = answer.next_page_token
        if token is None:
            break
    assert sorted(found) == digests
    created = [backend.call(GetDatasetVersion(name="train", digest=each)).version.creation_time for each in found]
    assert created == sorted(created, reverse=True)
    with pytest.raises(InvalidInput, match="page token"):
        backend.call(ListDatasetVersions(name="other", page_token=answer.next_page_token or "x"))


def test_names_come_in_pages(backend: EmbeddedBackend, log: Log) -> None:
    for name in "cabed":
        log(name, "1")
    first = backend.call(ListDatasets(max_results=2))
    second = backend.call(ListDatasets(max_results=2, page_token=first.next_page_token))
    third = backend.call(ListDatasets(max_results=2, page_token=second.next_page_token))
    assert [one.name for page in (first, second, third) for one in page.datasets] == list("abcde")
    assert third.next_page_token is None


def test_uses_name_runs_purposes_contracts_and_models(backend: EmbeddedBackend, log: Log) -> None:
    first = log("train", "aa", context="training")
    log("train", "aa", run_id=first, context="testing", contract="c@1.0.0#dd")
    made = backend.call(CreateLoggedModel(experiment_id="0", name="m", source_run_id=first)).model.info.model_id
    backend.call(LogOutputs(run_id=first, models=[ModelOutput(model_id=made)]))
    backend.call(CreateRegisteredModel(name="reg"))
    backend.call(CreateModelVersion(name="reg", source=f"models:/{made}", model_id=made))
    second = log("train", "aa")
    backend.call(LogInputs(run_id=second, models=[ModelInput(model_id=made)]))
    newer, older = uses(backend, "train", "aa")
    assert (older.run_id, older.contexts, older.contracts) == (first, ["testing", "training"], ["c@1.0.0#dd"])
    assert [model.model_id for model in older.models_made] == [made]
    assert [(one.name, one.version, one.stage) for one in older.model_versions] == [("reg", "1", "None")]
    assert (newer.run_id, newer.contexts, newer.models_made) == (second, [], [])
    assert [model.name for model in newer.models_read] == ["m"]
    backend.call(DeleteRun(run_id=second))
    assert [use.run_id for use in uses(backend, "train", "aa")] == [first]
    assert backend.call(GetDatasetVersion(name="train", digest="a")).version.runs == 1
    assert backend.call(GetDatasetVersion(name="train", digest="a")).version.contract == "c@1.0.0#dd"


def test_uses_come_in_pages(backend: EmbeddedBackend, log: Log) -> None:
    runs = [log("train", "aa") for _ in range(5)]
    first = backend.call(ListDatasetUses(name="train", digest="aa", max_results=3))
    second = backend.call(ListDatasetUses(name="train", digest="aa", max_results=3, page_token=first.next_page_token))
    assert [use.run_id for use in first.uses + second.uses] == runs[::-1]


def test_a_beginning_must_mean_one_version(backend: EmbeddedBackend, log: Log) -> None:
    for digest in ("abc", "abd", "ab"):
        log("train", digest)
    assert backend.call(GetDatasetVersion(name="train", digest="ab")).version.digest == "ab"
    assert backend.call(GetDatasetVersion(name="train", digest="abc")).version.digest == "abc"
    with pytest.raises(InvalidInput, match=r"begins several digests of 'train' \(ab, abc, abd\)"):
        backend.call(GetDatasetVersion(name="train", digest="a"))
    with pytest.raises(NotFound, match="no data set 'train' with a digest that begins with 'x%'"):
        backend.call(ListDatasetUses(name="train", digest="x%"))


def test_our_profile_comes_with_one_run_and_one_version_alone(backend: EmbeddedBackend, log: Log) -> None:
    run_id = log("train", "aa", profile=PROFILE)
    plain = '{"num_rows":3}'
    one, (many,) = backend.call(GetRun(run_id=run_id)).run, backend.call(SearchRuns(experiment_ids=["0"])).runs
    found = [run.inputs.dataset_inputs[0].dataset for run in (one, many) if run.inputs]
    assert [dataset and dataset.profile for dataset in found] == [PROFILE, plain]
    assert backend.call(GetDatasetVersion(name="train", digest="aa")).version.profile == PROFILE
    assert backend.call(ListDatasetVersions(name="train")).versions[0].profile == plain


def test_a_profile_that_comes_later_is_added_and_stays(backend: EmbeddedBackend, log: Log) -> None:
    log("train", "aa", profile='{"num_rows":3}')
    log("train", "aa", profile=PROFILE)
    log("train", "aa", profile='{"num_rows":3,"solvent":{"version":9}}')
    assert json.loads(backend.call(GetDatasetVersion(name="train", digest="aa")).version.profile or "") == json.loads(
        PROFILE
    )
