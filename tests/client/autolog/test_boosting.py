"""XGBoost and LightGBM: what one training records, by ``train`` and by the estimators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import lightgbm
import pandas as pd
import pytest
import xgboost
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import solvent
from solvent.backend.protocol import Backend
from solvent.client.autolog import boosting
from solvent.client.datasets import describe
from solvent.wire.runs import GetRun
from tests.client.autolog.conftest import Recorded

Store = Callable[[], Backend]
cells, malign = load_breast_cancer(return_X_y=True, as_frame=True)
cells = cells.iloc[:, :5]
CALM: dict[str, Any] = {"num_leaves": 4, "verbose": -1, "num_threads": 1}


def points(run: Any, key: str) -> list[tuple[int, float]]:
    return [(point.step, point.value) for point in solvent.Client().get_metric_history(run.info.run_id, key)]


def model_of(run: Any, store: Store) -> Any:
    outputs = store().call(GetRun(run_id=run.info.run_id)).run.outputs
    assert outputs is not None
    [output] = outputs.model_outputs
    return solvent.load_model(f"models:/{output.model_id}")


def test_lightgbm_train(recorded: Recorded, store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    solvent.lightgbm.autolog()
    data = lightgbm.Dataset(cells, malign)
    mine: list[Any] = [lightgbm.log_evaluation(0)]
    booster = lightgbm.train(
        {"objective": "binary", **CALM}, data, 6, valid_sets=[data], valid_names=["train"], callbacks=mine
    )
    assert len(mine) == 1
    [run] = recorded()
    assert (run.info.status, run.data.params["num_leaves"], run.data.params["num_boost_round"]) == (
        "FINISHED",
        "4",
        "6",
    )
    history = points(run, "train-binary_logloss")
    assert [step for step, _ in history] == list(range(6))
    assert history[-1][1] < history[0][1]
    first, second = (entry.dataset for entry in run.inputs.dataset_inputs)
    assert (first.digest, second.name) == (describe(cells).digest, "target")
    assert model_of(run, store).predict(cells) == pytest.approx(booster.predict(cells))
    assert "autologging" not in capsys.readouterr().err


def test_lightgbm_stops_early(recorded: Recorded) -> None:
    solvent.lightgbm.autolog(log_models=False)
    data, held = lightgbm.Dataset(cells[:400], malign[:400]), lightgbm.Dataset(cells[400:], malign[400:])
    settings = {"objective": "binary", "learning_rate": 1.0, **CALM}
    booster = lightgbm.train(
        settings, data, 100, valid_sets=[held], callbacks=[lightgbm.early_stopping(3, verbose=False)]
    )
    [run] = recorded()
    assert run.data.metrics["best_iteration"] == booster.best_iteration
    history = points(run, "valid_0-binary_logloss")
    assert history[-1] == (len(history) - 1, history[booster.best_iteration - 1][1])
    assert [entry.tags["mlflow.data.context"] for entry in run.inputs.dataset_inputs] == ["train", "train", "eval"]


def test_xgboost_train(recorded: Recorded, store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    solvent.xgboost.autolog()
    data = xgboost.DMatrix(cells, malign)
    held = xgboost.DMatrix(cells[400:], malign[400:])
    booster = xgboost.train(
        {"objective": "binary:logistic", "max_depth": 2, "eta": 1.0},
        data,
        num_boost_round=50,
        evals=[(data, "train"), (held, "held")],
        early_stopping_rounds=2,
        verbose_eval=False,
    )
    [run] = recorded()
    assert (run.data.params["max_depth"], run.data.params["num_boost_round"]) == ("2", "50")
    assert run.data.metrics["best_iteration"] == booster.best_iteration
    history = points(run, "held-logloss")
    assert history[-1] == (len(history) - 1, history[booster.best_iteration][1])
    assert len(history) - 2 == run.data.metrics["stopped_iteration"] == booster.num_boosted_rounds() - 1
    names = [(entry.dataset.name, entry.tags["mlflow.data.context"]) for entry in run.inputs.dataset_inputs]
    assert names == [("dataset", "train"), ("target", "train"), ("held", "eval")]
    assert model_of(run, store).predict(data) == pytest.approx(booster.predict(data), abs=1e-6)
    assert "autologging" not in capsys.readouterr().err


@pytest.mark.filterwarnings("ignore:The argument 'eval_set' is deprecated")
@pytest.mark.parametrize(
    ("library", "estimator", "key"),
    [
        (solvent.lightgbm, lightgbm.LGBMClassifier(n_estimators=3, **CALM), "valid_0-binary_logloss"),
        (solvent.xgboost, xgboost.XGBClassifier(n_estimators=3, max_depth=2), "validation_0-logloss"),
    ],
    ids=["lightgbm", "xgboost"],
)
def test_estimators(
    library: Any, estimator: Any, key: str, recorded: Recorded, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    library.autolog()
    quiet = {"verbose": False} if library is solvent.xgboost else {}
    estimator.fit(cells, malign, eval_set=[(cells[:400], malign[:400])], **quiet)
    [run] = recorded()
    assert (run.data.params["n_estimators"], run.data.tags["estimator_name"]) == ("3", type(estimator).__name__)
    assert [step for step, _ in points(run, key)] == [0, 1, 2]
    assert run.inputs.dataset_inputs[0].dataset.digest == describe(cells).digest
    assert (model_of(run, store).predict(cells) == estimator.predict(cells)).all()
    assert "autologging" not in capsys.readouterr().err


def test_within_pipelines_and_searches_they_are_a_part(recorded: Recorded) -> None:
    solvent.autolog(log_models=False, log_datasets=False)
    model = make_pipeline(StandardScaler(), xgboost.XGBClassifier(n_estimators=2))
    model.fit(cells, malign)
    GridSearchCV(lightgbm.LGBMClassifier(n_estimators=2, **CALM), {"num_leaves": [3, 4]}, cv=2).fit(cells, malign)
    names = [run.data.tags["estimator_name"] for run in recorded()]
    assert sorted(names) == ["GridSearchCV", "LGBMClassifier", "LGBMClassifier", "Pipeline"]


def test_errors_within_break_nothing(recorded: Recorded, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **kwargs: Any) -> Any:
        raise RuntimeError("broken")

    for name in ("params_of_train", "log_metrics", "log_importances", "given_to"):
        monkeypatch.setattr(boosting, name, broken)
    solvent.autolog(log_models=False, log_datasets=False, silent=True)
    data = lightgbm.Dataset(cells, malign)
    assert lightgbm.train({"objective": "binary", **CALM}, data, 2, valid_sets=[data]).num_trees() == 2
    matrix = xgboost.DMatrix(cells, malign)
    assert xgboost.train({}, matrix, 2, evals=[(matrix, "train")], verbose_eval=False).num_boosted_rounds() == 2
    xgboost.XGBClassifier(n_estimators=2).fit(cells, malign)
    assert [run.info.status for run in recorded()] == ["FINISHED"] * 3


def test_names_that_are_no_metric_names() -> None:
    assert boosting.histories({"valid": {"ndcg@3": [0.1, 0.2], "auc": [0.3, 0.4]}}) == [
        {"valid-ndcg_at_3": 0.1, "valid-auc": 0.3},
        {"valid-ndcg_at_3": 0.2, "valid-auc": 0.4},
    ]
    assert pd.DataFrame(boosting.histories({})).empty
