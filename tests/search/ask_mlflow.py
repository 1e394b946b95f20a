"""Run by a real MLflow's Python: makes the runs of ``questions.py`` in its SQL store and answers the questions.

``python ask_mlflow.py QUESTIONS.json FOLDER`` prints one JSON object.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mlflow.entities import (
    Dataset,
    DatasetInput,
    ExperimentTag,
    InputTag,
    LoggedModelParameter,
    LoggedModelTag,
    Metric,
    Param,
    RunStatus,
    RunTag,
    ViewType,
)
from mlflow.exceptions import MlflowException
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore


def main(questions: dict[str, Any], folder: Path) -> dict[str, Any]:
    store = SqlAlchemyStore(f"sqlite:///{folder}/mlflow.db", str(folder / "artifacts"))
    for made in questions["experiments"]:
        time.sleep(0.002)
        tags = [ExperimentTag(key, value) for key, value in made["tags"].items()]
        experiment = store.create_experiment(made["name"], tags=tags)
        if made.get("deleted"):
            store.delete_experiment(experiment)
    run_ids = {run["name"]: make_run(store, "1", run) for run in questions["runs"]}
    for model in questions["models"]:
        time.sleep(0.002)
        make_model(store, run_ids["r4"], model)
    names = {run_id: name for name, run_id in run_ids.items()}

    def runs(text: str, order_by: list[str]) -> list[str]:
        for name, run_id in run_ids.items():
            text = text.replace(f"{{{name}}}", run_id)
        found = store.search_runs(["1"], text, ViewType.ACTIVE_ONLY, 100, order_by)
        return [names[run.info.run_id] for run in found]

    def experiments(filter: str, order_by: list[str]) -> list[str]:
        found = store.search_experiments(ViewType.ALL, 100, filter, order_by)
        return [experiment.name for experiment in found]

    def models(filter: str, order_by: list[dict[str, Any]]) -> list[str]:
        return [model.name for model in store.search_logged_models(["1"], filter, order_by=order_by)]

    return {
        "run_ids": run_ids,
        "runs": [answer(runs, *asked) for asked in questions["ask_runs"]],
        "experiments": [answer(experiments, *asked) for asked in questions["ask_experiments"]],
        "models": [answer(models, *asked) for asked in questions["ask_models"]],
    }


def answer(search: Callable[..., list[str]], filter: str, order_by: list[Any]) -> list[str] | None:
    """The names found, or None if the question is refused."""
    try:
        return search(filter, order_by)
    except (MlflowException, ValueError):
        return None


def make_run(store: Any, experiment: str, run: dict[str, Any]) -> str:
    tags = [RunTag(key, value) for key, value in run.get("tags", {}).items()]
    run_id: str = store.create_run(experiment, "ann", run["start"], tags, run["name"]).info.run_id
    metrics = [Metric(key, float(value), 1, 0) for key, value in run.get("metrics", {}).items()]
    store.log_batch(run_id, metrics, [Param(key, value) for key, value in run.get("params", {}).items()], [])
    if "status" in run:
        store.update_run_info(run_id, RunStatus.from_string(run["status"]), run["end"], None)
    for name, digest, context in run.get("datasets", []):
        dataset = Dataset(name, digest, "local", "{}")
        store.log_inputs(run_id, [DatasetInput(dataset, [InputTag("mlflow.data.context", context)])])
    if run.get("deleted"):
        store.delete_run(run_id)
    return run_id


def make_model(store: Any, run_id: str, model: dict[str, Any]) -> None:
    made = store.create_logged_model(
        "1",
        model["name"],
        run_id,
        [LoggedModelTag(key, value) for key, value in model["tags"].items()],
        [LoggedModelParameter(key, value) for key, value in model["params"].items()],
        model["type"] or "",  # as its server does
    )
    points = [
        Metric(key, value, step, step, model_id=made.model_id, dataset_name=dataset, dataset_digest="d")
        for key, value, step, dataset in model["metrics"]
    ]
    store.log_batch(run_id, points, [], [])


if __name__ == "__main__":
    print(json.dumps(main(json.loads(Path(sys.argv[1]).read_text()), Path(sys.argv[2]))))
