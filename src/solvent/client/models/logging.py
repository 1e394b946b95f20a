"""``log_model``: a model is saved, uploaded as a logged model of the active run, and registered if that is asked for."""

from __future__ import annotations

import json
import secrets
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from solvent.backend.protocol import Backend
from solvent.client import connections
from solvent.client.checks import check_artifact_path, check_run_id
from solvent.client.fluent.runs import current_run
from solvent.client.models.entities import ModelInfo
from solvent.client.models.registering import register_source
from solvent.client.models.saving import SavedModel, rewrite, save
from solvent.client.models.upload import upload
from solvent.client.process.session import session
from solvent.errors import EndpointNotFound, InvalidInput, NotSupported, SolventError, Unavailable
from solvent.http import ForeignServer
from solvent.models.mlmodel import MLmodel
from solvent.models.signature.signature import Signature
from solvent.settings import writable_home
from solvent.wire.datasets import ModelOutput
from solvent.wire.experiments import Tag
from solvent.wire.models import (
    CreateLoggedModel,
    FinalizeLoggedModel,
    LoggedModelInfo,
    LogLoggedModelParams,
    ModelParam,
)
from solvent.wire.runs import GetRun, LogOutputs, LogRunModel, RunInfo, SetTag

PROBLEM = "solvent.signature_problem"
"""The tag that says why a model has no signature, or none of its outputs."""
KEPT = "unsent-models"
"""The folder, in Solvent's own, of models that could not be uploaded."""
_MOST_PARAMS = 100
_LONGEST_TAG = 5_000
NO_SUCH_ENDPOINT = (EndpointNotFound, NotSupported, ForeignServer)
"""What a server says of a request that it does not know; older ones of MLflow's answer with a page."""


class _Run(NamedTuple):
    id: str
    address: str
    experiment_id: str | None
    params: Mapping[str, str]


def log_model(
    flavor: str,
    model: Any,
    name: str,
    *,
    signature: Any = None,
    input_example: Any = None,
    registered_model_name: str | None = None,
    requirements: Sequence[str] | None = None,
    metadata: dict[str, Any] | None = None,
    code_paths: Iterable[str | Path] | None = None,
    run_id: str | None = None,
    step: int = 0,
    **options: Any,
) -> ModelInfo:
    """Keep a model with a run; it returns once the server has it.

    Args:
        name: of the logged model: letters, digits, ``_``, ``-`` and the like, no slash.
        signature, input_example: as of ``saving.save``.
        registered_model_name: the registered model that it becomes a new version of; made if it is not there.
        run_id: another run than the active one. Without either, a run is opened.
        step: of the run's metrics, to tell models of one training apart.
        options: of the flavour.

    Raises:
        InvalidInput, DependencyMissing: as ``models.save.save_model``.
        Unavailable: the server can't be reached.
        UnsafeModel: the server takes no models that run code when they are loaded.

    A model that was saved but not uploaded, for whatever reason, is kept in a folder that the error names.
    """
    check_artifact_path(name)
    run = _run(run_id)
    draft = Path(tempfile.mkdtemp(prefix="solvent-model-"))
    try:
        saved = save(
            flavor,
            model,
            draft / "model",
            signature=signature,
            input_example=input_example,
            requirements=requirements,
            metadata=metadata,
            code_paths=code_paths,
            **options,
        )
        try:
            backend = _reached(run)
            info = _logged(backend, run, name, saved, draft / "model", step)
        except SolventError as error:
            error.args = (f"{error}; the model is kept in '{_keep(draft / 'model', name)}': log it again from there",)
            raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return info if registered_model_name is None else _registered(backend, info, registered_model_name)


def _run(run_id: str | None) -> _Run:
    run = current_run() if run_id is None else session.open_runs.get(run_id)
    if run is None:
        return _Run(check_run_id(run_id or ""), session.address, None, {})
    return _Run(run.info.run_id, run.log.outbox.address, run.info.experiment_id, run.log.params)


def _reached(run: _Run) -> Backend:
    """The backend, once it has what this process has logged: the run itself, above all."""
    if not session.flush(run.address):
        raise Unavailable(
            f"the records of run {run.id} could not be delivered to {run.address}, so that the model can't be logged with"
            " it: see that the server runs; the records are kept"
        )
    return connections.backend_of(run.address)


