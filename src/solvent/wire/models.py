"""Logged models: the entity, and what can be asked of them."""

from __future__ import annotations

import msgspec

from solvent.wire.base import Empty, Request, Wire, route
from solvent.wire.experiments import Tag
from solvent.wire.metrics import Metric


class ModelParam(Wire):
    key: str = ""
    value: str = msgspec.field(default_factory=str)


class LoggedModelInfo(Wire):
    """``status``: LOGGED_MODEL_PENDING, LOGGED_MODEL_READY or LOGGED_MODEL_UPLOAD_FAILED."""

    model_id: str = ""
    experiment_id: str = ""
    name: str = ""
    creation_timestamp_ms: int = 0
    last_updated_timestamp_ms: int = 0
    artifact_uri: str = ""
    status: str = ""
    creator_id: str | None = None
    model_type: str | None = None
    status_message: str | None = None
    source_run_id: str | None = None
    tags: list[Tag] = []


class LoggedModelData(Wire):
    params: list[ModelParam] = []
    metrics: list[Metric] = []


class LoggedModel(Wire):
    info: LoggedModelInfo
    data: LoggedModelData


class LoggedModelResponse(Wire):
    model: LoggedModel


@route("POST", "mlflow/logged-models")
class CreateLoggedModel(Request[LoggedModelResponse]):
    experiment_id: str | None = None
    name: str | None = None
    model_type: str | None = None
    source_run_id: str | None = None
    params: list[ModelParam] | None = None
    tags: list[Tag] | None = None


@route("GET", "mlflow/logged-models/{model_id}")
class GetLoggedModel(Request[LoggedModelResponse]):
    model_id: str | None = None
    allow_deleted: bool | None = None


@route("PATCH", "mlflow/logged-models/{model_id}")
class FinalizeLoggedModel(Request[LoggedModelResponse]):
    """``status`` by name or number."""

    model_id: str | None = None
    status: str | int | None = None


@route("DELETE", "mlflow/logged-models/{model_id}")
class DeleteLoggedModel(Request[Empty]):
    model_id: str | None = None


@route("PATCH", "mlflow/logged-models/{model_id}/tags")
class SetLoggedModelTags(Request[Empty]):
    model_id: str | None = None
    tags: list[Tag] | None = None


@route("DELETE", "mlflow/logged-models/{model_id}/tags/{tag_key}")
class DeleteLoggedModelTag(Request[Empty]):
    model_id: str | None = None
    tag_key: str | None = None


@route("POST", "mlflow/logged-models/{model_id}/params")
class LogLoggedModelParams(Request[Empty]):
    model_id: str | None = None
    params: list[ModelParam] | None = None


class DatasetFilter(Wire):
    dataset_name: str = ""
    dataset_digest: str | None = None


class ModelOrder(Wire):
    field_name: str = ""
    ascending: bool = True
    dataset_name: str | None = None
    dataset_digest: str | None = None


class SearchLoggedModelsResponse(Wire):
    models: list[LoggedModel] = []
    next_page_token: str | None = None


@route("POST", "mlflow/logged-models/search")
class SearchLoggedModels(Request[SearchLoggedModelsResponse]):
    experiment_ids: list[str] | None = None
    filter: str | None = None
    datasets: list[DatasetFilter] | None = None
    max_results: int | None = None
    order_by: list[ModelOrder] | None = None
    page_token: str | None = None
