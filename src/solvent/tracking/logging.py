"""Use cases that log to a run: metrics, params, and batches of both with tags."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import repeat

from solvent.errors import InvalidInput, SolventError
from solvent.store import keys, metrics, params, tags
from solvent.store.operations import writes
from solvent.store.runs import RunRef
from solvent.store.together import together
from solvent.store.transaction import Transaction
from solvent.tracking.lookup import active_run
from solvent.tracking.model_metrics import keep_model_metrics
from solvent.tracking.points import Checked, check_point, check_points
from solvent.tracking.runs import check_tags, put_tags
from solvent.tracking.validation import (
    MAX_PARAM_VALUE,
    check_count,
    check_key,
    check_length,
    check_run_id,
    required,
)
from solvent.wire.base import Empty
from solvent.wire.runs import LogBatch, LogMetric, LogParam, LogRunModel, Param

MAX_METRICS = 1_000
MAX_PARAMS_OR_TAGS = 100
MAX_ENTITIES = 1_000
MODEL_HISTORY = "mlflow.log-model.history"
_MODEL_FIELDS = ("run_id", "artifact_path", "utc_time_created", "flavors")


@writes(LogMetric, brief=True)
def log_metric(tx: Transaction, request: LogMetric) -> Empty:
    run_id = required(request.run_id or request.run_uuid, "run_id")
    point = check_point(request.key, request.value, request.timestamp, request.step)
    run = active_run(tx, run_id)
    keep_points(tx, run, [point])
    if request.model_id:
        keep_model_metrics(tx, run, [(request, point)])
    return Empty()


@together(log_metric)
def log_metrics(tx: Transaction, requests: Sequence[LogMetric]) -> list[Empty | BaseException] | None:
    """Many single points in one go; those of models, and of a group with one that is there already, go one by one."""
    if any(request.model_id for request in requests):
        return None
    outcomes: list[Empty | BaseException] = []
    rows: list[metrics.Point] = []
    homes: dict[int, int] = {}
    for request in requests:
        try:
            run_id = required(request.run_id or request.run_uuid, "run_id")
            point = check_point(request.key, request.value, request.timestamp, request.step)
            run = active_run(tx, run_id)
        except SolventError as error:
            outcomes.append(error)
            continue
        homes[run.id] = run.experiment_id
        rows.append((run.id, keys.intern(tx, point[:1])[point[0]], *point[1:]))
        outcomes.append(Empty())
    if rows:
        metrics.add_new(tx, rows, homes)
    return outcomes


@writes(LogParam, brief=True)
def log_param(tx: Transaction, request: LogParam) -> Empty:
    run_id = required(request.run_id or request.run_uuid, "run_id")
    key, value = check_param(request.key, request.value)
    run = active_run(tx, run_id)
    for conflict in params.add(tx, run, {key: value}):
        raise InvalidInput(
            f"Changing param values is not allowed. Param with key='{key}' was already logged with "
            f"value='{conflict.old_value}' for run ID='{run_id}'. Attempted logging new value '{value}'."
        )
    return Empty()


@writes(LogBatch, brief=True)
def log_batch(tx: Transaction, request: LogBatch) -> Empty:
    run_id = check_run_id(required(request.run_id, "run_id"))
    logged, given, tagged = request.metrics or [], request.params or [], request.tags or []
    check_count("metrics", MAX_METRICS, logged)
    check_count("params", MAX_PARAMS_OR_TAGS, given)
    check_count("tags", MAX_PARAMS_OR_TAGS, tagged)
    check_count("metrics, params, and tags", MAX_ENTITIES, [*logged, *given, *tagged])
    points = check_points(logged)
    values, tag_values = _check_params(given), check_tags(tagged)
    run = active_run(tx, run_id)
    _keep_params(tx, run, values)
    keep_points(tx, run, points)
    with_model = [(metric, points[index]) for index, metric in enumerate(logged) if metric.model_id]
    if with_model:
        keep_model_metrics(tx, run, with_model)
    if tag_values:
        put_tags(tx, run, tag_values)
    return Empty()


@writes(LogRunModel)
def log_run_model(tx: Transaction, request: LogRunModel) -> Empty:
    """Append to the history of models in the run's tag, which may grow beyond other tags' limit, as in MLflow."""
    run_id, text = required(request.run_id, "run_id"), required(request.model_json, "model_json")
    try:
        model = json.loads(text)
    except ValueError:
        raise InvalidInput(f"Malformed model info. \n {text} \n is not a valid JSON.") from None
    if not isinstance(model, dict) or not isinstance(model.get("flavors", {}), dict):
        raise InvalidInput("Malformed model info: expected a JSON object whose 'flavors' is an object")
    missing = [field for field in _MODEL_FIELDS if field not in model]
    if missing:
        raise InvalidInput(f"Model json is missing mandatory fields: {', '.join(missing)}")
    entry = {field: model[field] for field in (*_MODEL_FIELDS[:3], "model_uuid") if field in model}
    entry["flavors"] = {
        flavor: {key: value for key, value in config.items() if key != "config"} if isinstance(config, dict) else config
        for flavor, config in model["flavors"].items()
    }
    run = active_run(tx, run_id)
    history = json.loads(tags.get(tx, run, MODEL_HISTORY) or "[]")
    tags.put(tx, run, {MODEL_HISTORY: json.dumps([*history, entry])})
    return Empty()


def keep_points(tx: Transaction, run: RunRef, points: Sequence[Checked]) -> None:
    """Keep checked points of one run."""
    if not points:
        return
    names, *others = zip(*points, strict=True)
    ids = keys.intern(tx, {*names})
    key_ids = map(ids.__getitem__, names)
    metrics.add(tx, list(zip(repeat(run.id), key_ids, *others)), {run.id: run.experiment_id})


def check_param(key: str | None, value: str | None, path: str = "") -> tuple[str, str]:
    """A param, checked; ``path`` is where it stood in the request, like ``params[3].``."""
    key = check_key(key, f"{path}key")
    return key, check_length(f"{path}value", value or "", MAX_PARAM_VALUE)


def _check_params(given: Iterable[Param]) -> dict[str, str]:
    values: dict[str, str] = {}
    twice = []
    for index, param in enumerate(given):
        key, value = check_param(param.key, param.value, f"params[{index}].")
        if key in values:
            twice.append(key)
        values[key] = value
    if twice:
        raise InvalidInput(
            f"Duplicate parameter keys have been submitted: {twice}. Please ensure the request contains only one "
            "param value per param key."
        )
    return values


def _keep_params(tx: Transaction, run: RunRef, values: dict[str, str]) -> None:
    if values and (conflicts := params.add(tx, run, values)):
        listed = [conflict._asdict() for conflict in conflicts]
        raise InvalidInput(
            f"Changing param values is not allowed. Params were already logged='{listed}' for run ID='{run.uuid}'."
        )
