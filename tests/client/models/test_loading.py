"""``load_model``: every kind of address, and an error for every broken link. Never None."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import solvent
from solvent.backend.protocol import Backend
from solvent.errors import AlreadyExists, Conflict, InvalidInput, NotFound, SolventError
from solvent.models.errors import ModelFileChanged, ModelFileMissing, NotAModel, UnsafeModel
from solvent.wire.models import GetLoggedModel
from solvent.wire.registry import DeleteModelVersion, SetRegisteredModelAlias, TransitionModelVersionStage
from solvent.wire.runs import GetRun

Store = Callable[[], Backend]


@pytest.fixture
def info(model: Any, frame: pd.DataFrame) -> Any:
    """Version 1 of ``fraud``, in Staging, with the alias ``champion``."""
    with solvent.start_run():
        return solvent.sklearn.log_model(model, "m", input_example=frame, registered_model_name="fraud")


def folder_of(backend: Backend, info: Any) -> Path:
    """Where the files of a logged model are kept."""
    uri = backend.call(GetLoggedModel(model_id=info.model_id)).model.info.artifact_uri
    return backend.artifacts(uri).root  # type: ignore[attr-defined, no-any-return]


def test_every_address_leads_to_the_model(
    info: Any, model: Any, frame: pd.DataFrame, store: Store, tmp_path: Path
) -> None:
    store().call(SetRegisteredModelAlias(name="fraud", alias="champion", version="1"))
    store().call(TransitionModelVersionStage(name="fraud", version="1", stage="Staging"))
    solvent.sklearn.save_model(model, tmp_path / "saved")
    for uri in (
        "models:/fraud/1",
        "models:/fraud@champion",
        "models:/fraud/Staging",
        "models:/fraud/latest",
        info.model_uri,
        info.model_id,
        f"runs:/{info.run_id}/m",
        tmp_path / "saved",
        (tmp_path / "saved").as_uri(),
    ):
        for loaded in (solvent.load_model(uri), solvent.sklearn.load_model(uri), solvent.pyfunc.load_model(uri)):
            assert (loaded.predict(frame) == model.predict(frame)).all(), uri


def test_s9_a_model_that_was_trained_can_be_had_again_without_training(
    model: Any, frame: pd.DataFrame, script: Any, tmp_path: Path
) -> None:
    """TUTORIALS S9: what a function has trained is kept, and another process has it without training again."""
    with solvent.start_run():
        solvent.sklearn.log_model(model, "m", registered_model_name="kept")
    expected = model.predict(frame).tolist()
    frame.to_csv(tmp_path / "rows.csv", index=False)
    program = (
        "import pandas as pd, solvent\n"
        f"print(solvent.load_model('models:/kept/1').predict(pd.read_csv({str(tmp_path / 'rows.csv')!r})).tolist())"
    )
    assert script(program).stdout.strip() == str(expected)


@pytest.mark.parametrize(
    ("uri", "broken"),
    [
        ("models:/frued/1", "did you mean 'fraud'"),
        ("models:/fraud/7", "version 7 of 'fraud' not found"),
        ("models:/fraud@gone", "'fraud' has no alias 'gone'"),
        ("models:/fraud/Production", "Production"),
        ("models:/m-" + "0" * 32, "logged model"),
        ("runs:/" + "0" * 32 + "/m", "run '0+' not found"),
        ("models:/a/b/c", "models:/name/3"),
        ("s3://bucket/model", "can't be loaded from"),
        ("/no/such/folder", "there is no folder"),
    ],
)
def test_s10_loading_never_gives_none(info: Any, uri: str, broken: str) -> None:
    """TUTORIALS S10: a broken link is an error that names it, so that nothing is None where predict is asked."""
    for load in (solvent.load_model, solvent.sklearn.load_model, solvent.pyfunc.load_model):
        with pytest.raises(SolventError, match=broken):
            load(uri)


def test_an_alias_of_a_deleted_version(info: Any, store: Store) -> None:
    store().call(SetRegisteredModelAlias(name="fraud", alias="champion", version="1"))
    store().call(DeleteModelVersion(name="fraud", version="1"))
    with pytest.raises(NotFound, match="champion"):
        solvent.load_model("models:/fraud@champion")


def test_a_file_that_was_changed_on_the_server_is_never_served(info: Any, store: Store) -> None:
    solvent.load_model("models:/fraud/1")  # it is in the cache now
    file = folder_of(store(), info) / "model.skops"
    file.write_bytes(file.read_bytes() + b"x")
    with pytest.raises(ModelFileChanged, match=r"model\.skops"):
        solvent.load_model("models:/fraud/1")


def test_a_file_that_is_missing_on_the_server(info: Any, store: Store) -> None:
    (folder_of(store(), info) / "model.skops").unlink()
    with pytest.raises(ModelFileMissing, match=r"model\.skops"):
        solvent.load_model("models:/fraud/1")


def test_a_file_that_changes_between_the_answer_and_the_download(
    info: Any, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    from solvent.client.models import resolving

    answer = resolving.resolve

    def late(backend: Backend, uri: str) -> Any:
        found = answer(backend, uri)
        (folder_of(store(), info) / "model.skops").write_bytes(b"other")
        return found

    monkeypatch.setattr(resolving, "resolve", late)
    with pytest.raises(ModelFileChanged, match=r"'model.skops' of the model is not what was recorded"):
        solvent.load_model("models:/fraud/1")


def test_a_changed_pickle_is_not_run(store: Store) -> None:
    with solvent.start_run():
        info = solvent.pyfunc.log_model(lambda data: data, "m")
    assert solvent.load_model(info.model_uri).predict([1]) == [1]
    (folder_of(store(), info) / "python_model.pkl").write_bytes(pickle.dumps(print))
    with pytest.raises(Conflict, match=r"python_model\.pkl"):
        solvent.load_model(info.model_uri)


def test_a_pickle_that_nobody_has_recorded_is_run_only_if_it_is_trusted(store: Store, tmp_path: Path) -> None:
    solvent.pyfunc.save_model(lambda data: data * 2, tmp_path / "saved")
    with pytest.raises(UnsafeModel, match="trust_pickle=True"):
        solvent.pyfunc.load_model(tmp_path / "saved")
    with solvent.start_run() as run:
        solvent.log_artifacts(tmp_path / "saved", "files")
    with pytest.raises(UnsafeModel, match="trust_pickle=True"):
        solvent.load_model(f"runs:/{run.info.run_id}/files")
    for uri in (tmp_path / "saved", f"runs:/{run.info.run_id}/files"):
        assert (solvent.load_model(uri, trust_pickle=True).predict(np.ones(2)) == [2, 2]).all()


def test_files_that_nobody_has_recorded_are_looked_at_anew(model: Any, store: Store, tmp_path: Path) -> None:
    solvent.sklearn.save_model(model, tmp_path / "saved")
    with solvent.start_run() as run:
        solvent.log_artifacts(tmp_path / "saved", "files")
    assert solvent.load_model(f"runs:/{run.info.run_id}/files").n_features_in_ == 2
    uri = store().call(GetRun(run_id=run.info.run_id)).run.info.artifact_uri
    (store().artifacts(uri).root / "files" / "MLmodel").write_text("flavors: {}")  # type: ignore[attr-defined]
    with pytest.raises(SolventError, match="none of the model's flavours"):
        solvent.load_model(f"runs:/{run.info.run_id}/files")


def test_a_place_of_ones_own(info: Any, model: Any, frame: pd.DataFrame, tmp_path: Path, cache: Path) -> None:
    loaded = solvent.load_model("models:/fraud/1", dst=tmp_path / "mine")
    assert (loaded.predict(frame) == model.predict(frame)).all()
    assert (tmp_path / "mine" / "MLmodel").is_file()
    assert not cache.exists()
    with pytest.raises(AlreadyExists, match="give a new folder as dst"):
        solvent.load_model("models:/fraud/1", dst=tmp_path / "mine")
    with pytest.raises(InvalidInput, match="on this machine already"):
        solvent.load_model(tmp_path / "mine", dst=tmp_path / "other")


def test_a_model_without_files(store: Store, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(NotAModel, match="holds no file MLmodel"):
        solvent.load_model(tmp_path / "empty")
    with solvent.start_run() as run:
        solvent.log_text("x", "notes.txt")
    with pytest.raises(NotFound, match="MLmodel"):
        solvent.load_model(f"runs:/{run.info.run_id}/m")
