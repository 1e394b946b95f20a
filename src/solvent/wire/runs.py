"""Runs: the entity with its parts, and what can be asked of them."""

from __future__ import annotations

import msgspec

from solvent.wire.base import Empty, Number, Request, Wire, route
from solvent.wire.datasets import DatasetInput, ModelInput, ModelOutput
from solvent.wire.experiments import Tag
from solvent.wire.metrics import Metric


class Param(Wire):
    """A write-once parameter."""

    key: str = ""
    value: str = msgspec.field(default_factory=str)


class RunInfo(Wire):
    """Who, when and where of a run. ``status``: RUNNING, SCHEDULED, FINISHED, FAILED or KILLED."""

    run_id: str = ""
    run_uuid: str = ""
    run_name: str = ""
    experiment_id: str = ""
    user_id: str = msgspec.field(default_factory=str)
    status: str = ""
    start_time: int | None = None
    end_time: int | None = None
    artifact_uri: str = ""
    lifecycle_stage: str = ""


class RunData(Wire):
    """What a run logged. ``metrics`` holds the latest point of each key."""

    metrics: list[Metric] = []
    params: list[Param] = []
    tags: list[Tag] = []


class RunInputs(Wire):
    dataset_inputs: list[DatasetInput] = []
    model_inputs: list[ModelInput] = []


class RunOutputs(Wire):
    model_outputs: list[ModelOutput] = []


class Run(Wire):
    info: RunInfo
    data: RunData
    inputs: RunInputs | None = None
    outputs: RunOutputs | None = None


class RunResponse(Wire):
    run: Run


@route("POST", "mlflow/runs/create")
class CreateRun(Request[RunResponse]):
    """``run_id`` is ours: a client may choose it, and a repeated create with the same one is refused."""

    experiment_id: str | None = None
    user_id: str | None = None
    run_name: str | None = None
    start_time: int | None = None
    tags: list[Tag] | None = None
    run_id: str | None = None


class UpdateRunResponse(Wire):
    run_info: RunInfo


@route("POST", "mlflow/runs/update")
class UpdateRun(Request[UpdateRunResponse]):
    run_id: str | None = None
    run_uuid: str | None = None
    status: str | None = None
    end_time: int | None = None
    run_name: str | None = None


@route("GET", "mlflow/runs/get")
class GetRun(Request[RunResponse]):
    run_id: str | None = None
    run_uuid: str | None = None


@route("POST", "mlflow/runs/delete")
class DeleteRun(Request[Empty]):
    run_id: str | None = None


@route("POST", "mlflow/runs/restore")
class RestoreRun(Request[Empty]):
    run_id: str | None = None


@route("POST", "mlflow/runs/log-metric")
class LogMetric(Request[Empty]):
    run_id: str | None = None
    run_uuid: str | None = None
    key: str | None = None
    value: Number | None = None
    timestamp: int | None = None
    step: int | None = None
    model_id: str | None = None
    dataset_name: str | None = None
    dataset_digest: str | None = None


@route("POST", "mlflow/runs/log-parameter")
class LogParam(Request[Empty]):
    run_id: str | None = None
    run_uuid: str | None = None
    key: str | None = None
    value: str | None = None


@route("POST", "mlflow/runs/set-tag")
class SetTag(Request[Empty]):
    run_id: str | None = None
    run_uuid: str | None = None
    key: str | None = None
    value: str | None = None


@route("POST", "mlflow/runs/delete-tag")
class DeleteTag(Request[Empty]):
    run_id: str | None = None
    key: str | None = None


@route("POST", "mlflow/runs/log-batch")
class LogBatch(Request[Empty]):
    run_id: str | None = None
    metrics: list[Metric] | None = None
    params: list[Param] | None = None
    tags: list[Tag] | None = None


@route("POST", "mlflow/runs/log-model")
class LogRunModel(Request[Empty]):
    """The 2.x client's record of a logged model: JSON kept in the tag ``mlflow.log-model.history``."""

    run_id: str | None = None
    model_json: str | None = None


@route("POST", "mlflow/runs/log-inputs")
class LogInputs(Request[Empty]):
    run_id: str | None = None
    datasets: list[DatasetInput] | None = None
    models: list[ModelInput] | None = None


@route("POST", "mlflow/runs/outputs")
class LogOutputs(Request[Empty]):
    run_id: str | None = None
    models: list[ModelOutput] | None = None


class SearchRunsResponse(Wire):
    runs: list[Run] = []
    next_page_token: str | None = None


@route("POST", "mlflow/runs/search")
class SearchRuns(Request[SearchRunsResponse]):
    """MLflow's search; the three ``*_keys`` are ours: only these columns are read and sent."""

    experiment_ids: list[str] | None = None
    filter: str | None = None
    run_view_type: str | None = None
    max_results: int | None = None
    order_by: list[str] | None = None
    page_token: str | None = None
    metric_keys: list[str] | None = None
    param_keys: list[str] | None = None
    tag_keys: list[str] | None = None


class CountRunsResponse(Wire):
    count: int


@route("POST", "solvent/v1/runs/count")
class CountRuns(Request[CountRunsResponse]):
    experiment_ids: list[str] | None = None
    filter: str | None = None
    run_view_type: str | None = None


class ListKeysResponse(Wire):
    """The keys that any run of the experiments has, each list sorted."""

    metrics: list[str] = []
    params: list[str] = []
    tags: list[str] = []


@route("POST", "solvent/v1/runs/keys")
class ListKeys(Request[ListKeysResponse]):
    experiment_ids: list[str] | None = None


class MetricSummary(Wire):
    """One metric of one run in five numbers; ``last`` is the latest point. NaN points count only in ``count``."""

    key: str
    count: int
    last: Number
    min: Number
    max: Number
    mean: Number
    last_step: int


class GetMetricSummariesResponse(Wire):
    summaries: list[MetricSummary] = []


@route("GET", "solvent/v1/runs/{run_id}/summaries")
class GetMetricSummaries(Request[GetMetricSummariesResponse]):
    run_id: str | None = None
