"""The same trainings, autologged by MLflow's client, by Solvent's or by both, and what they have recorded.

``python autologged.py mlflow|solvent|both answers.json``; where they log to is said by the environment.
"""

from __future__ import annotations

import importlib
import json
import sys
import warnings
from pathlib import Path
from typing import Any

warnings.simplefilter("ignore")
WHO = sys.argv[1]


def trackers() -> dict[str, Any]:
    """The libraries that log, by name."""
    found: dict[str, Any] = {}
    for name in ("mlflow", "solvent") if WHO == "both" else (WHO,):
        found[name] = importlib.import_module(name)
        found[name].autolog(log_models=False, silent=True)
    return found


def trainings() -> dict[str, Any]:
    from sklearn.cluster import KMeans
    from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris
    from sklearn.ensemble import RandomForestRegressor
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GridSearchCV, RandomizedSearchCV, cross_val_score
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    flowers, species = load_iris(return_X_y=True, as_frame=True)
    cells, malign = load_breast_cancer(return_X_y=True)
    patients, progress = load_diabetes(return_X_y=True)
    weights = 1.0 + (malign == 1)
    logistic = LogisticRegression(max_iter=200)
    return {
        "boosted": lambda: boosted(cells, malign),
        "grown": lambda: grown(cells, malign),
        "classifier": lambda: LogisticRegression(C=0.5, max_iter=500).fit(flowers, species),
        "weighted": lambda: LogisticRegression(max_iter=50).fit(cells, malign, sample_weight=weights),
        "regressor": lambda: RandomForestRegressor(5, random_state=1).fit(X=patients, y=progress),
        "pipeline": lambda: make_pipeline(StandardScaler(), logistic).fit(cells, malign),
        "clusters": lambda: KMeans(3, n_init=1, random_state=1).fit_predict(flowers),
        "search": lambda: GridSearchCV(logistic, {"C": [0.1, 1.0]}, cv=2).fit(flowers, species),
        "several": lambda: RandomizedSearchCV(
            make_pipeline(StandardScaler(), logistic),
            {"logisticregression__C": [0.1, 1.0, 10.0]},
            n_iter=2,
            cv=2,
            random_state=1,
            scoring=["accuracy", "f1_macro"],
            refit="accuracy",
        ).fit(flowers, species),
        "folds": lambda: cross_val_score(logistic, flowers, species),
        "prepared": lambda: StandardScaler().fit_transform(cells),
    }


def boosted(cells: Any, malign: Any) -> None:
    import lightgbm

    data, held = lightgbm.Dataset(cells[:400], malign[:400]), lightgbm.Dataset(cells[400:], malign[400:])
    settings = {"objective": "binary", "num_leaves": 4, "learning_rate": 1.0, "verbose": -1, "num_threads": 1}
    stop = lightgbm.early_stopping(2, verbose=False)
    lightgbm.train(settings, data, num_boost_round=30, valid_sets=[held], valid_names=["held"], callbacks=[stop])


def grown(cells: Any, malign: Any) -> None:
    import xgboost

    data, held = xgboost.DMatrix(cells[:400], malign[:400]), xgboost.DMatrix(cells[400:], malign[400:])
    settings = {"objective": "binary:logistic", "max_depth": 2, "eta": 1.0}
    watched = [(held, "held")]
    xgboost.train(settings, data, num_boost_round=30, evals=watched, early_stopping_rounds=2, verbose_eval=False)


def described(run: Any) -> dict[str, Any]:
    timed = ("mean_fit_time", "std_fit_time", "mean_score_time", "std_score_time")
    return {
        "status": run.info.status,
        "params": run.data.params,
        "metrics": {
            key: 0.0 if key in timed else round(value, 6)
            for key, value in run.data.metrics.items()
            if not key.startswith("system/")
        },
        "tags": {
            key: value
            for key, value in run.data.tags.items()
            if key.startswith("estimator") or key == "mlflow.autologging"
        },
        "data": [one.dataset.name for one in run.inputs.dataset_inputs],
        "context": sorted({tag for one in run.inputs.dataset_inputs for tag in _context(one)}),
    }


def _context(one: Any) -> list[str]:
    return [*one.tags.values()] if isinstance(one.tags, dict) else [tag.value for tag in one.tags]


def main(answers: Path) -> None:
    libraries = trackers()
    told: dict[str, dict[str, Any]] = {name: {} for name in libraries}
    for name, train in trainings().items():
        for library in libraries.values():
            library.set_experiment(name)
        train()
        for who, library in libraries.items():
            getattr(library, "flush", lambda: None)()
            runs = library.search_runs(experiment_names=[name], output_format="list")
            told[who][name] = sorted((described(run) for run in runs), key=lambda run: json.dumps(run, sort_keys=True))
    answers.write_text(json.dumps(told if WHO == "both" else told[WHO], indent=1, sort_keys=True))


if __name__ == "__main__":
    main(Path(sys.argv[2]))
