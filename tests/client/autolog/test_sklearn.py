"""scikit-learn: what one training records, and that trainings inside of another record nothing."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn import model_selection
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.cluster import KMeans
from sklearn.datasets import load_diabetes, load_iris
from sklearn.ensemble import BaggingClassifier, StackingClassifier
from sklearn.feature_selection import RFE
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

import solvent
from solvent.backend.protocol import Backend
from solvent.client.autolog import sklearn_fit
from solvent.client.datasets import describe
from solvent.errors import InvalidInput
from solvent.models.mlmodel import read_mlmodel
from solvent.models.signature.signature import Signature
from solvent.wire.models import GetLoggedModel
from solvent.wire.runs import GetRun
from tests.client.autolog.conftest import Recorded

inputs, target = load_iris(return_X_y=True, as_frame=True)
Store = Callable[[], Backend]
quick: dict[str, Any] = {"log_models": False, "log_datasets": False}


def classifier(**params: Any) -> LogisticRegression:
    return LogisticRegression(max_iter=500, **params)


def test_an_estimator_records_params_metrics_data_and_tags(recorded: Recorded) -> None:
    solvent.sklearn.autolog(log_models=False)
    model = classifier(C=0.5).fit(inputs, target)
    [run] = recorded()
    assert run.info.status == "FINISHED"
    assert run.data.params == {key: str(value) for key, value in model.get_params().items()}
    assert run.data.metrics["training_score"] == model.score(inputs, target)
    assert run.data.metrics["training_roc_auc"] > 0.99
    assert run.data.tags["estimator_class"] == "sklearn.linear_model._logistic.LogisticRegression"
    assert run.data.tags["mlflow.autologging"] == "sklearn"
    first, second = (entry.dataset for entry in run.inputs.dataset_inputs)
    assert [entry.tags for entry in run.inputs.dataset_inputs] == [{"mlflow.data.context": "train"}] * 2
    assert (first.name, first.digest) == ("dataset", describe(inputs).digest)
    assert (second.name, second.digest) == ("target", describe(target.to_frame()).digest)
    profile = json.loads(first.profile or "")
    assert (profile["num_rows"], len(profile["solvent"]["columns"])) == (150, 4)


def test_the_model_is_kept_with_signature_and_example(store: Store, recorded: Recorded) -> None:
    solvent.sklearn.autolog(log_datasets=False)
    model = make_pipeline(StandardScaler(), classifier()).fit(inputs, target)
    [run] = recorded()
    outputs = store().call(GetRun(run_id=run.info.run_id)).run.outputs
    assert outputs is not None
    [output] = outputs.model_outputs
    logged = store().call(GetLoggedModel(model_id=output.model_id)).model
    assert (logged.info.name, logged.info.status) == ("model", "LOGGED_MODEL_READY")
    assert {param.key: param.value for param in logged.data.params}["logisticregression__max_iter"] == "500"
    uri = f"models:/{output.model_id}"
    assert (solvent.load_model(uri).predict(inputs) == model.predict(inputs)).all()
    text = b"".join(store().artifacts(logged.info.artifact_uri or "").read("MLmodel"))
    said = read_mlmodel(text)
    signature = Signature.from_dict(said.signature or {})
    assert [column["name"] for column in json.loads((said.signature or {})["inputs"] or "")] == [*inputs.columns]
    assert signature.outputs is not None
    assert said.saved_input_example_info is not None


@pytest.mark.parametrize(
    "model",
    [
        make_pipeline(StandardScaler(), classifier()),
        BaggingClassifier(classifier(), n_estimators=2),
        OneVsRestClassifier(classifier()),
        OneVsRestClassifier(classifier(), n_jobs=2),
        StackingClassifier([("one", classifier()), ("two", classifier())], cv=2),
    ],
    ids=lambda model: type(model).__name__,
)
def test_one_training_is_one_run(model: Any, recorded: Recorded) -> None:
    solvent.sklearn.autolog(**quick)
    model.fit(inputs, target)
    [run] = recorded()
    assert run.data.tags["estimator_name"] == type(model).__name__


def test_threads_of_a_training_record_nothing(recorded: Recorded) -> None:
    solvent.sklearn.autolog(**quick)
    with joblib.parallel_backend("threading", n_jobs=2):
        OneVsRestClassifier(classifier()).fit(inputs, target)
        model_selection.cross_val_score(classifier(), inputs, target)
    assert [run.data.tags["estimator_name"] for run in recorded()] == ["OneVsRestClassifier"]


def test_a_thread_with_a_run_of_its_own_records(recorded: Recorded) -> None:
    solvent.sklearn.autolog(**quick)

    def train() -> None:
        with solvent.start_run():
            classifier().fit(inputs, target)
        classifier().fit(inputs, target)

    thread = threading.Thread(target=train)
    thread.start()
    thread.join()
    [run] = recorded()
    assert run.data.params["max_iter"] == "500"


@pytest.mark.parametrize("validate", ["cross_validate", "cross_val_score", "cross_val_predict"])
def test_validations_record_nothing(validate: str, recorded: Recorded) -> None:
    solvent.sklearn.autolog(**quick)
    getattr(model_selection, validate)(classifier(), inputs, target)
    assert recorded() == []


def test_more_validations_record_nothing(recorded: Recorded) -> None:
    solvent.sklearn.autolog(**quick)
    model_selection.validation_curve(classifier(), inputs, target, param_name="C", param_range=[0.1, 1.0])
    model_selection.learning_curve(classifier(), inputs, target, shuffle=True)
    model_selection.permutation_test_score(classifier(), inputs, target, n_permutations=2)
    StandardScaler().fit_transform(inputs)
    RFE(classifier(), n_features_to_select=2).fit(inputs, target)
    assert recorded() == []


def test_a_search_has_a_child_per_best_candidate(store: Store, recorded: Recorded) -> None:
    solvent.sklearn.autolog(max_tuning_runs=2, log_models=False)
    search = model_selection.GridSearchCV(classifier(), {"C": [0.001, 0.1, 1.0]}, cv=2).fit(inputs, target)
    parent, *children = recorded()
    assert parent.data.params["best_C"] == str(search.best_params_["C"])
    assert "estimator__C" not in parent.data.params
    assert parent.data.metrics["best_cv_score"] == search.best_score_
    assert sorted(child.data.params["C"] for child in children) == ["0.1", "1.0"]
    for child in children:
        assert child.info.status == "FINISHED"
        assert child.data.tags["mlflow.parentRunId"] == parent.info.run_id
        assert len(child.inputs.dataset_inputs) == 2
        assert {"mean_test_score", "std_test_score", "rank_test_score"} <= child.data.metrics.keys()
    text = b"".join(store().artifacts(parent.info.artifact_uri or "").read("cv_results.csv"))
    written = pd.read_csv(io.BytesIO(text))
    assert [*written.columns] == [*search.cv_results_]
    assert written["mean_test_score"].tolist() == search.cv_results_["mean_test_score"].tolist()


def test_the_active_run_is_used_and_stays_open(recorded: Recorded) -> None:
    solvent.sklearn.autolog(**quick)
    with solvent.start_run() as run:
        classifier().fit(inputs, target)
        assert solvent.active_run() is run
        solvent.log_metric("mine", 1.0)
    [found] = recorded()
    assert found.data.metrics["mine"] == 1.0
    assert "mlflow.autologging" not in found.data.tags


def test_a_regressor_on_arrays_that_it_overwrites(recorded: Recorded) -> None:
    numbers, progress = load_diabetes(return_X_y=True)
    solvent.sklearn.autolog(log_models=False)
    LinearRegression(copy_X=False).fit(numbers.copy(), progress)
    [run] = recorded()
    expected = LinearRegression().fit(numbers, progress).score(numbers, progress)
    assert run.data.metrics["training_r2_score"] == pytest.approx(expected)
    assert run.data.metrics["training_root_mean_squared_error"] ** 2 == pytest.approx(
        run.data.metrics["training_mean_squared_error"]
    )
    first = run.inputs.dataset_inputs[0].dataset
    assert first.digest == describe(numbers).digest
    assert [column["name"] for column in json.loads(first.profile or "")["solvent"]["columns"]][:2] == ["x0", "x1"]


def test_without_labels(recorded: Recorded) -> None:
    solvent.sklearn.autolog(**quick)
    KMeans(2, n_init=1).fit_predict(inputs)
    [run] = recorded()
    assert (run.data.params["n_clusters"], run.data.metrics) == ("2", {})


def test_a_class_that_is_defined_later(recorded: Recorded) -> None:
    solvent.sklearn.autolog(**quick)

    class Most(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
        def fit(self, X: Any, y: Any) -> Most:  # noqa: N803
            self.classes_ = np.unique(y)
            return self

        def predict(self, X: Any) -> Any:  # noqa: N803
            return np.full(len(X), self.classes_[0])

    Most().fit(inputs, target)
    [run] = recorded()
    assert run.data.metrics["training_score"] == pytest.approx(1 / 3)


def test_a_training_that_fails_is_a_run_that_failed(recorded: Recorded) -> None:
    solvent.sklearn.autolog(**quick)
    with pytest.raises(ValueError, match="inconsistent"):
        classifier().fit(inputs, target[:10])
    [run] = recorded()
    assert run.info.status == "FAILED"
    assert "inconsistent" in run.data.tags["solvent.failure"]


def test_an_error_of_autologging_breaks_nothing_and_is_told_once(
    recorded: Recorded, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*args: Any) -> Any:
        raise RuntimeError("broken\non two lines")

    for name in ("given_to", "params_of", "training_metrics", "log_data", "log_trained"):
        monkeypatch.setattr(sklearn_fit, name, broken)
    solvent.sklearn.autolog()
    for _ in range(2):
        assert classifier().fit(inputs, target).score(inputs, target) > 0.9
    told = [line for line in capsys.readouterr().err.splitlines() if "broken" in line]
    assert len(told) == len(set(told))
    assert all(line.startswith("solvent: autologging: ") and line.endswith("broken on two lines") for line in told)
    assert [run.info.status for run in recorded()] == ["FINISHED", "FINISHED"]


def test_silent_is_silent(capsys: pytest.CaptureFixture[str], recorded: Recorded) -> None:
    for silent in (True, False):
        solvent.sklearn.autolog(silent=silent, log_models=False)
        classifier().fit(sparse.csr_matrix(inputs), target)
        assert ("sparse" in capsys.readouterr().err) is not silent
    assert [len(run.inputs.dataset_inputs) for run in recorded()] == [1, 1]


def test_texts_and_lists(recorded: Recorded) -> None:
    from sklearn.feature_extraction.text import CountVectorizer

    solvent.sklearn.autolog(log_models=False)
    Pipeline([("words", CountVectorizer()), ("model", classifier())]).fit(["good day", "bad day"] * 5, [1, 0] * 5)
    [run] = recorded()
    assert run.data.metrics["training_score"] == 1.0
    assert len(run.inputs.dataset_inputs) == 2


def test_off_is_off(recorded: Recorded) -> None:
    solvent.sklearn.autolog(**quick)
    solvent.sklearn.autolog(disable=True)
    classifier().fit(inputs, target)
    assert recorded() == []
    with pytest.raises(InvalidInput, match="max_tuning_runs is -1"):
        solvent.autolog(max_tuning_runs=-1)
