"""Where versions may come from. Path traversal through a model's source is a class of holes of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from solvent.backend.embedded import EmbeddedBackend
from solvent.errors import InvalidInput, NotFound
from solvent.wire.experiments import CreateExperiment, Tag
from solvent.wire.registry import CreateRegisteredModel, GetRegisteredModel, SetRegisteredModelAlias
from solvent.wire.runs import CreateRun, RunInfo
from tests.registry.helpers import make_logged_model, make_model, make_run, make_version

ELSEWHERE = [
    "/etc",
    "/etc/passwd",
    "file:///etc",
    "file:/etc/passwd",
    "FILE:///etc",
    " file:///etc",
    "file://localhost/etc",
    "file://evil.example/etc",
    "./models",
    "models",
    "~/models",
    "  ",
    "C:\\windows",
    "mlflow-artifacts:/0/another/artifacts/m",
    "mlflow-artifacts:/",
    "mlflow-artifacts:",
    "mlflow-artifacts://evil.example/0/run",
    "MLflow-Artifacts://evil.example/0/run",
    "http://evil.example/x",
    "https://evil.example/api/2.0/mlflow-artifacts/artifacts/0/run",
    "ftp://evil.example/x",
    "sftp://evil.example/x",
    "hdfs://evil.example/x",
    "abfss://box@evil.example/x",
    "s3://bucket/../other",
    "s3://bucket/a/%2e%2e/other",
    "s3://bucket/a/%252e%252e/other",
    "s3://bucket/a/..%2fother",
    "s3://bucket/a%2f..%2fother",
    "s3://bucket/x?q=../../other",
    "s3://bucket/x#/../../other",
    "s3://bucket/a\\..\\other",
    "s3://bucket/a/./b",
    "s3://bucket/x%00",
    "s3://bucket/a\x00b",
    "s3://bucket/a%0ab",
    "s3://bucket",
    "s3://[bad/x",
    "s3:/bucket/models/../../other",
    "weird:thing",
    "runs:/another/m",
    "runs:/",
    "runs://evil.example/run/m",
    "models:/m-1234",
    "models:/",
    "models:/a/b/c",
    "models:/ /1",
    "models:/m@",
    "models://evil.example/m/1",
    "%25" * 1000 + "2e",
    "s3://bucket/%" + "25" * 2000 + "2e%2e/x",
]


@pytest.mark.parametrize("source", ELSEWHERE)
def test_a_source_elsewhere_is_refused(backend: EmbeddedBackend, source: str) -> None:
    make_model(backend)
    run = make_run(backend)
    for ids in ({}, {"run_id": run.run_id}):
        with pytest.raises((InvalidInput, NotFound)):
            make_version(backend, source=source, **ids)
    logged = make_logged_model(backend)
    with pytest.raises((InvalidInput, NotFound)):
        make_version(backend, source=source, model_id=logged.model_id)
    assert backend.call(GetRegisteredModel(name="m")).registered_model.latest_versions == []


@pytest.mark.parametrize(
    "source", ["s3://bucket/a", "gs://bucket/a/", "wasbs://box@account/a", "dbfs:/a/b", "s3://b/a%20b"]
)
def test_object_stores_are_accepted(backend: EmbeddedBackend, source: str) -> None:
    make_model(backend)
    assert make_version(backend, source=source).source == source


def test_a_source_within_the_run_is_accepted(backend: EmbeddedBackend) -> None:
    make_model(backend)
    run = make_run(backend)
    for source in (run.artifact_uri, f"{run.artifact_uri}/m", f"runs:/{run.run_id}/m", f"runs:/{run.run_id}"):
        assert make_version(backend, source=source, run_id=run.run_id).source == source


@pytest.mark.parametrize(
    "tail",
    ["/../../other", "/%2e%2e/%2e%2e/other", "/..%252fother", "-other", "/m#x", "/m?x", "/m%23x", "/\\..\\x", "/m%00"],
)
def test_there_is_no_way_out_of_the_run(backend: EmbeddedBackend, tail: str) -> None:
    make_model(backend)
    run = make_run(backend)
    with pytest.raises(InvalidInput, match="Invalid model version source"):
        make_version(backend, source=run.artifact_uri + tail, run_id=run.run_id)


def test_the_artifacts_of_another_run_are_refused(backend: EmbeddedBackend) -> None:
    make_model(backend)
    mine, other = make_run(backend), make_run(backend)
    with pytest.raises(InvalidInput, match="The run_id request parameter must identify"):
        make_version(backend, source=f"{other.artifact_uri}/m", run_id=mine.run_id)
    with pytest.raises(InvalidInput, match="The run_id request parameter must identify"):
        make_version(backend, source=f"{other.artifact_uri}/m")
    with pytest.raises(InvalidInput, match="The run_id request parameter must identify"):
        make_version(backend, source="mlflow-artifacts:/0/x/artifacts/m", run_id="not-there")


def local_run(backend: EmbeddedBackend, folder: Path) -> RunInfo:
    """A run whose artifacts are in a local folder."""
    location = CreateExperiment(name="local", artifact_location=folder.as_uri())
    experiment_id = backend.call(location).experiment_id
    return backend.call(CreateRun(experiment_id=experiment_id, start_time=1)).run.info


def test_a_local_path_must_lie_within_the_run(backend: EmbeddedBackend, tmp_path: Path) -> None:
    make_model(backend)
    run = local_run(backend, tmp_path / "files")
    inside = Path(run.artifact_uri.removeprefix("file://"))
    (inside / "m").mkdir(parents=True)
    assert make_version(backend, source=str(inside / "m"), run_id=run.run_id).version == "1"
    assert make_version(backend, source=f"{run.artifact_uri}/m", run_id=run.run_id).version == "2"
    (inside / "link").symlink_to("/etc")
    outside = [
        f"{inside}/link",
        f"{run.artifact_uri}/../../x",
        f"{run.artifact_uri}/m#/../..",
        f"{inside}-other",
        "/etc",
    ]
    for source in outside:
        with pytest.raises(InvalidInput, match="contained within the artifact directory of the run"):
            make_version(backend, source=source, run_id=run.run_id)


def test_a_source_within_the_logged_model_is_accepted(backend: EmbeddedBackend) -> None:
    make_model(backend)
    logged, other = make_logged_model(backend), make_logged_model(backend)
    assert make_version(backend, source=logged.artifact_uri, model_id=logged.model_id).model_id == logged.model_id
    for source in (other.artifact_uri, f"models:/{other.model_id}", "runs:/x/m"):
        with pytest.raises(InvalidInput, match="The model_id request parameter must identify"):
            make_version(backend, source=source, model_id=logged.model_id)


def test_an_unknown_logged_model_leaves_no_version(backend: EmbeddedBackend) -> None:
    make_model(backend)
    for source in ("s3://bucket/x", "models:/m-zzz"):
        with pytest.raises(NotFound, match=r"^Logged model with ID 'm-zzz' not found\.$"):
            make_version(backend, source=source, model_id="m-zzz")
    assert make_version(backend).version == "1"


def test_another_version_is_named_by_number_stage_alias_or_latest(backend: EmbeddedBackend) -> None:
    make_model(backend, versions=2)
    backend.call(SetRegisteredModelAlias(name="m", alias="a", version="1"))
    for source in ("models:/m/1", "models:/m@a"):
        assert make_version(backend, source=source).source == "models:/m/1"
    assert make_version(backend, source="models:/m/LATEST").source == "models:/m/4"
    with pytest.raises(NotFound, match="Latest version not found for model m in stage Production"):
        make_version(backend, source="models:/m/production")
    with pytest.raises(InvalidInput, match="must match the referenced model version"):
        make_version(backend, source="models:/m/1", run_id="another")


def test_a_prompt_has_no_files(backend: EmbeddedBackend) -> None:
    mark = [Tag(key="mlflow.prompt.is_prompt", value="true")]
    backend.call(CreateRegisteredModel(name="p", tags=mark))
    assert make_version(backend, "p", source="dummy-source", tags=mark).source == "dummy-source"
    with pytest.raises(InvalidInput, match="Invalid prompt source"):
        make_version(backend, "p", source="file:///etc", tags=mark)
    make_model(backend)
    with pytest.raises(InvalidInput, match="Prompt versions cannot be used"):
        make_version(backend, source="models:/p/1")


def test_schemes_that_name_a_host_can_be_allowed(backend: EmbeddedBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    make_model(backend)
    monkeypatch.setenv("SOLVENT_REGISTRY_SOURCE_SCHEMES", "hdfs, https")
    assert make_version(backend, source="hdfs://namenode/models/1").version == "1"
    with pytest.raises(InvalidInput, match="must identify the resource"):
        make_version(backend, source="https://host/api/2.0/mlflow-artifacts/artifacts/0/run/artifacts")
