"""From a tracking URI to its backend."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from solvent.backend.resolve import connect, open_embedded
from solvent.errors import InvalidInput, Unavailable
from solvent.wire.experiments import CreateExperiment, GetExperimentByName


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("SOLVENT_TRACKING_URI", "MLFLOW_TRACKING_URI", "SOLVENT_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def test_the_default_is_a_folder_that_ignores_itself_in_git(tmp_path: Path) -> None:
    backend = connect()
    backend.call(CreateExperiment(name="a"))
    backend.close()
    assert (tmp_path / ".solvent/.gitignore").read_text() == "*\n"
    assert (tmp_path / ".solvent/solvent.db").is_file()


def test_a_folder_that_was_there_is_not_ignored(tmp_path: Path) -> None:
    connect(str(tmp_path)).close()
    assert (tmp_path / "solvent.db").is_file()
    assert not (tmp_path / ".gitignore").exists()


@pytest.mark.parametrize("address", ["sqlite:///kept/foo.db", "kept/foo.db", "sqlite:///{root}/kept/foo.db"])
def test_a_database_file_has_its_artifacts_beside_it(tmp_path: Path, address: str) -> None:
    backend = connect(address.format(root=tmp_path))
    backend.artifacts("mlflow-artifacts:/0/r/artifacts").write("a.txt", io.BytesIO(b"x"))
    backend.close()
    assert (tmp_path / "kept/foo.db").is_file()
    assert (tmp_path / "kept/artifacts/0/r/artifacts/a.txt").read_bytes() == b"x"


def test_the_environment_names_the_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "theirs")
    monkeypatch.setenv("SOLVENT_TRACKING_URI", "ours")
    connect().close()
    assert (tmp_path / "ours/solvent.db").is_file()
    assert not (tmp_path / "theirs").exists()


def test_two_ways_to_one_store_see_the_same(tmp_path: Path) -> None:
    first = connect(str(tmp_path / "s"))
    second = connect(f"sqlite:///{tmp_path / 's' / 'solvent.db'}")
    made = first.call(CreateExperiment(name="a"))
    assert second.call(GetExperimentByName(experiment_name="a")).experiment.experiment_id == made.experiment_id
    first.close()
    second.close()


@pytest.mark.parametrize(
    "address",
    ["postgresql://h/db", "s3://bucket", "databricks", "sqlite://", "sqlite:///", "http://", "http://h:port/"],
)
def test_other_addresses_are_refused_in_one_line(address: str) -> None:
    with pytest.raises(InvalidInput, match="expected") as refused:
        connect(address)
    assert "\n" not in str(refused.value)


def test_a_folder_that_cant_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable, match="can't be made"):
        connect(str(tmp_path / "file" / "below"))


def test_a_server_is_not_contacted_before_the_first_call() -> None:
    backend = connect("http://127.0.0.1:9")
    assert backend.uri == "http://127.0.0.1:9"
    backend.close()


def test_the_destination_and_root_of_artifacts_can_be_named(tmp_path: Path) -> None:
    backend = open_embedded(
        "store", artifacts_destination=str(tmp_path / "files"), default_artifact_root=f"file://{tmp_path}/runs"
    )
    backend.call(CreateExperiment(name="a"))
    experiment = backend.call(GetExperimentByName(experiment_name="a")).experiment
    assert experiment.artifact_location == f"file://{tmp_path}/runs/1"
    backend.artifacts(experiment.artifact_location).write("x", io.BytesIO(b"1"))
    backend.artifacts("mlflow-artifacts:/y").write("x", io.BytesIO(b"2"))
    assert (tmp_path / "runs/1/x").read_bytes() == b"1"
    assert (tmp_path / "files/y/x").read_bytes() == b"2"
    backend.close()


def test_durability_is_a_setting_that_a_caller_can_override(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def synchronous(**options: str) -> str:
        backend = open_embedded(str(tmp_path), **options)
        backend.close()
        return backend.store.synchronous

    assert synchronous() == "FULL"
    monkeypatch.setenv("SOLVENT_STORE_SYNCHRONOUS", "normal")
    assert synchronous() == "NORMAL"
    assert synchronous(synchronous="FULL") == "FULL"
