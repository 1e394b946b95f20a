"""Where addresses of models lead, and an error for each link that can be broken."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from solvent.backend.embedded import EmbeddedBackend
from solvent.errors import Conflict, InvalidInput, SolventError
from solvent.registry import inspection
from solvent.store.files import ReadableFiles
from solvent.store.model_files import FileRow
from solvent.wire.experiments import Tag
from solvent.wire.models import DeleteLoggedModel, FinalizeLoggedModel
from solvent.wire.registry import (
    CreateRegisteredModel,
    DeleteModelVersion,
    DeleteRegisteredModelAlias,
    SetRegisteredModelAlias,
)
from solvent.wire.runs import DeleteRun
from tests.registry.helpers import execute, make_logged_model, make_model, make_run, make_version, move
from tests.registry.model_folders import folder_of, logged_with_model, resolved, run_with_model, write_model


@pytest.fixture(autouse=True)
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file's time counts at once, not only after two seconds."""
    monkeypatch.setattr(inspection, "SETTLED_NS", 0)


def three_versions(backend: EmbeddedBackend) -> Path:
    """Version 1 in Production, 2 in Staging under the alias 'next', 3 in no stage; their one folder."""
    run_id, folder = run_with_model(backend)
    make_model(backend)
    for _ in range(3):
        make_version(backend, source=f"runs:/{run_id}/model", run_id=run_id)
    move(backend, "1", "Production")
    move(backend, "2", "Staging")
    backend.call(SetRegisteredModelAlias(name="m", alias="next", version="2"))
    time.sleep(0.02)
    return folder


@pytest.mark.parametrize(
    ("uri", "version", "stage"),
    [
        ("models:/m/1", "1", "Production"),
        ("models:/m/Production", "1", "Production"),
        ("models:/m/production", "1", "Production"),
        ("models:/m/Staging", "2", "Staging"),
        ("models:/m@next", "2", "Staging"),
        ("models:/m/latest", "3", "None"),
        ("models:/m@latest", "3", "None"),
        ("models:/m/None", "3", "None"),
    ],
)
def test_all_forms_of_an_address(backend: EmbeddedBackend, uri: str, version: str, stage: str) -> None:
    three_versions(backend)
    found = resolved(backend, uri)
    assert (found.uri, found.name, found.version, found.stage, found.path) == (uri, "m", version, stage, "model")
    assert found.run_id
    assert [file.path for file in found.files] == ["MLmodel", "model.skops"]
    assert found.digest is not None
    assert len(found.digest) == 64


def test_equal_files_have_equal_digests(backend: EmbeddedBackend) -> None:
    three_versions(backend)
    info, _ = logged_with_model(backend)
    found = {resolved(backend, uri).digest for uri in ("models:/m/1", "models:/m/2", f"models:/{info.model_id}")}
    assert len(found) == 1


def test_a_path_of_a_run_has_no_records(backend: EmbeddedBackend) -> None:
    run_id, _ = run_with_model(backend)
    found = resolved(backend, f"runs:/{run_id}/model")
    assert (found.path, found.files, found.digest, found.facts, found.run_id) == ("model", [], None, None, run_id)


def test_a_logged_model_of_the_run_goes_before_its_files(backend: EmbeddedBackend) -> None:
    run_id, _ = run_with_model(backend)
    info, _ = logged_with_model(backend, run_id=run_id)  # its name is 'lm'
    found = resolved(backend, f"runs:/{run_id}/lm")
    assert (found.model_id, found.artifact_uri, len(found.files)) == (info.model_id, info.artifact_uri, 2)


def test_a_version_of_a_logged_models_path_has_its_files(backend: EmbeddedBackend) -> None:
    run_id, _ = run_with_model(backend)
    info, _ = logged_with_model(backend, run_id=run_id)
    make_model(backend)
    make_version(backend, source=f"runs:/{run_id}/lm", run_id=run_id)
    make_version(backend, source=f"models:/{info.model_id}", model_id=info.model_id)
    assert [resolved(backend, f"models:/m/{number}").artifact_uri for number in "12"] == [info.artifact_uri] * 2


