"""Registered models, their versions, stages and aliases."""

from __future__ import annotations

from solvent.wire.base import Empty, Request, Wire, route
from solvent.wire.experiments import Tag
from solvent.wire.metrics import Metric


class Alias(Wire):
    """A name that points to one version of a model."""

    alias: str = ""
    version: str = ""


class VersionParam(Wire):
    name: str = ""
    value: str = ""


class ModelVersion(Wire):
    """A version. ``current_stage``: None, Staging, Production or Archived; ``status`` is READY once usable."""

    name: str = ""
    version: str = ""
    creation_timestamp: int = 0
    last_updated_timestamp: int = 0
    user_id: str | None = None
    current_stage: str = ""
    description: str | None = None
    source: str | None = None
    run_id: str | None = None
    status: str = ""
    status_message: str | None = None
    tags: list[Tag] = []
    run_link: str | None = None
    aliases: list[str] = []
    model_id: str | None = None
    model_params: list[VersionParam] = []
    model_metrics: list[Metric] = []


class RegisteredModel(Wire):
    """A named model. ``latest_versions``: the newest version of each stage."""

    name: str = ""
    creation_timestamp: int = 0
    last_updated_timestamp: int = 0
    user_id: str | None = None
    description: str | None = None
    latest_versions: list[ModelVersion] = []
    tags: list[Tag] = []
    aliases: list[Alias] = []


class RegisteredModelResponse(Wire):
    registered_model: RegisteredModel


@route("POST", "mlflow/registered-models/create")
class CreateRegisteredModel(Request[RegisteredModelResponse]):
    name: str | None = None
    tags: list[Tag] | None = None
    description: str | None = None


@route("POST", "mlflow/registered-models/rename")
class RenameRegisteredModel(Request[RegisteredModelResponse]):
    name: str | None = None
    new_name: str | None = None


@route("PATCH", "mlflow/registered-models/update")
class UpdateRegisteredModel(Request[RegisteredModelResponse]):
    name: str | None = None
    description: str | None = None


@route("DELETE", "mlflow/registered-models/delete")
class DeleteRegisteredModel(Request[Empty]):
    name: str | None = None


@route("GET", "mlflow/registered-models/get")
class GetRegisteredModel(Request[RegisteredModelResponse]):
    name: str | None = None


class SearchRegisteredModelsResponse(Wire):
    registered_models: list[RegisteredModel] = []
    next_page_token: str | None = None


@route("GET", "mlflow/registered-models/search")
class SearchRegisteredModels(Request[SearchRegisteredModelsResponse]):
    filter: str | None = None
    max_results: int | None = None
    order_by: list[str] | None = None
    page_token: str | None = None


class GetLatestVersionsResponse(Wire):
    model_versions: list[ModelVersion] = []


@route("POST", "mlflow/registered-models/get-latest-versions")
@route("GET", "mlflow/registered-models/get-latest-versions")
class GetLatestVersions(Request[GetLatestVersionsResponse]):
    name: str | None = None
    stages: list[str] | None = None


@route("POST", "mlflow/registered-models/set-tag")
class SetRegisteredModelTag(Request[Empty]):
    name: str | None = None
    key: str | None = None
    value: str | None = None


@route("DELETE", "mlflow/registered-models/delete-tag")
class DeleteRegisteredModelTag(Request[Empty]):
    name: str | None = None
    key: str | None = None


@route("POST", "mlflow/registered-models/alias")
class SetRegisteredModelAlias(Request[Empty]):
    """What MLflow's clients don't send: ``expected_version``, move only if the alias points to it now (empty: to none);
    ``reason`` and ``origin`` (the program and place that ask) for the history; ``override``, past a gate, with why.
    """

    name: str | None = None
    alias: str | None = None
    version: str | None = None
    expected_version: str | None = None
    reason: str | None = None
    origin: str | None = None
    override: str | None = None


@route("DELETE", "mlflow/registered-models/alias")
class DeleteRegisteredModelAlias(Request[Empty]):
    """``reason`` and ``origin`` are for the history."""

    name: str | None = None
    alias: str | None = None
    reason: str | None = None
    origin: str | None = None


class ModelVersionResponse(Wire):
    model_version: ModelVersion


@route("GET", "mlflow/registered-models/alias")
class GetModelVersionByAlias(Request[ModelVersionResponse]):
    name: str | None = None
    alias: str | None = None


@route("POST", "mlflow/model-versions/create")
class CreateModelVersion(Request[ModelVersionResponse]):
    """``origin`` is for the history."""

    name: str | None = None
    source: str | None = None
    run_id: str | None = None
    tags: list[Tag] | None = None
    run_link: str | None = None
    description: str | None = None
    model_id: str | None = None
    origin: str | None = None


@route("PATCH", "mlflow/model-versions/update")
class UpdateModelVersion(Request[ModelVersionResponse]):
    name: str | None = None
    version: str | None = None
    description: str | None = None


@route("POST", "mlflow/model-versions/transition-stage")
class TransitionModelVersionStage(Request[ModelVersionResponse]):
    """What MLflow's clients don't send: ``expected_stage``, move only if the version is there now; ``expected_current``,
    only if this version is the newest in the stage that it moves to (empty: none is); ``reason`` and ``origin`` (the
    program and place that ask) for the history; ``override``, past a gate, with why.
    """

    name: str | None = None
    version: str | None = None
    stage: str | None = None
    archive_existing_versions: bool | None = None
    expected_stage: str | None = None
    expected_current: str | None = None
    reason: str | None = None
    origin: str | None = None
    override: str | None = None


@route("DELETE", "mlflow/model-versions/delete")
class DeleteModelVersion(Request[Empty]):
    """``reason`` and ``origin`` are for the history."""

    name: str | None = None
    version: str | None = None
    reason: str | None = None
    origin: str | None = None


@route("GET", "mlflow/model-versions/get")
class GetModelVersion(Request[ModelVersionResponse]):
    name: str | None = None
    version: str | None = None


class SearchModelVersionsResponse(Wire):
    model_versions: list[ModelVersion] = []
    next_page_token: str | None = None


@route("GET", "mlflow/model-versions/search")
class SearchModelVersions(Request[SearchModelVersionsResponse]):
    filter: str | None = None
    max_results: int | None = None
    order_by: list[str] | None = None
    page_token: str | None = None


class GetModelVersionDownloadUriResponse(Wire):
    artifact_uri: str = ""


@route("GET", "mlflow/model-versions/get-download-uri")
class GetModelVersionDownloadUri(Request[GetModelVersionDownloadUriResponse]):
    name: str | None = None
    version: str | None = None


@route("POST", "mlflow/model-versions/set-tag")
class SetModelVersionTag(Request[Empty]):
    name: str | None = None
    version: str | None = None
    key: str | None = None
    value: str | None = None


@route("DELETE", "mlflow/model-versions/delete-tag")
class DeleteModelVersionTag(Request[Empty]):
    name: str | None = None
    version: str | None = None
    key: str | None = None
