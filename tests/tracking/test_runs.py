"""Use cases of runs, on a real store."""

from __future__ import annotations

import msgspec
import pytest

from solvent.backend.embedded import EmbeddedBackend
from solvent.errors import AlreadyExists, InvalidInput, NotFound
from solvent.wire.base import Empty, Request, Wire
from solvent.wire.experiments import CreateExperiment, Tag
from solvent.wire.runs import (
    CreateRun,
    DeleteRun,
    DeleteTag,
    GetRun,
    LogParam,
    RestoreRun,
    Run,
    SetTag,
    UpdateRun,
)


def get(backend: EmbeddedBackend, run_id: str) -> Run:
    return backend.call(GetRun(run_id=run_id)).run


def tags_of(backend: EmbeddedBackend, run_id: str) -> dict[str, str]:
    return {tag.key: tag.value for tag in get(backend, run_id).data.tags}


def test_a_new_run_is_running_and_knows_its_place(backend: EmbeddedBackend) -> None:
    made = backend.call(CreateRun(experiment_id="0", user_id="ada", start_time=5, tags=[Tag(key="a", value="b")])).run
    info = made.info
    assert (info.status, info.user_id, info.start_time, info.end_time) == ("RUNNING", "ada", 5, None)
    assert info.artifact_uri == f"mlflow-artifacts:/0/{info.run_id}/artifacts"
    assert info.lifecycle_stage == "active"
    assert len(info.run_id) == 32
    assert tags_of(backend, info.run_id) == {"a": "b", "mlflow.runName": info.run_name}
    assert info.run_name.count("-") == 2


def test_an_experiments_own_location_leads_to_the_runs_files(backend: EmbeddedBackend) -> None:
    experiment_id = backend.call(CreateExperiment(name="e", artifact_location="s3://bucket/e/")).experiment_id
    info = backend.call(CreateRun(experiment_id=experiment_id)).run.info
    assert info.artifact_uri == f"s3://bucket/e/{info.run_id}/artifacts"


def test_a_run_id_may_be_chosen_once(backend: EmbeddedBackend) -> None:
    assert backend.call(CreateRun(run_id="mine")).run.info.run_id == "mine"
    with pytest.raises(AlreadyExists, match="Run 'mine' already exists"):
        backend.call(CreateRun(run_id="mine"))
    with pytest.raises(InvalidInput, match="run_id"):
        backend.call(CreateRun(run_id="../mine"))


def test_name_and_name_tag_must_agree(backend: EmbeddedBackend) -> None:
    with pytest.raises(InvalidInput, match=r"Both 'run_name' argument and 'mlflow.runName' tag"):
        backend.call(CreateRun(run_name="a", tags=[Tag(key="mlflow.runName", value="b")]))
    made = backend.call(CreateRun(tags=[Tag(key="mlflow.runName", value="b")])).run
    assert made.info.run_name == "b"


@pytest.mark.parametrize(
    ("experiment_id", "kind", "message"),
    [
        ("99", NotFound, "No Experiment with id=99 exists"),
        ("x", InvalidInput, "Invalid experiment ID 'x'"),
        ("9" * 30, InvalidInput, "Invalid experiment ID"),
    ],
)
def test_an_unknown_experiment_takes_no_run(
    backend: EmbeddedBackend, experiment_id: str, kind: type[Exception], message: str
) -> None:
    with pytest.raises(kind, match=message):
        backend.call(CreateRun(experiment_id=experiment_id))


def test_a_run_ends_with_its_status_and_time(backend: EmbeddedBackend, run_id: str) -> None:
    info = backend.call(UpdateRun(run_id=run_id, status="FINISHED", end_time=9)).run_info
    assert (info.status, info.end_time) == ("FINISHED", 9)
    assert get(backend, run_id).info == info


def test_an_unknown_status_is_refused(backend: EmbeddedBackend, run_id: str) -> None:
    with pytest.raises(InvalidInput, match="RUNNING, SCHEDULED, FINISHED, FAILED, KILLED"):
        backend.call(UpdateRun(run_id=run_id, status="BOGUS"))
    assert get(backend, run_id).info.status == "RUNNING"


def test_a_name_and_its_tag_mirror_each_other(backend: EmbeddedBackend, run_id: str) -> None:
    backend.call(UpdateRun(run_id=run_id, run_name="second"))
    assert tags_of(backend, run_id)["mlflow.runName"] == "second"
    backend.call(SetTag(run_id=run_id, key="mlflow.runName", value="third"))
    assert get(backend, run_id).info.run_name == "third"
    with pytest.raises(InvalidInput, match="can't be empty"):
        backend.call(SetTag(run_id=run_id, key="mlflow.runName", value=""))


def test_tags_are_set_over_and_deleted(backend: EmbeddedBackend, run_id: str) -> None:
    backend.call(SetTag(run_id=run_id, key="k", value="1"))
    backend.call(SetTag(run_id=run_id, key="k", value="2"))
    assert tags_of(backend, run_id)["k"] == "2"
    backend.call(DeleteTag(run_id=run_id, key="k"))
    assert "k" not in tags_of(backend, run_id)
    with pytest.raises(NotFound, match=f"No tag with name: k in run with id {run_id}"):
        backend.call(DeleteTag(run_id=run_id, key="k"))


def test_a_deleted_run_takes_nothing_until_it_is_restored(backend: EmbeddedBackend, run_id: str) -> None:
    backend.call(DeleteRun(run_id=run_id))
    assert get(backend, run_id).info.lifecycle_stage == "deleted"
    refused: list[Request[Empty]] = [
        SetTag(run_id=run_id, key="k", value="1"),
        LogParam(run_id=run_id, key="k", value="1"),
    ]
    for request in refused:
        with pytest.raises(InvalidInput, match=f"The run {run_id} must be in the 'active' state. Current state is del"):
            backend.call(request)
    backend.call(RestoreRun(run_id=run_id))
    backend.call(SetTag(run_id=run_id, key="k", value="1"))
    assert tags_of(backend, run_id)["k"] == "1"


@pytest.mark.parametrize("request_type", [GetRun, DeleteRun, RestoreRun, UpdateRun])
def test_an_unknown_run_is_said_to_be_unknown(backend: EmbeddedBackend, request_type: type[Request[Wire]]) -> None:
    with pytest.raises(NotFound, match="Run with id=nope not found"):
        backend.call(msgspec.convert({"run_id": "nope"}, request_type))
    with pytest.raises(InvalidInput, match="Missing value for required parameter 'run_id'"):
        backend.call(request_type())


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("", "Missing value for required parameter 'key'"),
        ("a//b", "would resolve to 'a/b'"),
        ("../x", "must not resolve to other names"),
        ("/x", "must not resolve to other names"),
        ("a$", "Names may only contain"),
        ("a\n", "Names may only contain"),
        ("k" * 251, "exceeds the maximum length of 250 characters: it has 251"),
    ],
)
def test_bad_tag_keys_are_refused(backend: EmbeddedBackend, run_id: str, key: str, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        backend.call(SetTag(run_id=run_id, key=key, value="1"))


def test_a_long_tag_is_refused_not_cut(backend: EmbeddedBackend, run_id: str) -> None:
    backend.call(SetTag(run_id=run_id, key="k", value="x" * 8000))
    with pytest.raises(InvalidInput, match="exceeds the maximum length of 8000 characters: it has 8001"):
        backend.call(SetTag(run_id=run_id, key="k", value="x" * 8001))
    assert tags_of(backend, run_id)["k"] == "x" * 8000
