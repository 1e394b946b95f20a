"""A training session through an unmodified MLflow client, 2.22 or 3.17.

Run by MLflow's own interpreter, with MLFLOW_TRACKING_URI set: ``python session.py answers.json``.
It logs one of every kind, then reads everything back through the same client and writes what it
read. The file is the same for every correct server, but for ids and times.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib as mpl
import mlflow
import mlflow.data
import mlflow.sklearn
import numpy as np
import pandas as pd
from mlflow.entities import Metric, Param, RunTag, ViewType
from mlflow.exceptions import MlflowException
from sklearn.linear_model import LinearRegression

mpl.use("Agg")
from matplotlib import pyplot

EXPERIMENT = f"session of {mlflow.__version__}"
RENAMED = f"renamed by {mlflow.__version__}"
client = mlflow.MlflowClient()
frame = pd.DataFrame({"x": [0.0, 1.0, 2.0, 3.0], "y": [1.0, 3.0, 5.0, 7.0]})


def log_values() -> None:
    mlflow.log_param("alpha", 0.5)
    mlflow.log_params({"layers": 3, "optimizer": "sgd", "note": "a 'quoted' ü"})
    for step in range(20):
        mlflow.log_metric("loss", 1 / (step + 1), step=step)
    mlflow.log_metrics({"accuracy": 0.9, "zero": 0.0, "negative": -1e-300, "large": 1e300}, step=7)
    mlflow.log_metric("not a number", float("nan"), step=1)
    mlflow.log_metric("loss", 0.25, step=3)  # a second point at a step that lies behind
    mlflow.set_tag("team", "vision")
    mlflow.set_tags({"priority": 1, "mlflow.note.content": "# A note"})
    mlflow.log_input(mlflow.data.from_pandas(frame, source="frame.csv", name="points"), context="training")


def log_files(folder: Path) -> None:
    mlflow.log_text("hello\n", "notes/hello.txt")
    mlflow.log_dict({"a": [1, 2]}, "settings.json")
    mlflow.log_table({"question": ["1+1"], "answer": [2]}, "table.json")
    mlflow.log_image(np.zeros((4, 4, 3), dtype=np.uint8), "black.png")
    figure, axes = pyplot.subplots()
    axes.plot([1, 2, 3])
    mlflow.log_figure(figure, "plots/line.png")
    (folder / "several").mkdir()
    for name in ("a.bin", "b c.bin"):
        (folder / "several" / name).write_bytes(name.encode() * 1000)
    mlflow.log_artifacts(str(folder / "several"), "several")
    mlflow.log_artifact(str(folder / "several" / "a.bin"), "one")


def log_model() -> None:
    model = LinearRegression().fit(frame[["x"]], frame["y"])
    versions = ["scikit-learn", "numpy"]  # given, because inferring them takes long
    where = {"name": "model"} if mlflow.__version__ >= "3" else {"artifact_path": "model"}
    mlflow.sklearn.log_model(model, pip_requirements=versions, input_example=frame[["x"]], **where)


def refusal(act: Callable[[], Any]) -> dict[str, str]:
    """How the server refuses, as the client tells it."""
    try:
        act()
    except MlflowException as error:
        return {"error_code": error.error_code, "message": error.message}
    return {"error_code": "", "message": "it was accepted"}


def read_run(run_id: str) -> dict[str, Any]:
    run = client.get_run(run_id)
    return {
        "info": {
            "status": run.info.status,
            "name": run.info.run_name,
            "stage": run.info.lifecycle_stage,
            "user": run.info.user_id,
            "ended": run.info.end_time is not None,
        },
        "params": run.data.params,
        "metrics": {key: repr(value) for key, value in run.data.metrics.items()},
        "tags": {key: value for key, value in run.data.tags.items() if key != "mlflow.log-model.history"},
        "inputs": [
            {"dataset": dict(item.dataset), "tags": {tag.key: tag.value for tag in item.tags}}
            for item in run.inputs.dataset_inputs
        ],
        "histories": {
            key: [(point.step, repr(point.value)) for point in client.get_metric_history(run_id, key)]
            for key in sorted(run.data.metrics)
        },
    }


def list_files(run_id: str, path: str | None = None) -> list[tuple[str, bool, bool]]:
    """All files below ``path`` as (path, is a folder, has a size)."""
    found = []
    for item in client.list_artifacts(run_id, path):
        found.append((item.path, item.is_dir, item.file_size is not None))
        if item.is_dir:
            found += list_files(run_id, item.path)
    return sorted(found)


def names(experiment_id: str, filter_string: str = "", **more: Any) -> list[str]:
    return [run.info.run_name for run in client.search_runs([experiment_id], filter_string, **more)]


def search(experiment_id: str) -> dict[str, Any]:
    first = client.search_runs([experiment_id], max_results=2, order_by=["attributes.run_name ASC"])
    second = client.search_runs(
        [experiment_id], max_results=2, order_by=["attributes.run_name ASC"], page_token=first.token
    )
    return {
        "all": sorted(names(experiment_id)),
        "newest first": names(experiment_id)[:1],
        "metric": sorted(names(experiment_id, "metrics.score > 0.5")),
        "param": sorted(names(experiment_id, "params.fold = '1'")),
        "tag": sorted(names(experiment_id, "tags.team = 'vision'")),
        "like": sorted(names(experiment_id, "attributes.run_name LIKE 'fold%'")),
        "and": sorted(names(experiment_id, "metrics.score >= 0.5 and params.fold != '2'")),
        "dataset": sorted(names(experiment_id, "datasets.name = 'points'")),
        "status": sorted(names(experiment_id, "attributes.status = 'FAILED'")),
        "ordered": names(experiment_id, order_by=["metrics.score DESC"]),
        "pages": [[run.info.run_name for run in page] for page in (first, second)],
        "last page has a token": bool(second.token),
        "columns": sorted(mlflow.search_runs([experiment_id]).columns),
        "bad filter": refusal(lambda: names(experiment_id, "metrics.score >"))["error_code"],
    }


def life_of_a_run(run_id: str, experiment_id: str) -> dict[str, Any]:
    client.delete_run(run_id)
    deleted = {
        "stage": client.get_run(run_id).info.lifecycle_stage,
        "found": sorted(names(experiment_id, run_view_type=ViewType.DELETED_ONLY)),
        "write": refusal(lambda: client.log_metric(run_id, "late", 1.0)),
    }
    client.restore_run(run_id)
    return {"deleted": deleted, "restored": client.get_run(run_id).info.lifecycle_stage}


def life_of_an_experiment() -> dict[str, Any]:
    experiment_id = client.create_experiment(f"made by {mlflow.__version__}", tags={"owner": "me"})
    client.set_experiment_tag(experiment_id, "stage", "draft")
    client.rename_experiment(experiment_id, RENAMED)
    experiment = client.get_experiment_by_name(RENAMED)
    twice = refusal(lambda: client.create_experiment(RENAMED))["error_code"]
    client.delete_experiment(experiment_id)
    stage = client.get_experiment(experiment_id).lifecycle_stage
    client.restore_experiment(experiment_id)
    every = [each.name for each in client.search_experiments()]
    return {
        "tags": dict(sorted(experiment.tags.items())),
        "twice": twice,
        "deleted": stage,
        "restored": client.get_experiment(experiment_id).lifecycle_stage,
        "unknown name": client.get_experiment_by_name("never made") is None,
        "all": sorted(name for name in every if name in (EXPERIMENT, RENAMED)),
        "found": [each.name for each in client.search_experiments(filter_string=f"name = '{RENAMED}'")],
    }


def through_the_client(experiment_id: str) -> str:
    """A run made with MlflowClient's own calls."""
    run_id: str = client.create_run(experiment_id, run_name="by client", tags={"kind": "manual"}).info.run_id
    metrics = [Metric("score", step / 10, 1_700_000_000_000 + step, step) for step in range(5)]
    client.log_batch(run_id, metrics, [Param("depth", "4")], [RunTag("kind", "batch"), RunTag("gone", "soon")])
    client.delete_tag(run_id, "gone")
    client.update_run(run_id, name="renamed by client")
    client.set_terminated(run_id, "FAILED", end_time=1_700_000_009_000)
    return run_id


