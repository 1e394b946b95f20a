"""Our ``log_model``, ``register_model`` and ``load_model`` against real servers of MLflow's, old and new."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

import solvent
from solvent.client.connections import backend_of
from solvent.errors import SolventError
from solvent.wire.registry import SetRegisteredModelAlias, TransitionModelVersionStage
from tests.oracle import servers


@pytest.mark.oracle
@pytest.mark.xdist_group("oracle")
@pytest.mark.parametrize("name", ["mlflow-2.22", "mlflow-3.17"])
def test_a_model_goes_to_mlflow_and_comes_back(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOLVENT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("SOLVENT_HOME", str(tmp_path / "home"))
    frame = pd.DataFrame({"a": [float(n) for n in range(20)], "b": [n % 3 for n in range(20)]})
    model = LogisticRegression().fit(frame, [0] * 10 + [1] * 10)
    with servers.mlflow_server(tmp_path, name) as url:
        monkeypatch.setenv("SOLVENT_TRACKING_URI", url)
        run_id = solvent.Client().create_run("0").info.run_id
        info = solvent.sklearn.log_model(
            model, "model", input_example=frame, registered_model_name="fraud", run_id=run_id
        )
        assert (info.model_id is None, info.registered_model_version) == (name == "mlflow-2.22", "1")
        assert solvent.register_model(f"runs:/{run_id}/model", "other").version == "1"
        backend = backend_of(url)
        backend.call(SetRegisteredModelAlias(name="fraud", alias="champion", version="1"))
        backend.call(TransitionModelVersionStage(name="fraud", version="1", stage="Staging"))
        versions = ("1", "latest", "Staging")
        addresses = [info.model_uri, f"runs:/{run_id}/model", "models:/fraud@champion", "models:/other/1"]
        for uri in [*addresses, *(f"models:/fraud/{version}" for version in versions)]:
            assert (solvent.load_model(uri).predict(frame) == model.predict(frame)).all(), uri
        for uri, broken in (
            ("models:/nope/1", "nope"),
            ("models:/fraud@gone", "gone"),
            ("models:/fraud/Production", "no version in stage Production"),
            (f"runs:/{run_id}/elsewhere", "no model at 'elsewhere'"),
            ("models:/m-" + "0" * 32, "not found"),
        ):
            with pytest.raises(SolventError, match=broken):
                solvent.load_model(uri)
