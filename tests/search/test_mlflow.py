"""The same questions to a real MLflow 3.17 and to us: the same names in the same order."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from solvent.backend.embedded import EmbeddedBackend
from solvent.errors import InvalidInput
from solvent.wire.base import to_number
from solvent.wire.datasets import Dataset, DatasetInput
from solvent.wire.experiments import CreateExperiment, DeleteExperiment, SearchExperiments, Tag
from solvent.wire.metrics import Metric
from solvent.wire.models import CreateLoggedModel, ModelOrder, ModelParam, SearchLoggedModels
from solvent.wire.runs import CreateRun, DeleteRun, LogBatch, LogInputs, Param, SearchRuns, UpdateRun
from tests.oracle.environments import executable
from tests.search import questions as q

SCRIPT = Path(__file__).with_name("ask_mlflow.py")
ASK_RUNS: list[tuple[str, list[Any]]] = [(text, []) for text in q.FILTERS] + [("", order) for order in q.ORDERS]
ASK_EXPERIMENTS: list[tuple[str, list[Any]]] = [(text, []) for text in q.EXPERIMENT_FILTERS] + [
    ("", order) for order in q.EXPERIMENT_ORDERS
]
ASK_MODELS: list[tuple[str, list[Any]]] = [(text, []) for text in q.MODEL_FILTERS] + [
    ("", order) for order in q.MODEL_ORDERS
]


@pytest.mark.oracle
def test_the_same_answers_as_mlflow(backend: EmbeddedBackend, tmp_path: Path) -> None:
    theirs = _ask_mlflow(tmp_path)
    _fill(backend, theirs["run_ids"])
    problems = [
        *_compare(ASK_RUNS, theirs["runs"], lambda *asked: _runs(backend, theirs["run_ids"], *asked)),
        *_compare(ASK_EXPERIMENTS, theirs["experiments"], lambda *asked: _experiments(backend, *asked)),
        *_compare(ASK_MODELS, theirs["models"], lambda *asked: _models(backend, *asked)),
    ]
    assert not problems, "\n".join(problems)


def _ask_mlflow(folder: Path) -> dict[str, Any]:
    asked = {
        "runs": q.RUNS,
        "experiments": q.EXPERIMENTS,
        "models": q.MODELS,
        "ask_runs": ASK_RUNS,
        "ask_experiments": ASK_EXPERIMENTS,
        "ask_models": ASK_MODELS,
    }
    (folder / "questions.json").write_text(json.dumps(asked))
    command = [str(executable("mlflow-3.17")), str(SCRIPT), str(folder / "questions.json"), str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    answers: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answers


def _compare(asked: list[tuple[str, list[Any]]], theirs: list[list[str] | None], ask: Any) -> list[str]:
    problems = []
    for (text, order), expected in zip(asked, theirs, strict=True):
        key = order[0] if order and isinstance(order[0], str) else text
        try:
            found = ask(text, order)
        except InvalidInput:
            found = None
        if found == expected or key in q.DIFFERENT:
            continue
        if expected is None and key in q.BEYOND:
            continue
        if found is None and key in q.REFUSED:
            continue
        problems.append(f"{text!r} {order}: MLflow {expected}, Solvent {found}")
    return problems


def _fill(backend: EmbeddedBackend, run_ids: dict[str, str]) -> None:
    for made in q.EXPERIMENTS:
        time.sleep(0.002)  # times in milliseconds order them
        experiment = backend.call(CreateExperiment(name=made["name"], tags=_tags(made["tags"]))).experiment_id
        if made.get("deleted"):
            backend.call(DeleteExperiment(experiment_id=experiment))
    for run in q.RUNS:
        _make_run(backend, run_ids[run["name"]], run)
    for model in q.MODELS:
        time.sleep(0.002)
        _make_model(backend, run_ids["r4"], model)


def _make_run(backend: EmbeddedBackend, run_id: str, run: dict[str, Any]) -> None:
    tags = _tags(run.get("tags", {}))
    request = CreateRun(
        experiment_id="1", user_id="ann", run_name=run["name"], start_time=run["start"], tags=tags, run_id=run_id
    )
    backend.call(request)
    metrics = [
        Metric(key=key, value=to_number(float(value)), timestamp=1, step=0)
        for key, value in run.get("metrics", {}).items()
    ]
    params = [Param(key=key, value=value) for key, value in run.get("params", {}).items()]
    backend.call(LogBatch(run_id=run_id, metrics=metrics, params=params))
    if "status" in run:
        backend.call(UpdateRun(run_id=run_id, status=run["status"], end_time=run["end"]))
    for name, digest, context in run.get("datasets", []):
        dataset = Dataset(name=name, digest=digest, source_type="local", source="{}")
        inputs = [DatasetInput(dataset=dataset, tags=_tags({"mlflow.data.context": context}))]
        backend.call(LogInputs(run_id=run_id, datasets=inputs))
    if run.get("deleted"):
        backend.call(DeleteRun(run_id=run_id))


def _make_model(backend: EmbeddedBackend, run_id: str, model: dict[str, Any]) -> None:
    request = CreateLoggedModel(
        experiment_id="1",
        name=model["name"],
        model_type=model["type"],
        source_run_id=run_id,
        params=[ModelParam(key=key, value=value) for key, value in model["params"].items()],
        tags=_tags(model["tags"]),
    )
    model_id = backend.call(request).model.info.model_id
    points = [
        Metric(
            key=key,
            value=value,
            timestamp=step,
            step=step,
            model_id=model_id,
            dataset_name=dataset,
            dataset_digest="d",
        )
        for key, value, step, dataset in model["metrics"]
    ]
    backend.call(LogBatch(run_id=run_id, metrics=points))


def _tags(tags: dict[str, str]) -> list[Tag]:
    return [Tag(key=key, value=value) for key, value in tags.items()]


def _runs(backend: EmbeddedBackend, run_ids: dict[str, str], text: str, order_by: list[str]) -> list[str]:
    for name, run_id in run_ids.items():
        text = text.replace(f"{{{name}}}", run_id)
    found = backend.call(SearchRuns(experiment_ids=["1"], filter=text, order_by=order_by)).runs
    return [run.info.run_name for run in found]


def _experiments(backend: EmbeddedBackend, filter: str, order_by: list[str]) -> list[str]:
    request = SearchExperiments(filter=filter, order_by=order_by, view_type="ALL")
    return [experiment.name for experiment in backend.call(request).experiments]


def _models(backend: EmbeddedBackend, filter: str, order_by: list[dict[str, Any]]) -> list[str]:
    orders = [ModelOrder(**order) for order in order_by]
    request = SearchLoggedModels(experiment_ids=["1"], filter=filter, order_by=orders)
    return [model.info.name for model in backend.call(request).models]
