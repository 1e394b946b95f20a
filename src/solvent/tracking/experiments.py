"""Use cases of experiments."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from solvent.errors import AlreadyExists, Conflict, InvalidInput, NotFound
from solvent.store import experiments, grants
from solvent.store.operations import reads, writes
from solvent.store.transaction import Transaction
from solvent.tracking.lookup import active_experiment, any_experiment
from solvent.tracking.validation import (
    MAX_ARTIFACT_LOCATION,
    MAX_EXPERIMENT_NAME,
    MAX_EXPERIMENT_TAG_VALUE,
    check_key,
    check_length,
    required,
)
from solvent.wire.base import Empty
from solvent.wire.experiments import (
    CreateExperiment,
    CreateExperimentResponse,
    DeleteExperiment,
    DeleteExperimentTag,
    Experiment,
    GetExperiment,
    GetExperimentByName,
    GetExperimentResponse,
    RestoreExperiment,
    SetExperimentTag,
    Tag,
    UpdateExperiment,
)


@writes(CreateExperiment)
def create_experiment(tx: Transaction, request: CreateExperiment) -> CreateExperimentResponse:
    name = required(request.name, "name")
    location = _check_location(request.artifact_location or "")
    tags = _check_tags(request.tags or ())
    return CreateExperimentResponse(experiment_id=str(make_experiment(tx, name, location, tags)))


def make_experiment(tx: Transaction, name: str, location: str = "", tags: Iterable[Tag] = ()) -> int:
    """A new experiment of a name that is free; location and tags are checked already."""
    check_length("name", name, MAX_EXPERIMENT_NAME)
    _check_free(tx, name)
    experiment_id = experiments.insert(tx, name, location, tx.now())
    experiments.set_tags(tx, experiment_id, tags)
    grants.own(tx, "experiment", experiment_id)
    return experiment_id


@reads(GetExperiment)
def get_experiment(tx: Transaction, request: GetExperiment) -> GetExperimentResponse:
    return GetExperimentResponse(experiment=any_experiment(tx, request.experiment_id))


@reads(GetExperimentByName)
def get_experiment_by_name(tx: Transaction, request: GetExperimentByName) -> GetExperimentResponse:
    name = required(request.experiment_name, "experiment_name")
    experiment = experiments.by_name(tx, name)
    if experiment is None:
        raise NotFound(f"Could not find experiment with name '{name}'")
    return GetExperimentResponse(experiment=experiment)


@writes(UpdateExperiment)
def update_experiment(tx: Transaction, request: UpdateExperiment) -> Empty:
    experiment = any_experiment(tx, request.experiment_id)
    name = check_length("name", required(request.new_name, "new_name"), MAX_EXPERIMENT_NAME)
    if experiment.lifecycle_stage != "active":
        raise Conflict("Cannot rename a non-active experiment.")
    if name != experiment.name:
        _check_free(tx, name)
    experiments.rename(tx, int(experiment.experiment_id), name, tx.now())
    return Empty()


@writes(DeleteExperiment)
def delete_experiment(tx: Transaction, request: DeleteExperiment) -> Empty:
    experiments.mark(tx, _in_stage(tx, request.experiment_id, "active"), deleted=True, now=tx.now())
    return Empty()


@writes(RestoreExperiment)
def restore_experiment(tx: Transaction, request: RestoreExperiment) -> Empty:
    """Bring an experiment back with all its runs, also those that were deleted one by one, as MLflow does."""
    number = _in_stage(tx, request.experiment_id, "deleted")
    if not experiments.mark(tx, number, deleted=False, now=tx.now()):
        raise Conflict(f"The experiment {number} is being removed for good: it can't be restored")
    return Empty()


@writes(SetExperimentTag)
def set_experiment_tag(tx: Transaction, request: SetExperimentTag) -> Empty:
    required(request.experiment_id, "experiment_id")
    tag = _check_tag(Tag(key=request.key or "", value=request.value or ""))
    experiment = active_experiment(tx, request.experiment_id)
    experiments.set_tags(tx, int(experiment.experiment_id), [tag])
    return Empty()


@writes(DeleteExperimentTag)
def delete_experiment_tag(tx: Transaction, request: DeleteExperimentTag) -> Empty:
    required(request.experiment_id, "experiment_id")
    key = required(request.key, "key")
    experiment = active_experiment(tx, request.experiment_id)
    if not experiments.delete_tag(tx, int(experiment.experiment_id), key):
        raise NotFound(f"No tag with name: {key} in experiment with id {experiment.experiment_id}")
    return Empty()


def _in_stage(tx: Transaction, experiment_id: str | None, stage: str) -> int:
    """The number of an experiment in that stage; one in the other stage is not there, as in MLflow."""
    experiment: Experiment = any_experiment(tx, experiment_id)
    if experiment.lifecycle_stage != stage:
        raise NotFound(
            f"No Experiment with id={experiment.experiment_id} exists in the '{stage}' state: it is {experiment.lifecycle_stage}"
        )
    return int(experiment.experiment_id)


def _check_free(tx: Transaction, name: str) -> None:
    existing = experiments.by_name(tx, name)
    if existing is not None:
        remedy = (
            "restore it, remove it for good ('solvent gc'), or choose another name"
            if existing.lifecycle_stage == "deleted"
            else "choose another name"
        )
        raise AlreadyExists(
            f"Experiment '{name}' already exists (id {existing.experiment_id}, {existing.lifecycle_stage}): {remedy}"
        )


def _check_tags(tags: Iterable[Tag]) -> list[Tag]:
    return [_check_tag(tag, f"tags[{index}].") for index, tag in enumerate(tags)]


def _check_tag(tag: Tag, path: str = "") -> Tag:
    check_key(tag.key, f"{path}key")
    check_length(f"{path}value", tag.value, MAX_EXPERIMENT_TAG_VALUE)
    return tag


def _check_location(location: str) -> str:
    """An artifact location; a relative folder becomes an absolute one."""
    if not location:
        return location
    check_length("artifact_location", location, MAX_ARTIFACT_LOCATION)
    if location.startswith("runs:"):
        raise InvalidInput(f"Artifact location cannot be a runs:/ URI. Given: '{location}'")
    parts = urlsplit(location)
    if parts.fragment or ";" in parts.path:
        raise InvalidInput("'artifact_location' URL can't include fragments or params.")
    if parts.scheme and ".." in f"{parts.netloc}{parts.path}?{parts.query}".replace("?", "/").split("/"):
        raise InvalidInput(f"'artifact_location' can't include '..'. Given: '{location}'")
    return location if parts.scheme else Path(location).absolute().as_posix()
