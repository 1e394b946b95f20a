"""Use cases of experiments, on a real store."""

from __future__ import annotations

from pathlib import Path

import pytest

from solvent.backend.embedded import EmbeddedBackend
from solvent.errors import AlreadyExists, Conflict, InvalidInput, NotFound
from solvent.store.store import Store
from solvent.tracking.experiments import create_experiment, get_experiment
from solvent.tracking.runs import create_run, get_run
from solvent.wire.experiments import (
    CreateExperiment,
    DeleteExperiment,
    DeleteExperimentTag,
    GetExperiment,
    GetExperimentByName,
    RestoreExperiment,
    SetExperimentTag,
    Tag,
    UpdateExperiment,
)
from solvent.wire.runs import CreateRun, GetRun, SetTag


def test_the_first_experiment_made_has_id_1(backend: EmbeddedBackend) -> None:
    assert backend.call(CreateExperiment(name="model-training")).experiment_id == "1"
    found = backend.call(GetExperimentByName(experiment_name="model-training")).experiment
    assert (found.experiment_id, found.lifecycle_stage) == ("1", "active")


def test_a_name_is_taken_once(backend: EmbeddedBackend) -> None:
    backend.call(CreateExperiment(name="a"))
    with pytest.raises(AlreadyExists, match="Experiment 'a' already exists"):
        backend.call(CreateExperiment(name="a"))


def test_an_unknown_name_is_said_to_be_unknown(backend: EmbeddedBackend) -> None:
    with pytest.raises(NotFound, match="Could not find experiment with name 'zzz'"):
        backend.call(GetExperimentByName(experiment_name="zzz"))


def test_an_experiment_is_read_by_id_with_its_tags(backend: EmbeddedBackend) -> None:
    made = backend.call(CreateExperiment(name="e", tags=[Tag(key="k", value="v")]))
    found = backend.call(GetExperiment(experiment_id=made.experiment_id)).experiment
    assert (found.name, found.tags) == ("e", [Tag(key="k", value="v")])
    assert found.artifact_location == "mlflow-artifacts:/1"
    assert found.creation_time == found.last_update_time > 1_700_000_000_000


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (CreateExperiment(), "Missing value for required parameter 'name'"),
        (CreateExperiment(name="x" * 501), "'name' exceeds the maximum length of 500 characters: it has 501"),
        (CreateExperiment(name="\ud800"), "not valid Unicode"),
        (CreateExperiment(name="x", artifact_location="runs:/abc"), "cannot be a runs:/ URI"),
        (CreateExperiment(name="x", artifact_location="s3://b/c#frag"), "can't include fragments"),
        (CreateExperiment(name="x", artifact_location="s3://b/../c"), "can't include '..'"),
        (CreateExperiment(name="x", artifact_location="s3://b/c?a=/../d"), "can't include '..'"),
        (CreateExperiment(name="x", artifact_location="s3://" + "b" * 2048), "maximum length of 2048"),
        (CreateExperiment(name="x", tags=[Tag(key="a$")]), r"for parameter 'tags\[0\].key'"),
        (CreateExperiment(name="x", tags=[Tag(key="a", value="v" * 20_001)]), "maximum length of 20000"),
    ],
)
def test_bad_experiments_are_refused(backend: EmbeddedBackend, request_: CreateExperiment, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        backend.call(request_)
    with pytest.raises(NotFound):
        backend.call(GetExperiment(experiment_id="1"))


def test_a_relative_location_becomes_absolute(backend: EmbeddedBackend) -> None:
    backend.call(CreateExperiment(name="e", artifact_location="files/e"))
    found = backend.call(GetExperiment(experiment_id="1")).experiment
    assert found.artifact_location == Path("files/e").absolute().as_posix()


def test_a_changed_root_moves_no_files(tmp_path: Path) -> None:
    first = Store(tmp_path / "s.db", artifact_root="mlflow-artifacts:/")
    run_id = first.write(create_run, CreateRun(experiment_id="0")).run.info.run_id
    first.write(create_experiment, CreateExperiment(name="e"))
    first.close()
    second = Store(tmp_path / "s.db", artifact_root="s3://bucket/")
    assert (
        second.read(get_run, GetRun(run_id=run_id)).run.info.artifact_uri == f"mlflow-artifacts:/0/{run_id}/artifacts"
    )
    assert second.read(get_experiment, GetExperiment(experiment_id="1")).experiment.artifact_location.startswith("ml")
    second.close()


def test_an_experiment_is_renamed(backend: EmbeddedBackend) -> None:
    backend.call(CreateExperiment(name="e"))
    backend.call(UpdateExperiment(experiment_id="1", new_name="f"))
    backend.call(UpdateExperiment(experiment_id="1", new_name="f"))
    assert backend.call(GetExperiment(experiment_id="1")).experiment.name == "f"
    with pytest.raises(AlreadyExists, match="Experiment 'Default' already exists"):
        backend.call(UpdateExperiment(experiment_id="1", new_name="Default"))
    with pytest.raises(InvalidInput, match="required parameter 'new_name'"):
        backend.call(UpdateExperiment(experiment_id="1"))


def test_deleting_and_restoring_takes_the_runs_along(backend: EmbeddedBackend) -> None:
    backend.call(CreateExperiment(name="e"))
    run_id = backend.call(CreateRun(experiment_id="1")).run.info.run_id
    backend.call(DeleteExperiment(experiment_id="1"))
    assert backend.call(GetExperiment(experiment_id="1")).experiment.lifecycle_stage == "deleted"
    assert backend.call(GetRun(run_id=run_id)).run.info.lifecycle_stage == "deleted"
    with pytest.raises(InvalidInput, match=r"The run .* must be in the 'active' state"):
        backend.call(SetTag(run_id=run_id, key="k", value="v"))
    with pytest.raises(InvalidInput, match=r"The experiment 1 must be in the 'active' state. Current state is deleted"):
        backend.call(CreateRun(experiment_id="1"))
    with pytest.raises(NotFound, match=r"No Experiment with id=1 exists in the .active. state"):
        backend.call(DeleteExperiment(experiment_id="1"))
    with pytest.raises(Conflict, match="Cannot rename a non-active experiment"):
        backend.call(UpdateExperiment(experiment_id="1", new_name="f"))
    backend.call(RestoreExperiment(experiment_id="1"))
    assert backend.call(GetRun(run_id=run_id)).run.info.lifecycle_stage == "active"
    backend.call(SetTag(run_id=run_id, key="k", value="v"))
    with pytest.raises(NotFound, match=r"No Experiment with id=1 exists in the .deleted. state"):
        backend.call(RestoreExperiment(experiment_id="1"))


def test_experiment_tags_are_set_and_deleted(backend: EmbeddedBackend) -> None:
    backend.call(SetExperimentTag(experiment_id="0", key="k", value="1"))
    backend.call(SetExperimentTag(experiment_id="0", key="k", value="2"))
    assert backend.call(GetExperiment(experiment_id="0")).experiment.tags == [Tag(key="k", value="2")]
    backend.call(DeleteExperimentTag(experiment_id="0", key="k"))
    with pytest.raises(NotFound, match="No tag with name: k in experiment with id 0"):
        backend.call(DeleteExperimentTag(experiment_id="0", key="k"))
