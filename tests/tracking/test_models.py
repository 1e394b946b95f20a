"""Use cases of logged models, on a real store."""

from __future__ import annotations

import re

import pytest

from solvent.backend.embedded import EmbeddedBackend
from solvent.errors import InvalidInput, NotFound
from solvent.wire.experiments import Tag
from solvent.wire.metrics import Metric
from solvent.wire.models import (
    CreateLoggedModel,
    DeleteLoggedModel,
    DeleteLoggedModelTag,
    FinalizeLoggedModel,
    GetLoggedModel,
    LoggedModel,
    LogLoggedModelParams,
    ModelParam,
    SetLoggedModelTags,
)
from solvent.wire.runs import LogBatch, LogMetric


@pytest.fixture
def model_id(backend: EmbeddedBackend, run_id: str) -> str:
    request = CreateLoggedModel(experiment_id="0", name="forest", source_run_id=run_id, model_type="tree")
    return backend.call(request).model.info.model_id


def get(backend: EmbeddedBackend, model_id: str) -> LoggedModel:
    return backend.call(GetLoggedModel(model_id=model_id)).model


def test_a_new_model_is_pending_and_knows_its_place(backend: EmbeddedBackend, run_id: str) -> None:
    request = CreateLoggedModel(
        experiment_id="0",
        source_run_id=run_id,
        params=[ModelParam(key="depth", value="3")],
        tags=[Tag(key="t", value="x")],
    )
    made = backend.call(request).model
    assert re.fullmatch("m-[0-9a-f]{32}", made.info.model_id)
    assert made.info.artifact_uri == f"mlflow-artifacts:/0/models/{made.info.model_id}/artifacts"
    assert (made.info.status, made.info.source_run_id) == ("LOGGED_MODEL_PENDING", run_id)
    assert (made.data.params, made.info.tags) == (request.params, request.tags)
    assert made.info.name.count("-") == 2
    assert get(backend, made.info.model_id) == made


@pytest.mark.parametrize("status", ["LOGGED_MODEL_READY", 2])
def test_a_model_becomes_ready(backend: EmbeddedBackend, model_id: str, status: str | int) -> None:
    answered = backend.call(FinalizeLoggedModel(model_id=model_id, status=status)).model
    assert answered.info.status == "LOGGED_MODEL_READY"
    assert get(backend, model_id) == answered


@pytest.mark.parametrize("status", ["BAD", 9, -1, None, ""])
def test_an_unknown_status_is_refused(backend: EmbeddedBackend, model_id: str, status: str | int | None) -> None:
    with pytest.raises(InvalidInput, match="status"):
        backend.call(FinalizeLoggedModel(model_id=model_id, status=status))


def test_tags_are_set_over_and_deleted(backend: EmbeddedBackend, model_id: str) -> None:
    backend.call(SetLoggedModelTags(model_id=model_id, tags=[Tag(key="a", value="1"), Tag(key="b", value="1")]))
    backend.call(SetLoggedModelTags(model_id=model_id, tags=[Tag(key="a", value="2")]))
    backend.call(DeleteLoggedModelTag(model_id=model_id, tag_key="b"))
    assert get(backend, model_id).info.tags == [Tag(key="a", value="2")]
    with pytest.raises(NotFound, match=f"No tag with key 'b' found for model with ID '{model_id}'"):
        backend.call(DeleteLoggedModelTag(model_id=model_id, tag_key="b"))


def test_params_are_written_once(backend: EmbeddedBackend, model_id: str) -> None:
    for _ in range(2):
        backend.call(LogLoggedModelParams(model_id=model_id, params=[ModelParam(key="a", value="1")]))
    changed = [ModelParam(key="new", value="1"), ModelParam(key="a", value="2")]
    with pytest.raises(InvalidInput, match="Changing param values is not allowed"):
        backend.call(LogLoggedModelParams(model_id=model_id, params=changed))
    assert get(backend, model_id).data.params == [ModelParam(key="a", value="1")]


def test_metrics_of_a_model_stay_with_it(backend: EmbeddedBackend, run_id: str, model_id: str) -> None:
    request = LogMetric(run_id=run_id, key="auc", value="NaN", timestamp=8, step=1, model_id=model_id)
    request.dataset_name, request.dataset_digest = "d", "1"
    for _ in range(2):
        backend.call(request)
    backend.call(
        LogBatch(run_id=run_id, metrics=[Metric(key="auc", value=0.5, timestamp=9, step=2, model_id=model_id)])
    )
    first, second = get(backend, model_id).data.metrics
    assert (first.value, first.dataset_name, first.dataset_digest, first.run_id) == ("NaN", "d", "1", run_id)
    assert (second.value, second.dataset_name, second.model_id) == (0.5, None, model_id)


def test_metrics_of_an_unknown_model_are_refused(backend: EmbeddedBackend, run_id: str) -> None:
    with pytest.raises(NotFound, match="Logged model with ID 'm-nope' not found"):
        backend.call(LogMetric(run_id=run_id, key="auc", value=1.0, timestamp=8, model_id="m-nope"))


def test_a_deleted_model_is_seen_on_request_only(backend: EmbeddedBackend, model_id: str) -> None:
    backend.call(DeleteLoggedModel(model_id=model_id))
    with pytest.raises(NotFound, match=f"Logged model with ID '{model_id}' not found"):
        backend.call(GetLoggedModel(model_id=model_id))
    seen = backend.call(GetLoggedModel(model_id=model_id, allow_deleted=True)).model
    assert seen.info.model_id == model_id


@pytest.mark.parametrize("name", ["a/b", "a:b", "a.b", "a%b", 'a"b', "a'b"])
def test_bad_names_are_refused(backend: EmbeddedBackend, name: str) -> None:
    with pytest.raises(InvalidInput, match="Invalid model name"):
        backend.call(CreateLoggedModel(experiment_id="0", name=name))
