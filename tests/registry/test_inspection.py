"""What the server finds when it looks at the files of models."""

from __future__ import annotations

import hashlib
import json
import os
import tracemalloc
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvent.artifacts.local import LocalArtifacts
from solvent.backend.embedded import EmbeddedBackend
from solvent.errors import PermissionDenied
from solvent.registry import inspection
from solvent.registry.inspection import look
from solvent.registry.places import Place
from solvent.wire.models import DeleteLoggedModel, FinalizeLoggedModel, GetLoggedModel
from solvent.wire.registry import DeleteModelVersion, DeleteRegisteredModel
from solvent.wire.trash import ClaimTrash, PurgeTrash
from tests.registry.helpers import make_logged_model, make_model, make_run, make_version
from tests.registry.model_folders import (
    PICKLED,
    folder_of,
    logged_with_model,
    resolved,
    run_with_model,
    write_model,
)

TREES = hashlib.sha256(b"trees").hexdigest()


def test_a_version_of_a_run_has_its_files_on_record(backend: EmbeddedBackend) -> None:
    run_id, _ = run_with_model(backend)
    make_model(backend)
    make_version(backend, source=f"runs:/{run_id}/model", run_id=run_id)
    found = resolved(backend, "models:/m/1")
    assert [(file.path, file.size) for file in found.files][1:] == [("model.skops", 5)]
    assert (found.files[1].sha256, found.path) == (TREES, "model")
    assert found.facts is not None
    assert (found.facts.flavors, found.facts.signature, found.facts.unsafe) == (["sklearn"], "whole", [])
    assert (found.facts.bytes, found.facts.problem) == (sum(file.size for file in found.files), None)


@pytest.mark.parametrize("scheme", ["path", "file", "proxy"])
def test_whatever_the_address_of_the_source(backend: EmbeddedBackend, scheme: str, tmp_path: Path) -> None:
    run = make_run(backend)
    folder = write_model(folder_of(backend, run.artifact_uri, "a/b c"))
    if scheme != "proxy":
        run_uri = {"path": str(tmp_path / "local"), "file": (tmp_path / "local").as_uri()}[scheme]
        from solvent.wire.experiments import CreateExperiment
        from solvent.wire.runs import CreateRun

        experiment = backend.call(CreateExperiment(name="local", artifact_location=run_uri)).experiment_id
        run = backend.call(CreateRun(experiment_id=experiment)).run.info
        folder = write_model(folder_of(backend, run.artifact_uri, "a/b c"))
    make_model(backend)
    tail = "a/b%20c" if scheme != "path" else "a/b c"
    make_version(backend, source=f"{run.artifact_uri}/{tail}", run_id=run.run_id)
    found = resolved(backend, "models:/m/1")
    assert (found.artifact_uri, found.path, len(found.files)) == (run.artifact_uri, "a/b c", 2), folder


def test_a_logged_model_is_looked_at_when_it_is_ready(backend: EmbeddedBackend) -> None:
    info, _ = logged_with_model(backend, PICKLED, model_pkl=b"not loaded here")
    found = resolved(backend, f"models:/{info.model_id}")
    assert found.facts is not None
    assert (found.facts.unsafe, found.facts.flavors) == (["model.pkl"], ["python_function", "sklearn"])
    assert (found.path, found.artifact_uri, found.model_id) == ("", info.artifact_uri, info.model_id)


def test_files_that_cant_be_read_are_no_error(backend: EmbeddedBackend) -> None:
    make_model(backend)
    assert make_version(backend, source="s3://bucket/model").status == "READY"
    facts = resolved(backend, "models:/m/1").facts
    assert facts is not None
    assert (facts.problem or "").startswith("artifacts at 's3://bucket/model' can't be reached from here")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("flavors: [", "MLmodel"),
        ("a: 1", "the MLmodel file has no 'flavors'"),
        ("flavors: {}\nsignature: {inputs: 'x'}", "the signature of the MLmodel file is no JSON"),
    ],
)
def test_a_broken_mlmodel_file_is_a_fact(backend: EmbeddedBackend, text: str, problem: str) -> None:
    run_id, _ = run_with_model(backend, text)
    make_model(backend)
    make_version(backend, source=f"runs:/{run_id}/model", run_id=run_id)
    found = resolved(backend, "models:/m/1")
    assert found.facts is not None
    assert problem in (found.facts.problem or "")
    assert len(found.files) == 2


