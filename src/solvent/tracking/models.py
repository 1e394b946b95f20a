"""Use cases of logged models."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from solvent.errors import InvalidInput, NotFound
from solvent.store import experiments, models
from solvent.store.models import STATUSES, ModelRef
from solvent.store.operations import reads, writes
from solvent.store.transaction import Transaction
from solvent.tracking.lookup import active_experiment, any_model
from solvent.tracking.names import random_name
from solvent.tracking.validation import (
    MAX_EXPERIMENT_NAME,
    MAX_KEY,
    check_count,
    check_length,
    invalid,
    missing,
    required,
)
from solvent.wire.base import Empty
from solvent.wire.experiments import Tag
from solvent.wire.models import (
    CreateLoggedModel,
    DeleteLoggedModel,
    DeleteLoggedModelTag,
    FinalizeLoggedModel,
    GetLoggedModel,
    LoggedModelResponse,
    LogLoggedModelParams,
    ModelParam,
    SetLoggedModelTags,
)

MAX_PARTS = 1_000
MAX_VALUE = 100_000
_BAD_CHARACTERS = ("/", ":", ".", "%", '"', "'")


@writes(CreateLoggedModel)
def create_logged_model(tx: Transaction, request: CreateLoggedModel) -> LoggedModelResponse:
    experiment_id = required(request.experiment_id, "experiment_id")
    name = _check_name(request.name) if request.name else random_name()
    check_length("model_type", request.model_type or "", MAX_EXPERIMENT_NAME)
    check_length("source_run_id", request.source_run_id or "", MAX_KEY)
    params, tags = _check_params(request.params or ()), _check_tags(request.tags or ())
    number = int(active_experiment(tx, experiment_id).experiment_id)
    experiments.pin_location(tx, number)
    model_id = f"m-{uuid.uuid4().hex}"
    model = models.insert(tx, model_id, number, name, request.model_type or "", request.source_run_id or "", tx.now())
    models.add_params(tx, model, params)
    models.set_tags(tx, model, tags)
    return _answer(tx, model)


@reads(GetLoggedModel)
def get_logged_model(tx: Transaction, request: GetLoggedModel) -> LoggedModelResponse:
    model = any_model(tx, request.model_id)
    if model.deleted and not request.allow_deleted:
        raise NotFound(f"Logged model with ID '{model.uuid}' not found.")
    return _answer(tx, model)


def finalize(tx: Transaction, request: FinalizeLoggedModel) -> LoggedModelResponse:
    """Set the status. The registry answers the request: it looks at the files of a model that becomes READY."""
    status = final_status(request)
    model = any_model(tx, request.model_id)
    models.set_status(tx, model, status, tx.now())
    return _answer(tx, model)


def final_status(request: FinalizeLoggedModel) -> int:
    """The number of the status that is asked for.

    Raises:
        InvalidInput: it is missing, or there is no such status.
    """
    given = request.status
    if given is None or given == "":
        raise missing("status")
    status = given if isinstance(given, int) else STATUSES.get(given, -1)
    if status not in STATUSES.values():
        raise invalid("status", given, f"it must be one of {', '.join(STATUSES)}")
    return status


@writes(DeleteLoggedModel)
def delete_logged_model(tx: Transaction, request: DeleteLoggedModel) -> Empty:
    models.mark_deleted(tx, any_model(tx, request.model_id), tx.now())
    return Empty()


@writes(SetLoggedModelTags)
def set_logged_model_tags(tx: Transaction, request: SetLoggedModelTags) -> Empty:
    tags = _check_tags(request.tags or ())
    models.set_tags(tx, any_model(tx, request.model_id), tags)
    return Empty()


@writes(DeleteLoggedModelTag)
def delete_logged_model_tag(tx: Transaction, request: DeleteLoggedModelTag) -> Empty:
    key = required(request.tag_key, "tag_key")
    model = any_model(tx, request.model_id)
    if not models.delete_tag(tx, model, key):
        raise NotFound(f"No tag with key '{key}' found for model with ID '{model.uuid}'.")
    return Empty()


@writes(LogLoggedModelParams)
def log_logged_model_params(tx: Transaction, request: LogLoggedModelParams) -> Empty:
    params = _check_params(request.params or ())
    model = any_model(tx, request.model_id)
    conflicts = models.add_params(tx, model, params)
    if conflicts:
        raise InvalidInput(
            f"Changing param values is not allowed. Params {conflicts} of the logged model '{model.uuid}' have other "
            "values already."
        )
    return Empty()


def _answer(tx: Transaction, model: ModelRef) -> LoggedModelResponse:
    return LoggedModelResponse(model=models.load_models(tx, [model.id])[0])


def _check_name(name: str) -> str:
    if any(character in name for character in _BAD_CHARACTERS):
        raise InvalidInput(
            f"Invalid model name ({name!r}) provided. Model name must be a non-empty string and cannot contain the "
            f"following characters: {_BAD_CHARACTERS}"
        )
    return check_length("name", name, MAX_EXPERIMENT_NAME)


def _check_params(params: Iterable[ModelParam]) -> dict[str, str]:
    params = list(params)
    check_count("params", MAX_PARTS, params)
    return dict(_check_part(f"params[{at}]", part.key, part.value) for at, part in enumerate(params))


def _check_tags(tags: Iterable[Tag]) -> dict[str, str]:
    tags = list(tags)
    check_count("tags", MAX_PARTS, tags)
    return dict(_check_part(f"tags[{at}]", tag.key, tag.value) for at, tag in enumerate(tags))


def _check_part(path: str, key: str, value: str) -> tuple[str, str]:
    check_length(f"{path}.key", required(key, f"{path}.key"), MAX_KEY)
    return key, check_length(f"{path}.value", value, MAX_VALUE)
