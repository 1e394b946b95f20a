"""Where a model's address leads on a server of MLflow's. Nothing is recorded there of the files."""

from __future__ import annotations

from solvent.backend.protocol import Backend
from solvent.errors import Conflict, EndpointNotFound, InvalidInput, NotFound, NotSupported
from solvent.http import ForeignServer
from solvent.models.mlmodel import FILE
from solvent.registry import model_uris
from solvent.registry.model_uris import ModelUri
from solvent.registry.places import parse_run_path
from solvent.wire.model_files import ResolvedModel
from solvent.wire.models import GetLoggedModel, SearchLoggedModels
from solvent.wire.registry import (
    GetLatestVersions,
    GetModelVersion,
    GetModelVersionByAlias,
    GetModelVersionDownloadUri,
    ModelVersion,
    SearchModelVersions,
)
from solvent.wire.runs import GetRun, RunInfo

READY = ("LOGGED_MODEL_READY", "READY")


def resolve_by_mlflow(backend: Backend, uri: str) -> ResolvedModel:
    """
    Raises:
        NotFound: the model, its version, alias, stage, or run is not there.
        Conflict: the logged model is not finished.
        InvalidInput: this is no address of a model.
    """
    if (run := parse_run_path(uri)) is not None:
        return _of_run(backend, uri, run.run_id, run.path)
    parsed = model_uris.parse(uri)
    if parsed is None:
        raise InvalidInput(
            f"'{uri}' is no address of a model: expected models:/name/3, models:/name@alias, models:/name/Staging,"
            " models:/m-... or runs:/RUN_ID/path"
        )
    if parsed.model_id:
        return _of_logged(backend, uri, parsed.model_id)
    version = _version(backend, parsed)
    asked = GetModelVersionDownloadUri(name=version.name, version=version.version)
    place = backend.call(asked).artifact_uri
    if place.startswith(("models:/", "runs:/")) and place != uri:
        found = resolve_by_mlflow(backend, place)
    else:
        found = ResolvedModel(uri=uri, artifact_uri=place, run_id=version.run_id, model_id=version.model_id)
    found.uri, found.name, found.version, found.stage = uri, version.name, version.version, version.current_stage
    return found


def _version(backend: Backend, uri: ModelUri) -> ModelVersion:
    if uri.version:
        return backend.call(GetModelVersion(name=uri.name, version=uri.version)).model_version
    if uri.alias and uri.alias.lower() != "latest":
        return backend.call(GetModelVersionByAlias(name=uri.name, alias=uri.alias)).model_version
    if uri.stage:
        found = backend.call(GetLatestVersions(name=uri.name, stages=[uri.stage])).model_versions
    else:
        quoted = uri.name.replace("'", "")
        request = SearchModelVersions(filter=f"name = '{quoted}'", max_results=1, order_by=["version_number DESC"])
        found = backend.call(request).model_versions
    if not found:
        where = f"in stage {uri.stage}" if uri.stage else "of it"
        raise NotFound(f"model '{uri.name}' has no version {where}: see which there are with 'solvent models show'")
    return found[0]


def _of_logged(backend: Backend, uri: str, model_id: str) -> ResolvedModel:
    info = backend.call(GetLoggedModel(model_id=model_id)).model.info
    if info.status not in (*READY, "", "2"):
        raise Conflict(f"the logged model {model_id} is not finished ({info.status}): log the model again")
    return ResolvedModel(uri=uri, artifact_uri=info.artifact_uri, run_id=info.source_run_id, model_id=model_id)


def _of_run(backend: Backend, uri: str, run_id: str, path: str) -> ResolvedModel:
    """Files of the run, else the logged model of that name."""
    run = backend.call(GetRun(run_id=run_id)).run.info
    there = backend.artifacts(run.artifact_uri).list(path)
    if not any(file.path.rpartition("/")[2] == FILE for file in there):
        logged = _logged_by_name(backend, run, path)
        if logged is None:
            raise NotFound(
                f"run {run_id} has no model at '{path}': there is no {FILE} file, and no logged model of that name"
            )
        return _of_logged(backend, uri, logged)
    return ResolvedModel(uri=uri, artifact_uri=run.artifact_uri, path=path, run_id=run_id)


def _logged_by_name(backend: Backend, run: RunInfo, name: str) -> str | None:
    request = SearchLoggedModels(experiment_ids=[run.experiment_id], filter=f"source_run_id = '{run.run_id}'")
    try:
        found = [one.info for one in backend.call(request).models if one.info.name == name]
    except (EndpointNotFound, NotSupported, ForeignServer):
        return None
    return max(found, key=lambda info: info.creation_timestamp_ms).model_id if found else None