def test_without_an_mlmodel_file_pickles_are_known_by_their_names(tmp_path: Path) -> None:
    (tmp_path / "model.pkl").write_bytes(b"x")
    looked = look(lambda _: LocalArtifacts(tmp_path), [Place("x")])
    assert looked.facts.problem == "there is no MLmodel file"
    assert [file.path for file in looked.files] == ["model.pkl"]


def test_a_version_of_a_version_has_the_records_of_that_one(backend: EmbeddedBackend) -> None:
    run_id, folder = run_with_model(backend)
    make_model(backend)
    make_version(backend, source=f"runs:/{run_id}/model", run_id=run_id)
    recorded = resolved(backend, "models:/m/1").files
    (folder / "model.skops").write_bytes(b"other")
    make_model(backend, "copy")
    make_version(backend, "copy", source="models:/m/1")
    (folder / "model.skops").write_bytes(b"trees")
    assert resolved(backend, "models:/copy/1").files == recorded


def test_what_is_deleted_has_no_records(backend: EmbeddedBackend) -> None:
    run_id, _ = run_with_model(backend)
    for name in ("m", "n"):
        make_model(backend, name)
        for _ in range(2):
            make_version(backend, name, source=f"runs:/{run_id}/model", run_id=run_id)
    assert owners(backend) == ["1/1", "1/2", "2/1", "2/2"]
    backend.call(DeleteModelVersion(name="m", version="1"))
    assert owners(backend) == ["1/2", "2/1", "2/2"]
    backend.call(DeleteRegisteredModel(name="n"))
    assert owners(backend) == ["1/2"]


def test_a_logged_model_that_is_removed_for_good_takes_its_records_with_it(backend: EmbeddedBackend) -> None:
    info, _ = logged_with_model(backend)
    kept, _ = logged_with_model(backend)
    backend.call(DeleteLoggedModel(model_id=info.model_id))
    assert owners(backend) == sorted([info.model_id, kept.model_id])
    ids = [info.model_id, kept.model_id]
    backend.call(ClaimTrash(logged_model_ids=ids[:1]))
    while not backend.call(PurgeTrash(logged_model_ids=ids)).done:
        pass
    assert owners(backend) == [kept.model_id]


def owners(backend: EmbeddedBackend) -> list[str]:
    rows = backend.store.snapshot(
        lambda tx: tx.all("SELECT owner FROM model_files UNION SELECT owner FROM model_facts ORDER BY owner")
    )
    return [row[0] for row in rows]


def test_a_link_that_leads_out_of_the_run_is_not_followed(backend: EmbeddedBackend, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    run_id, folder = run_with_model(backend)
    (folder / "weights.bin").symlink_to(tmp_path / "secret")
    make_model(backend)
    make_version(backend, source=f"runs:/{run_id}/model", run_id=run_id)
    assert "weights.bin" not in [file.path for file in resolved(backend, "models:/m/1").files]


def test_folders_in_a_circle_end(tmp_path: Path) -> None:
    write_model(tmp_path)
    (tmp_path / "again").symlink_to(tmp_path)
    looked = look(lambda _: LocalArtifacts(tmp_path), [Place("x")])
    assert looked.files == []
    assert looked.facts.problem


def test_too_many_files_are_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection, "MAX_FILES", 3)
    write_model(tmp_path, a=b"", b=b"", c=b"")
    looked = look(lambda _: LocalArtifacts(tmp_path), [Place("x")])
    assert (looked.files, looked.facts.problem) == ([], "there are more than 3 files: a model has fewer")


def test_large_files_are_read_in_pieces(tmp_path: Path) -> None:
    size = 64 << 20
    with (write_model(tmp_path) / "weights.bin").open("wb") as file:
        file.truncate(size)
    tracemalloc.start()
    looked = look(lambda _: LocalArtifacts(tmp_path), [Place("x")])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert {file.path: file.size for file in looked.files}["weights.bin"] == size
    assert peak < size / 8


def test_too_many_bytes_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection, "MAX_BYTES", 10)
    write_model(tmp_path)
    looked = look(lambda _: LocalArtifacts(tmp_path), [Place("x")])
    assert looked.files == []
    assert "no more than 10 are hashed" in (looked.facts.problem or "")


