"""An unmodified MLflow client that logs, moves and loads models as it is told, line by line.

Run by MLflow's own interpreter, with MLFLOW_TRACKING_URI set. Each line on stdin is a JSON list, the name of a
function below and its arguments; each answer is one on stdout: ``{"answer": ...}`` or ``{"error": ...}``, the text of
the exception as its user sees it.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Callable
from typing import Any

import mlflow
import mlflow.sklearn
import pandas as pd
from mlflow.exceptions import MlflowException
from mlflow.models import infer_signature
from sklearn.linear_model import LogisticRegression

NAME = "fraud"
client = mlflow.MlflowClient()
frame = pd.DataFrame({"amount": [1.0, 2.0, 30.0, 40.0], "age": [20.0, 30.0, 40.0, 50.0]})
label = [0, 0, 1, 1]


def log(signed: bool, **options: Any) -> dict[str, Any]:
    model = LogisticRegression().fit(frame, label)
    if signed:
        options |= {"signature": infer_signature(frame, model.predict(frame)), "input_example": frame[:2]}
    with mlflow.start_run() as run:
        made = mlflow.sklearn.log_model(model, name="model", registered_model_name=NAME, **options)
    return {"version": str(made.registered_model_version), "run_id": run.info.run_id}


def tag(run_id: str, key: str, value: str) -> None:
    client.set_tag(run_id, key, value)


def move(version: str, stage: str, archive: bool = False) -> str:
    moved = client.transition_model_version_stage(NAME, version, stage, archive_existing_versions=archive)
    return str(moved.current_stage)


def point(alias: str, version: str) -> None:
    client.set_registered_model_alias(NAME, alias, version)


def stages() -> dict[str, str]:
    return {str(one.version): one.current_stage for one in client.search_model_versions(f"name = '{NAME}'")}


def predict(uri: str) -> list[int]:
    return [int(value) for value in mlflow.pyfunc.load_model(uri).predict(frame)]


COMMANDS: dict[str, Callable[..., Any]] = {one.__name__: one for one in (log, tag, move, point, stages, predict)}


def main() -> None:
    warnings.simplefilter("ignore")
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        options = arguments.pop() if arguments and isinstance(arguments[-1], dict) else {}
        try:
            answer = {"answer": COMMANDS[name](*arguments, **options)}
        except MlflowException as error:
            answer = {"error": str(error)}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
