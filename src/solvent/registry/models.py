"""Use cases of registered models."""

from __future__ import annotations

from solvent.errors import AlreadyExists
from solvent.registry import lookup, prompts
from solvent.registry.announce import publish, record
from solvent.registry.entities import registered
from solvent.registry.gates import renaming
from solvent.registry.validation import description, model_name, stage_number, tag, tag_list
from solvent.store import grants, model_files, model_versions, registered_models
from solvent.store.model_versions import STAGES
from solvent.store.operations import reads, writes
from solvent.store.transaction import Transaction
from solvent.tracking.validation import check_key
from solvent.wire.base import Empty
from solvent.wire.experiments import Tag
from solvent.wire.registry import (
    CreateRegisteredModel,
    DeleteRegisteredModel,
    DeleteRegisteredModelTag,
    GetLatestVersions,
    GetLatestVersionsResponse,
    GetRegisteredModel,
    RegisteredModelResponse,
    RenameRegisteredModel,
    SetRegisteredModelTag,
    UpdateRegisteredModel,
)


@writes(CreateRegisteredModel)
def create_registered_model(tx: Transaction, request: CreateRegisteredModel) -> RegisteredModelResponse:
    name, tags, text = model_name(request.name), tag_list(request.tags), description(request.description)
    existing = registered_models.by_name(tx, name)
    if existing is not None:
        raise _taken(name, was_prompt=prompts.is_prompt(tx, existing.id), is_prompt=prompts.marks_prompt(tags))
    now = tx.now()
    model_id = registered_models.insert(tx, name, text, now)
    registered_models.set_tags(tx, model_id, tags)
    grants.own(tx, "model", model_id)
    record(tx, "registered_model.created", model_id, now, {"name": name})
    _tell_created(tx, name, tags, text, now)
    return _response(tx, name)


@writes(RenameRegisteredModel)
def rename_registered_model(tx: Transaction, request: RenameRegisteredModel) -> RegisteredModelResponse:
    model_name(request.name)
    new_name = model_name(request.new_name, "new_name")
    model = lookup.model(tx, request.name)
    if new_name != model.name and registered_models.by_name(tx, new_name) is not None:
        raise AlreadyExists(f"Registered Model (name={new_name}) already exists.")
    renaming.rename(tx, model.name, new_name)
    now = tx.now()
    registered_models.rename(tx, model.id, new_name, now)
    record(tx, "registered_model.renamed", model.id, now, {"from": model.name, "to": new_name})
    return _response(tx, new_name)


@writes(UpdateRegisteredModel)
def update_registered_model(tx: Transaction, request: UpdateRegisteredModel) -> RegisteredModelResponse:
    """A description that is not given is taken away, as MLflow does."""
    model = lookup.model(tx, request.name)
    registered_models.describe(tx, model.id, description(request.description), tx.now())
    return _response(tx, model.name)


@writes(DeleteRegisteredModel)
def delete_registered_model(tx: Transaction, request: DeleteRegisteredModel) -> Empty:
    """The model goes with all its versions; its history stays in the log of events."""
    model = lookup.model(tx, request.name)
    registered_models.delete(tx, model.id)
    model_files.forget_versions(tx, model.id)
    record(tx, "registered_model.deleted", model.id, tx.now(), {"name": model.name})
    return Empty()


@reads(GetRegisteredModel)
def get_registered_model(tx: Transaction, request: GetRegisteredModel) -> RegisteredModelResponse:
    return RegisteredModelResponse(registered_model=registered(tx, [lookup.model(tx, request.name)])[0])


@reads(GetLatestVersions)
def get_latest_versions(tx: Transaction, request: GetLatestVersions) -> GetLatestVersionsResponse:
    """The newest version of each stage that was asked for; of all stages if none was."""
    model = lookup.model(tx, request.name)
    wanted = {STAGES[stage_number(stage)] for stage in request.stages or STAGES}
    newest = model_versions.latest(tx, [model.id]).get(model.id, [])
    return GetLatestVersionsResponse(model_versions=[entry for entry in newest if entry.current_stage in wanted])


@writes(SetRegisteredModelTag)
def set_registered_model_tag(tx: Transaction, request: SetRegisteredModelTag) -> Empty:
    model_name(request.name)
    given = tag(request.key, request.value)
    model = lookup.model(tx, request.name)
    registered_models.set_tags(tx, model.id, [given])
    if prompts.is_prompt(tx, model.id):
        data = {"name": model.name, "key": given.key, "value": given.value}
        publish(tx, "PROMPT_TAG", "SET", data, tx.now())
    return Empty()


@writes(DeleteRegisteredModelTag)
def delete_registered_model_tag(tx: Transaction, request: DeleteRegisteredModelTag) -> Empty:
    """A tag that is not there is as good as deleted."""
    model_name(request.name)
    key = check_key(request.key, "key")
    model = lookup.model(tx, request.name)
    registered_models.delete_tag(tx, model.id, key)
    if prompts.is_prompt(tx, model.id):
        publish(tx, "PROMPT_TAG", "DELETED", {"name": model.name, "key": key}, tx.now())
    return Empty()


def _response(tx: Transaction, name: str) -> RegisteredModelResponse:
    return RegisteredModelResponse(registered_model=registered(tx, [lookup.model(tx, name)])[0])


def _taken(name: str, *, was_prompt: bool, is_prompt: bool) -> AlreadyExists:
    was, now = ("prompt" if prompt else "registered model" for prompt in (was_prompt, is_prompt))
    if was != now:
        return AlreadyExists(
            f"Tried to create a {now} with name {name!r}, but the name is already taken by a {was}. "
            "A model and a prompt can't have the same name: choose another."
        )
    return AlreadyExists(f"{'Prompt' if is_prompt else 'Registered Model'} (name={name}) already exists.")


def _tell_created(tx: Transaction, name: str, tags: list[Tag], text: str | None, now: int) -> None:
    prompt = prompts.marks_prompt(tags)
    hidden = {prompts.IS_PROMPT, prompts.TYPE} if prompt else set()
    shown = {entry.key: entry.value for entry in tags if entry.key not in hidden}
    data = {"name": name, "tags": shown, "description": text or ""}
    publish(tx, "PROMPT" if prompt else "REGISTERED_MODEL", "CREATED", data, now)
