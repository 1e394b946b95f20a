"""Autologging through an unmodified MLflow client: scikit-learn with a search, and LightGBM.

Run by MLflow's own interpreter, with MLFLOW_TRACKING_URI set: ``python autolog.py answers.json``.
What autologging recorded is read back through the same client; the file is the same for every
correct server, but for ids, times and measured seconds.
"""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path
from typing import Any

import lightgbm
import mlflow
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV

warnings.simplefilter("ignore")
EXPERIMENT = "autologging of client " + mlflow.__version__.replace(".", "-")  # other sessions list theirs by version
client = mlflow.MlflowClient()
features, species = load_iris(return_X_y=True, as_frame=True)
TIMED = ("mean_fit_time", "std_fit_time", "mean_score_time", "std_score_time")


def files(run_id: str, path: str = "") -> list[str]:
    found: list[str] = []
    for info in client.list_artifacts(run_id, path):
        found += files(run_id, info.path) if info.is_dir else [info.path]
    return sorted(found)


def described(run_id: str) -> dict[str, Any]:
    run = client.get_run(run_id)
    return {
        "status": run.info.status,
        "params": run.data.params,
        "metrics": {key: value for key, value in run.data.metrics.items() if key not in TIMED},
        "timed": sorted(key for key in run.data.metrics if key in TIMED),
        "estimator": run.data.tags.get("estimator_name"),
        "files": files(run_id),
        "data": [[one.dataset.name, one.dataset.digest, one.dataset.profile] for one in run.inputs.dataset_inputs],
    }


def children_of(run_id: str, experiment_id: str) -> list[dict[str, Any]]:
    runs = client.search_runs([experiment_id], f"tags.`mlflow.parentRunId` = '{run_id}'")
    return sorted((described(run.info.run_id) for run in runs), key=lambda run: str(run["params"]))


def predicted(run_id: str) -> list[float]:
    model = mlflow.pyfunc.load_model(f"runs:/{run_id}/model")
    return [round(float(value), 9) for value in model.predict(features[::30]).ravel()]


def main(answers: Path) -> None:
    experiment_id = mlflow.set_experiment(EXPERIMENT).experiment_id
    mlflow.sklearn.autolog(log_datasets=True)
    with mlflow.start_run() as plain:
        LogisticRegression(C=0.5, max_iter=500).fit(features, species)
    with mlflow.start_run() as search:
        GridSearchCV(LogisticRegression(max_iter=500), {"C": [0.1, 1.0]}, cv=2).fit(features, species)
    mlflow.sklearn.autolog(disable=True)
    mlflow.lightgbm.autolog()
    with mlflow.start_run() as boosted:
        data = lightgbm.Dataset(features, (species == 2).astype(int))
        settings = {"objective": "binary", "num_leaves": 4, "verbose": -1, "deterministic": True, "num_threads": 1}
        lightgbm.train(settings, data, num_boost_round=10, valid_sets=[data], valid_names=["train"])
    history = client.get_metric_history(boosted.info.run_id, "train-binary_logloss")
    told = {
        "plain": described(plain.info.run_id),
        "search": described(search.info.run_id),
        "children": children_of(search.info.run_id, experiment_id),
        "boosted": described(boosted.info.run_id),
        "history": [[point.step, point.value] for point in history],
        "predicted": [predicted(run.info.run_id) for run in (plain, search, boosted)],
    }
    answers.write_text(json.dumps(told, indent=1))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