def refused(backend: EmbeddedBackend, uri: str) -> str:
    with pytest.raises(SolventError) as caught:
        resolved(backend, uri)
    return f"{type(caught.value).__name__}: {caught.value}"


@pytest.mark.parametrize(
    ("uri", "message"),
    [
        ("", "InvalidInput: Missing value for required parameter 'uri'"),
        ("m", "InvalidInput: 'm' is no address of a model: expected models:/name/3, models:/name/Production"),
        ("models:/m/1/2", "InvalidInput: 'models:/m/1/2' is no address of a model"),
        ("runs:///abc/model", "InvalidInput: 'runs:///abc/model' is no address of a model"),
        ("models:/n/1", "NotFound: model 'n' not found: see 'solvent models list'"),
        ("models:/frued/1", "NotFound: model 'frued' not found: did you mean 'fraud'?"),
        ("models:/m/9", "NotFound: version 9 of 'm' not found: there are 1, 2, 3"),
        ("models:/m/Archived", "NotFound: no version of 'm' is in stage Archived: Production has version 1, "),
        ("models:/m/Prod", "InvalidInput: 'Prod' is no version or stage of 'm': expected a number, latest, None,"),
        ("models:/m@nex", "NotFound: 'm' has no alias 'nex': it has 'next'"),
        ("models:/fraud/latest", "NotFound: 'fraud' has no versions: register one"),
        ("models:/m", "NotFound: logged model 'm' not found: expected models:/m-...; of a registered model"),
        ("models:/prompt/1", "InvalidInput: 'prompt' is a prompt, not a model"),
        ("runs:/abc/model", "NotFound: run 'abc' not found"),
    ],
)
def test_each_broken_link_has_its_own_error(backend: EmbeddedBackend, uri: str, message: str) -> None:
    three_versions(backend)
    make_model(backend, "fraud")
    backend.call(CreateRegisteredModel(name="prompt", tags=[Tag(key="mlflow.prompt.is_prompt", value="true")]))
    assert refused(backend, uri).startswith(message)


def test_an_alias_that_went_with_its_version(backend: EmbeddedBackend) -> None:
    three_versions(backend)
    backend.call(DeleteModelVersion(name="m", version="2"))
    expected = "NotFound: the alias 'next' of 'm' pointed to version 2, which was deleted: point it to another version"
    assert refused(backend, "models:/m@next").startswith(expected)
    assert refused(backend, "models:/m/2") == "NotFound: version 2 of 'm' was deleted: there are 1, 3"


def test_an_alias_that_points_nowhere(backend: EmbeddedBackend) -> None:
    three_versions(backend)
    execute(backend, "INSERT INTO registered_model_aliases (model_id, alias, version) VALUES (1, 'lost', 7)")
    expected = "NotFound: the alias 'lost' of 'm' points to version 7, which is not there"
    assert refused(backend, "models:/m@lost").startswith(expected)
    backend.call(DeleteRegisteredModelAlias(name="m", alias="lost"))


def test_a_deleted_run(backend: EmbeddedBackend) -> None:
    run_id, _ = run_with_model(backend)
    backend.call(DeleteRun(run_id=run_id))
    assert refused(backend, f"runs:/{run_id}/model").startswith(f"NotFound: run '{run_id}' is deleted: restore it")


def test_a_path_without_a_model_says_what_is_there(backend: EmbeddedBackend) -> None:
    run_id, _ = run_with_model(backend)
    logged_with_model(backend, run_id=run_id)
    expected = f"NotFound: no model (no MLmodel file) at 'modle' of run {run_id}: it has 'lm', 'model'"
    assert refused(backend, f"runs:/{run_id}/modle") == expected
    empty = make_run(backend)
    assert refused(backend, f"runs:/{empty.run_id}/model").endswith(": it has no files")