class TestForbidden:
    """Where ``SOLVENT_REGISTRY_FORBID_PICKLES`` is set."""

    @pytest.fixture(autouse=True)
    def forbidden(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SOLVENT_REGISTRY_FORBID_PICKLES", "true")

    def test_a_version_with_a_pickle_is_refused_and_named(self, backend: EmbeddedBackend) -> None:
        run_id, _ = run_with_model(backend, PICKLED, model_pkl=b"x")
        make_model(backend)
        with pytest.raises(PermissionDenied, match=r"^this server takes no models that run code .* 'm' has model\.pkl"):
            make_version(backend, source=f"runs:/{run_id}/model", run_id=run_id)
        assert owners(backend) == []

    def test_a_logged_model_with_a_pickle_stays_as_it_is(self, backend: EmbeddedBackend) -> None:
        info = make_logged_model(backend)
        write_model(folder_of(backend, info.artifact_uri), PICKLED, model_pkl=b"x")
        with pytest.raises(PermissionDenied, match=r"model\.pkl"):
            backend.call(FinalizeLoggedModel(model_id=info.model_id, status="LOGGED_MODEL_READY"))
        assert backend.call(GetLoggedModel(model_id=info.model_id)).model.info.status == "LOGGED_MODEL_PENDING"
        backend.call(FinalizeLoggedModel(model_id=info.model_id, status="LOGGED_MODEL_UPLOAD_FAILED"))

    def test_a_model_that_nobody_can_look_at_is_refused(self, backend: EmbeddedBackend) -> None:
        make_model(backend)
        with pytest.raises(PermissionDenied, match="takes only models that it can look at"):
            make_version(backend, source="s3://bucket/model")

    def test_safe_models_pass(self, backend: EmbeddedBackend) -> None:
        run_id, _ = run_with_model(backend)
        make_model(backend)
        assert make_version(backend, source=f"runs:/{run_id}/model", run_id=run_id).version == "1"
        logged_with_model(backend)

    def test_copies_are_asked_for_the_records_of_what_they_copy(
        self, backend: EmbeddedBackend, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("SOLVENT_REGISTRY_FORBID_PICKLES")
        run_id, _ = run_with_model(backend, PICKLED, model_pkl=b"x")
        make_model(backend)
        make_version(backend, source=f"runs:/{run_id}/model", run_id=run_id)
        monkeypatch.setenv("SOLVENT_REGISTRY_FORBID_PICKLES", "1")
        with pytest.raises(PermissionDenied, match=r"model\.pkl"):
            make_version(backend, source="models:/m/1")


def test_a_file_that_was_just_changed_has_no_settled_time(tmp_path: Path) -> None:
    files = LocalArtifacts(write_model(tmp_path))
    row = inspection.hashed(files, "", "model.skops")
    assert row.modified is None
    assert not inspection.is_same(files, "", row)


def test_the_time_of_change_cant_be_set_back(tmp_path: Path) -> None:
    files = LocalArtifacts(write_model(tmp_path))
    before = files.modified("model.skops")
    os.utime(tmp_path / "model.skops", ns=(0, 0))
    assert files.modified("model.skops") >= before


ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["../x", "/", "."]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
KEYS = ("code", "data", "loader_module", "model_path", "pickled_model", "python_model", "skops_trusted_types",
        "serialization_format", "model_code_path")  # fmt: skip


@settings(max_examples=100)
@given(
    flavors=st.dictionaries(
        st.sampled_from(["sklearn", "python_function", "keras", "x"]),
        st.dictionaries(st.sampled_from(KEYS), ODD, max_size=4) | ODD,
        max_size=3,
    ),
    signature=st.none() | ODD | st.fixed_dictionaries({"inputs": ODD, "outputs": ODD}),
    example=ODD,
)
def test_whatever_an_mlmodel_file_says_is_no_failure(flavors: Any, signature: Any, example: Any) -> None:
    with TemporaryDirectory() as folder:
        document = {"flavors": flavors, "signature": signature, "saved_input_example_info": example}
        write_model(Path(folder), json.dumps(document), model_pkl=b"x")
        looked = look(lambda _: LocalArtifacts(Path(folder)), [Place("x")])
        assert [file.path for file in looked.files] == ["MLmodel", "model.pkl"]