def main() -> dict[str, Any]:
    experiment = mlflow.set_experiment(EXPERIMENT)
    with tempfile.TemporaryDirectory() as folder:
        with mlflow.start_run(run_name="parent", description="the whole session") as parent:
            log_values()
            log_files(Path(folder))
            log_model()
            children = []
            for fold in range(3):
                with mlflow.start_run(nested=True, run_name=f"fold {fold}") as child:
                    mlflow.log_param("fold", fold)
                    mlflow.log_metric("score", fold / 2)
                    children.append(child.info.run_id)
        run_id = parent.info.run_id
        manual = through_the_client(experiment.experiment_id)

        fetched = Path(mlflow.artifacts.download_artifacts(run_id=run_id, artifact_path="several", dst_path=folder))
        loaded = mlflow.sklearn.load_model(f"runs:/{run_id}/model")
        return {
            "ids": {"experiment": experiment.experiment_id, "parent": run_id, "children": children, "manual": manual},
            "parent": read_run(run_id),
            "children": [read_run(child) for child in children],
            "manual": read_run(manual),
            "files": list_files(run_id),
            "downloaded": {file.name: len(file.read_bytes()) for file in fetched.iterdir()},
            "text": mlflow.artifacts.load_text(f"runs:/{run_id}/notes/hello.txt"),
            "table": mlflow.load_table("table.json", run_ids=[run_id]).to_dict("list"),
            "predictions": loaded.predict(pd.DataFrame({"x": [10.0]})).round(6).tolist(),
            "search": search(experiment.experiment_id),
            "life of a run": life_of_a_run(children[0], experiment.experiment_id),
            "life of an experiment": life_of_an_experiment(),
            "refusals": {
                "unknown run": refusal(lambda: client.get_run("0" * 32)),
                "unknown experiment": refusal(lambda: client.get_experiment("987654321")),
                "another param value": refusal(lambda: client.log_param(run_id, "alpha", "0.6")),
                "same param value": refusal(lambda: client.log_param(run_id, "alpha", "0.5")),
                "file that is not there": refusal(lambda: mlflow.artifacts.load_text(f"runs:/{run_id}/no.txt"))[
                    "error_code"
                ],
            },
        }


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(main(), indent=1, sort_keys=True))