def test_logged_models_that_are_not_finished(backend: EmbeddedBackend) -> None:
    info = make_logged_model(backend)
    uri = f"models:/{info.model_id}"
    assert refused(backend, uri).startswith(f"Conflict: the logged model {info.model_id} is not finished (PENDING)")
    backend.call(FinalizeLoggedModel(model_id=info.model_id, status="LOGGED_MODEL_UPLOAD_FAILED"))
    assert refused(backend, uri).startswith(f"Conflict: the upload of the logged model {info.model_id} failed")
    backend.call(FinalizeLoggedModel(model_id=info.model_id, status="LOGGED_MODEL_READY"))
    assert "there is no MLmodel file at" in refused(backend, uri)
    backend.call(DeleteLoggedModel(model_id=info.model_id))
    assert refused(backend, uri) == f"NotFound: the logged model {info.model_id} was deleted: use another one"


def test_a_changed_file_is_found_and_named(backend: EmbeddedBackend) -> None:
    file = three_versions(backend) / "model.skops"
    file.write_bytes(b"TREES")
    message = refused(backend, "models:/m/1")
    assert message.startswith("ModelFileChanged: 'model.skops' of version 1 of 'm' was changed after it was recorded")
    with pytest.raises(Conflict):
        resolved(backend, "models:/m/1")


def test_also_if_its_time_was_set_back(backend: EmbeddedBackend) -> None:
    file = three_versions(backend) / "model.skops"
    before = file.stat()
    file.write_bytes(b"TREES")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert "ModelFileChanged: 'model.skops'" in refused(backend, "models:/m/1")


def test_a_missing_file_is_named(backend: EmbeddedBackend) -> None:
    (three_versions(backend) / "model.skops").unlink()
    expected = (
        "ModelFileMissing: 'model.skops' of version 1 of 'm' is missing: it was there when the model was recorded"
    )
    assert refused(backend, "models:/m/1").startswith(expected)


def test_only_files_with_another_time_are_read_again(backend: EmbeddedBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = three_versions(backend)
    read: list[str] = []
    hashed = inspection.hashed

    def note(files: ReadableFiles, folder: str, path: str) -> FileRow:
        read.append(path)
        return hashed(files, folder, path)

    monkeypatch.setattr("solvent.registry.resolve.hashed", note)
    resolved(backend, "models:/m/1")
    assert read == []
    os.utime(folder / "model.skops")
    time.sleep(0.02)
    resolved(backend, "models:/m/1")
    assert read == ["model.skops"]
    resolved(backend, "models:/m/1")
    assert read == ["model.skops"]


def test_files_that_were_added_are_not_of_the_model(backend: EmbeddedBackend) -> None:
    (three_versions(backend) / "sklearn.py").write_text("evil")
    assert [file.path for file in resolved(backend, "models:/m/1").files] == ["MLmodel", "model.skops"]


def test_a_source_that_came_to_lead_out_of_its_run_is_refused(backend: EmbeddedBackend, tmp_path: Path) -> None:
    run = make_run(backend)
    folder = write_model(folder_of(backend, run.artifact_uri, "model"))
    make_model(backend)
    make_version(backend, source=f"{run.artifact_uri}/model", run_id=run.run_id)
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(tmp_path / "elsewhere")
    message = refused(backend, "models:/m/1")
    assert message.startswith("InvalidInput: Invalid path 'model/MLmodel': a symbolic link leads out of")


def test_a_source_in_the_rows_that_lies_elsewhere_is_refused(backend: EmbeddedBackend) -> None:
    run_id, _ = run_with_model(backend)
    make_model(backend)
    make_version(backend, source=f"runs:/{run_id}/model", run_id=run_id)
    execute(backend, "UPDATE model_versions SET storage_location = '/etc'")
    with pytest.raises(InvalidInput, match="points outside of the run or logged model that it comes from: /etc"):
        resolved(backend, "models:/m/1")


def test_versions_that_were_made_before_files_were_recorded(backend: EmbeddedBackend) -> None:
    three_versions(backend)
    for table in ("model_files", "model_facts"):
        execute(backend, f"DELETE FROM {table}")
    found = resolved(backend, "models:/m/1")
    assert (found.files, found.digest, found.facts, found.path) == ([], None, None, "model")
