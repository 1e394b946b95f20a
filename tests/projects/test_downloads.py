"""Data that parameters name by address."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from solvent.backend.embedded import EmbeddedBackend
from solvent.backend.resolve import open_embedded
from solvent.projects.downloads import fetch, waiting
from solvent.projects.environment import silent
from solvent.projects.errors import SourceFailed
from solvent.projects.parameters import Values, resolve
from solvent.projects.spec import EntryPoint, Parameter
from solvent.projects.template import Template
from solvent.wire.registry import CreateModelVersion, CreateRegisteredModel, SetRegisteredModelAlias
from solvent.wire.runs import CreateRun
from tests.projects.source.repositories import served

ENTRY = EntryPoint("main", {"data": Parameter("data", "path")}, Template("go {data}", ["data"], "test"))


@pytest.fixture
def backend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> EmbeddedBackend:
    monkeypatch.setenv("SOLVENT_CACHE", str(tmp_path / "cache"))
    return open_embedded(str(tmp_path / "store"))


def values(address: str) -> Values:
    return resolve(ENTRY, {"data": address}, Path("/"))


def fetched(backend: EmbeddedBackend, address: str, storage: Path | None = None) -> Path:
    asked = values(address)
    assert waiting(ENTRY, asked) == {"data": address}
    found = fetch(backend, ENTRY, asked, storage, silent)
    assert found.all == {"data": address}
    assert waiting(ENTRY, found) == {}
    return Path(found.for_command["data"])


def a_run(backend: EmbeddedBackend) -> tuple[str, str]:
    info = backend.call(CreateRun(experiment_id="0", start_time=1)).run.info
    store = backend.artifacts(info.artifact_uri)
    store.write("model/weights.txt", io.BytesIO(b"weights"))
    store.write("data.csv", io.BytesIO(b"a,b\n"))
    return info.run_id, info.artifact_uri


def test_over_http(backend: EmbeddedBackend, tmp_path: Path) -> None:
    (tmp_path / "some data.csv").write_text("a\n1\n")
    with served(tmp_path) as url:
        file = fetched(backend, f"{url}/some%20data.csv?x=1")
        assert (file.name, file.read_text()) == ("some data.csv", "a\n1\n")
        with pytest.raises(SourceFailed, match=r"parameter 'data': http.*/nope.csv answered HTTP 404"):
            fetched(backend, f"{url}/nope.csv")


def test_of_a_run(backend: EmbeddedBackend) -> None:
    run_id, place = a_run(backend)
    assert fetched(backend, f"runs:/{run_id}/data.csv").read_text() == "a,b\n"
    assert (fetched(backend, f"runs:/{run_id}/model") / "weights.txt").read_text() == "weights"
    assert fetched(backend, f"{place}/data.csv").read_text() == "a,b\n"
    with pytest.raises(SourceFailed, match="parameter 'data': "):
        fetched(backend, f"runs:/{run_id}/nope.csv")


def test_of_a_model(backend: EmbeddedBackend) -> None:
    run_id, place = a_run(backend)
    backend.call(CreateRegisteredModel(name="m"))
    backend.call(CreateModelVersion(name="m", source=f"{place}/model", run_id=run_id))
    backend.call(CreateModelVersion(name="m", source=f"runs:/{run_id}/model", run_id=run_id))
    backend.call(SetRegisteredModelAlias(name="m", alias="best", version="1"))
    for address in ("models:/m/1", "models:/m/2", "models:/m@best"):
        assert next(fetched(backend, address).rglob("weights.txt")).read_text() == "weights"
    with pytest.raises(SourceFailed, match="write models:/name/3, models:/name@alias or models:/ID"):
        fetched(backend, "models:/m/Staging")


def test_data_in_the_storage_folder_stays(backend: EmbeddedBackend, tmp_path: Path) -> None:
    run_id, _ = a_run(backend)
    one, two = (fetched(backend, f"runs:/{run_id}/data.csv", tmp_path / "kept" / "here") for _ in range(2))
    assert one != two
    assert one.parents[1].parent == tmp_path / "kept" / "here"
    (tmp_path / "file").write_text("")
    with pytest.raises(SourceFailed, match="file can't be written"):
        fetched(backend, f"runs:/{run_id}/data.csv", tmp_path / "file")
