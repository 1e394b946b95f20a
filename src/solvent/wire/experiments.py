"""Experiments: the entity, and what can be asked of them."""

from __future__ import annotations

import msgspec

from solvent.wire.base import Empty, Request, Wire, route


class Tag(Wire):
    """A key and its text, on experiments, runs, models and data set inputs."""

    key: str = ""
    value: str = msgspec.field(default_factory=str)


class Experiment(Wire):
    """A named group of runs. Times are milliseconds since 1970 (UTC)."""

    experiment_id: str = ""
    name: str = ""
    artifact_location: str = ""
    lifecycle_stage: str = ""
    last_update_time: int = msgspec.field(default_factory=int)
    creation_time: int = msgspec.field(default_factory=int)
    tags: list[Tag] = []


class CreateExperimentResponse(Wire):
    experiment_id: str = ""


@route("POST", "mlflow/experiments/create")
class CreateExperiment(Request[CreateExperimentResponse]):
    name: str | None = None
    artifact_location: str | None = None
    tags: list[Tag] | None = None


class GetExperimentResponse(Wire):
    experiment: Experiment


@route("GET", "mlflow/experiments/get")
class GetExperiment(Request[GetExperimentResponse]):
    experiment_id: str | None = None


@route("GET", "mlflow/experiments/get-by-name")
class GetExperimentByName(Request[GetExperimentResponse]):
    experiment_name: str | None = None


class SearchExperimentsResponse(Wire):
    experiments: list[Experiment] = []
    next_page_token: str | None = None


@route("POST", "mlflow/experiments/search")
@route("GET", "mlflow/experiments/search")
class SearchExperiments(Request[SearchExperimentsResponse]):
    max_results: int | None = None
    page_token: str | None = None
    filter: str | None = None
    order_by: list[str] | None = None
    view_type: str | None = None


@route("POST", "mlflow/experiments/update")
class UpdateExperiment(Request[Empty]):
    experiment_id: str | None = None
    new_name: str | None = None


@route("POST", "mlflow/experiments/delete")
class DeleteExperiment(Request[Empty]):
    experiment_id: str | None = None


@route("POST", "mlflow/experiments/restore")
class RestoreExperiment(Request[Empty]):
    experiment_id: str | None = None


@route("POST", "mlflow/experiments/set-experiment-tag")
class SetExperimentTag(Request[Empty]):
    experiment_id: str | None = None
    key: str | None = None
    value: str | None = None


@route("POST", "mlflow/experiments/delete-experiment-tag")
class DeleteExperimentTag(Request[Empty]):
    experiment_id: str | None = None
    key: str | None = None