def _logged(backend: Backend, run: _Run, name: str, saved: SavedModel, folder: Path, step: int) -> ModelInfo:
    found = None if run.experiment_id else _run_info(backend, run)
    params = [ModelParam(key=key, value=value) for key, value in run.params.items()]
    request = CreateLoggedModel(
        experiment_id=found.experiment_id if found else run.experiment_id,
        name=name,
        source_run_id=run.id,
        params=params[:_MOST_PARAMS] or None,
        tags=[Tag(key=PROBLEM, value=saved.problem[:_LONGEST_TAG])] if saved.problem else None,
    )
    try:
        logged = backend.call(request).model.info
    except NO_SUCH_ENDPOINT:
        return _with_run(backend, found or _run_info(backend, run), name, saved, folder)
    try:
        _fill(backend, run, logged, saved, folder, step)
        for start in range(_MOST_PARAMS, len(params), _MOST_PARAMS):
            more = params[start : start + _MOST_PARAMS]
            backend.call(LogLoggedModelParams(model_id=logged.model_id, params=more))
        backend.call(FinalizeLoggedModel(model_id=logged.model_id, status="LOGGED_MODEL_READY"))
    except BaseException:
        with suppress(SolventError):
            backend.call(FinalizeLoggedModel(model_id=logged.model_id, status="LOGGED_MODEL_UPLOAD_FAILED"))
        raise
    return _info(saved, f"models:/{logged.model_id}", name, run.id, logged.model_id)


def _fill(backend: Backend, run: _Run, logged: LoggedModelInfo, saved: SavedModel, folder: Path, step: int) -> None:
    said = saved.mlmodel
    said.run_id, said.model_id, said.model_uuid = run.id, logged.model_id, logged.model_id
    said.artifact_path = logged.artifact_uri
    rewrite(folder, said)
    backend.call(LogOutputs(run_id=run.id, models=[ModelOutput(model_id=logged.model_id, step=step)]))
    upload(backend.artifacts(logged.artifact_uri), folder)


def _with_run(backend: Backend, run: RunInfo, name: str, saved: SavedModel, folder: Path) -> ModelInfo:
    """As files of the run, as clients of MLflow 2 log models."""
    said = saved.mlmodel
    said.run_id, said.artifact_path = run.run_id, name
    rewrite(folder, said)
    upload(backend.artifacts(run.artifact_uri), folder, name)
    backend.call(LogRunModel(run_id=run.run_id, model_json=_for_history(said)))
    if saved.problem:
        backend.call(SetTag(run_id=run.run_id, key=PROBLEM, value=saved.problem[:_LONGEST_TAG]))
    return _info(saved, f"runs:/{run.run_id}/{name}", name, run.run_id, None)


def _for_history(said: MLmodel) -> str:
    fields = {key: value for key, value in msgspec.to_builtins(said).items() if value is not None and key != "other"}
    return json.dumps(fields, default=str)


def _run_info(backend: Backend, run: _Run) -> RunInfo:
    return backend.call(GetRun(run_id=run.id)).run.info


def _info(saved: SavedModel, uri: str, name: str, run_id: str, model_id: str | None) -> ModelInfo:
    said = saved.mlmodel
    return ModelInfo(
        model_uri=uri,
        name=name,
        run_id=run_id,
        model_id=model_id,
        artifact_path=said.artifact_path or name,
        flavors=said.flavors,
        model_uuid=said.model_uuid,
        utc_time_created=said.utc_time_created,
        signature=Signature.from_dict(said.signature) if said.signature else None,
        signature_problem=saved.problem,
        saved_input_example_info=said.saved_input_example_info,
        metadata=said.metadata,
    )


def _registered(backend: Backend, info: ModelInfo, name: str) -> ModelInfo:
    try:
        made = register_source(backend, name, info.model_uri, info.run_id, info.model_id)
    except SolventError as error:
        error.args = (f"the model is logged as {info.model_uri}, but not registered: {error}",)
        raise
    return replace(info, registered_model_name=name, registered_model_version=made.version)


def _keep(folder: Path, name: str) -> Path:
    """Move what could not be sent to where it stays."""
    place = writable_home() / KEPT
    kept = place / f"{name.replace('/', '_')[:100]}-{secrets.token_hex(4)}"
    try:
        place.mkdir(parents=True, exist_ok=True)
        shutil.move(folder, kept)
    except OSError as error:
        raise InvalidInput(f"the model could not be kept in '{place}' either: {error.strerror}") from error
    return kept
