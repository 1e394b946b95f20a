"""``log_model``: what is kept, linked, registered and told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import solvent
from solvent.backend.protocol import Backend
from solvent.errors import InvalidInput, SolventError, Unavailable
from solvent.models.load import read_folder
from solvent.models.signature.signature import Signature
from solvent.wire.models import GetLoggedModel
from solvent.wire.runs import GetRun

Store = Callable[[], Backend]


def test_a_model_is_logged_with_its_run(model: Any, frame: pd.DataFrame, store: Store) -> None:
    with solvent.start_run() as run:
        solvent.log_params({"alpha": 1, "beta": 2})
        info = solvent.sklearn.log_model(model, "classifier", input_example=frame, metadata={"owner": "me"})
    assert (info.run_id, info.name, info.signature_problem) == (run.info.run_id, "classifier", None)
    assert info.model_uri == f"models:/{info.model_id}"
    logged = store().call(GetLoggedModel(model_id=info.model_id)).model
    assert (logged.info.status, logged.info.source_run_id) == ("LOGGED_MODEL_READY", run.info.run_id)
    assert {param.key: param.value for param in logged.data.params} == {"alpha": "1", "beta": "2"}
    outputs = store().call(GetRun(run_id=run.info.run_id)).run.outputs
    assert outputs is not None
    assert [output.model_id for output in outputs.model_outputs] == [info.model_id]
    said = read_folder(_folder(store(), logged.info.artifact_uri))
    assert (said.run_id, said.model_id, said.artifact_path) == (
        run.info.run_id,
        info.model_id,
        logged.info.artifact_uri,
    )
    assert said.metadata == {"owner": "me"}
    assert (solvent.load_model(info.model_uri).predict(frame) == model.predict(frame)).all()


def test_without_a_run_one_is_opened(model: Any) -> None:
    info = solvent.sklearn.log_model(model, "m")
    run = solvent.active_run()
    assert run is not None
    assert info.run_id == run.info.run_id
    solvent.end_run()


def test_a_model_of_another_run(model: Any) -> None:
    with solvent.start_run() as first:
        pass
    info = solvent.sklearn.log_model(model, "m", run_id=first.info.run_id)
    assert info.run_id == first.info.run_id
    assert solvent.active_run() is None


def test_more_params_than_one_request_takes(model: Any, store: Store) -> None:
    with solvent.start_run():
        solvent.log_params({f"p{number}": number for number in range(150)})
        info = solvent.sklearn.log_model(model, "m")
    assert len(store().call(GetLoggedModel(model_id=info.model_id)).model.data.params) == 150


def test_the_signature_is_inferred_from_the_example(model: Any, frame: pd.DataFrame) -> None:
    with solvent.start_run():
        info = solvent.sklearn.log_model(model, "m", input_example=frame)
    assert isinstance(info.signature, Signature)
    assert info.signature.inputs is not None
    assert [column.name for column in info.signature.inputs.columns or ()] == ["a", "b"]
    assert info.signature.outputs is not None
    loaded = solvent.pyfunc.load_model(info.model_uri)
    with pytest.raises(SolventError, match="'b'"):
        loaded.predict(frame[["a"]])


def test_a_given_signature_goes_before_the_example(model: Any, frame: pd.DataFrame) -> None:
    given = solvent.infer_signature(frame[["a"]])
    with solvent.start_run():
        info = solvent.sklearn.log_model(model, "m", signature=given, input_example=frame)
    assert info.signature == given
    with solvent.start_run(), pytest.raises(InvalidInput, match="expected what infer_signature makes"):
        solvent.sklearn.log_model(model, "m", signature=True)


def test_what_fails_while_inferring_is_told(model: Any, frame: pd.DataFrame, store: Store) -> None:
    with solvent.start_run(), pytest.warns(UserWarning, match="could not answer the input example: .*1 features"):
        info = solvent.sklearn.log_model(model, "m", input_example=frame[["a"]])
    assert info.signature is not None
    assert info.signature.inputs is not None
    assert info.signature.outputs is None
    tags = store().call(GetLoggedModel(model_id=info.model_id)).model.info.tags
    assert {tag.key: tag.value for tag in tags}["solvent.signature_problem"] == info.signature_problem
    assert "1 features" in (info.signature_problem or "")


def test_an_example_that_can_not_be_kept_is_told(model: Any) -> None:
    with solvent.start_run(), pytest.warns(UserWarning, match="without input example and signature"):
        info = solvent.sklearn.log_model(model, "m", input_example=object())
    assert info.signature is None
    assert info.saved_input_example_info is None


def test_params_of_predict_belong_to_the_signature() -> None:
    def scaled(data: Any, params: Any = None) -> Any:
        return [number * (params or {}).get("by", 1) for number in data]

    with solvent.start_run():
        info = solvent.pyfunc.log_model(scaled, "m", input_example=([1, 2], {"by": 3}))
    assert info.signature is not None
    assert [param.name for param in info.signature.params or ()] == ["by"]


def test_what_is_logged_may_be_registered_at_once(model: Any) -> None:
    with solvent.start_run():
        first = solvent.sklearn.log_model(model, "m", registered_model_name="fraud")
        second = solvent.sklearn.log_model(model, "m", registered_model_name="fraud")
    assert (first.registered_model_name, first.registered_model_version) == ("fraud", "1")
    assert second.registered_model_version == "2"
    with solvent.start_run(), pytest.raises(SolventError, match=r"is logged as models:/m-.*, but not registered: "):
        solvent.sklearn.log_model(model, "m", registered_model_name="a/b")


def test_a_model_that_can_not_be_sent_is_kept(
    model: Any, frame: pd.DataFrame, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOLVENT_TRACKING_URI", "http://127.0.0.1:9")
    with pytest.raises(Unavailable, match="the model is kept in") as caught:
        solvent.sklearn.log_model(model, "m")
    solvent.end_run()
    (kept,) = (home / "unsent-models").iterdir()
    assert str(kept) in str(caught.value)
    assert (solvent.load_model(kept).predict(frame) == model.predict(frame)).all()


def test_what_is_no_model_is_refused_and_nothing_is_left(store: Store) -> None:
    with solvent.start_run() as run, pytest.raises(InvalidInput, match="expected an estimator"):
        solvent.sklearn.log_model("no model", "m")
    solvent.flush()
    outputs = store().call(GetRun(run_id=run.info.run_id)).run.outputs
    assert not (outputs and outputs.model_outputs)


def _folder(backend: Backend, uri: str) -> Path:
    return backend.artifacts(uri).root  # type: ignore[attr-defined, no-any-return]
