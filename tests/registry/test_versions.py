"""Use cases of model versions."""

from __future__ import annotations

import json

import pytest

from solvent.backend.embedded import EmbeddedBackend
from solvent.errors import InvalidInput, NotFound
from solvent.store.operations import operation_of
from solvent.wire.experiments import Tag
from solvent.wire.models import GetLoggedModel, LogLoggedModelParams, ModelParam
from solvent.wire.registry import (
    CreateModelVersion,
    DeleteModelVersion,
    DeleteModelVersionTag,
    GetModelVersion,
    GetModelVersionDownloadUri,
    ModelVersionResponse,
    SetModelVersionTag,
    SetRegisteredModelAlias,
    UpdateModelVersion,
)
from tests.registry.helpers import history, make_logged_model, make_model, make_run, make_version, version


def test_a_version_has_mlflows_shape(backend: EmbeddedBackend) -> None:
    make_model(backend)
    made = make_version(backend, tags=[Tag(key="a", value="1")], run_link="http://x/1", description="d")
    assert (made.version, made.current_stage, made.status) == ("1", "None", "READY")
    assert (made.run_id, made.run_link, made.description, made.tags) == (
        "",
        "http://x/1",
        "d",
        [Tag(key="a", value="1")],
    )
    assert version(backend) == made


def test_numbers_are_not_given_twice(backend: EmbeddedBackend) -> None:
    make_model(backend, versions=2)
    backend.call(DeleteModelVersion(name="m", version="2"))
    assert make_version(backend).version == "3"


def test_a_deleted_version_takes_its_aliases_with_it(backend: EmbeddedBackend) -> None:
    make_model(backend, versions=2)
    backend.call(SetRegisteredModelAlias(name="m", alias="champion", version="1"))
    backend.call(DeleteModelVersion(name="m", version="1"))
    body = {"version": "1", "stage": "None", "aliases": ["champion"]}
    assert history(backend)[-1] == ("model_version.deleted", body)
    assert version(backend, "2").aliases == []
    with pytest.raises(NotFound, match=r"^Model Version \(name=m, version=1\) not found$"):
        backend.call(DeleteModelVersion(name="m", version="1"))


@pytest.mark.parametrize(
    ("number", "message"),
    [
        ("x", "Parameter 'version' must be an integer, got 'x'"),
        ("3.0", "Parameter 'version' must be an integer, got '3.0'"),
        ("", "Missing value for required parameter 'version'"),
        (None, "Missing value for required parameter 'version'"),
        ("99", r"Model Version \(name=m, version=99\) not found"),
        ("-1", r"Model Version \(name=m, version=-1\) not found"),
        ("9" * 30, "not found"),
        ("9" * 5000, "not found"),
    ],
)
def test_a_number_that_names_no_version(backend: EmbeddedBackend, number: str | None, message: str) -> None:
    make_model(backend, versions=1)
    with pytest.raises((InvalidInput, NotFound), match=message):
        backend.call(GetModelVersion(name="m", version=number))


def test_an_unknown_model_has_no_versions(backend: EmbeddedBackend) -> None:
    with pytest.raises(NotFound, match=r"^Registered Model with name=nope not found$"):
        make_version(backend, "nope")
    with pytest.raises(NotFound, match=r"^Model Version \(name=nope, version=1\) not found$"):
        version(backend, "1", "nope")


def test_descriptions_and_tags_change(backend: EmbeddedBackend) -> None:
    make_model(backend, versions=1)
    backend.call(UpdateModelVersion(name="m", version="1", description="d"))
    backend.call(SetModelVersionTag(name="m", version="1", key="k", value="v"))
    assert (version(backend).description, version(backend).tags) == ("d", [Tag(key="k", value="v")])
    backend.call(UpdateModelVersion(name="m", version="1"))
    backend.call(DeleteModelVersionTag(name="m", version="1", key="k"))
    assert (version(backend).description, version(backend).tags) == (None, [])


def test_a_version_of_a_logged_model_knows_where_it_comes_from(backend: EmbeddedBackend) -> None:
    make_model(backend)
    run = make_run(backend)
    logged = make_logged_model(backend, run.run_id)
    backend.call(LogLoggedModelParams(model_id=logged.model_id, params=[ModelParam(key="depth", value="3")]))
    made = make_version(backend, source=f"models:/{logged.model_id}", model_id=logged.model_id)
    assert (made.run_id, made.model_id) == (run.run_id, logged.model_id)
    assert [(param.name, param.value) for param in made.model_params] == [("depth", "3")]
    address = backend.call(GetModelVersionDownloadUri(name="m", version="1")).artifact_uri
    assert address == logged.artifact_uri


def test_the_logged_model_lists_its_versions(backend: EmbeddedBackend) -> None:
    logged = make_logged_model(backend)
    for name in ("a", "b"):
        make_model(backend, name)
        make_version(backend, name, source=f"models:/{logged.model_id}", model_id=logged.model_id)
    tags = backend.call(GetLoggedModel(model_id=logged.model_id)).model.info.tags
    (listed,) = (json.loads(tag.value) for tag in tags if tag.key == "mlflow.modelVersions")
    assert listed == [{"name": "a", "version": 1}, {"name": "b", "version": 1}]


def test_a_version_of_a_version_has_its_files(backend: EmbeddedBackend) -> None:
    make_model(backend, versions=1)
    make_model(backend, "copy")
    made = make_version(backend, "copy", source="models:/m/latest")
    assert made.source == "models:/m/1"
    assert backend.call(GetModelVersionDownloadUri(name="copy", version="1")).artifact_uri == "s3://bucket/1"


def test_who_made_a_version_is_kept(backend: EmbeddedBackend) -> None:
    make_model(backend)
    operation = operation_of(CreateModelVersion)
    assert operation is not None
    made = operation.run(backend.store, CreateModelVersion(name="m", source="s3://b/x"), "ada")
    assert isinstance(made, ModelVersionResponse)
    assert made.model_version.user_id == "ada"
