"""Use cases of model versions."""

from __future__ import annotations

import json
from typing import Any

from solvent.errors import SolventError
from solvent.registry import lookup, model_uris, prompts
from solvent.registry.announce import publish, record, tell
from solvent.registry.entities import version_response
from solvent.registry.inspection import Looked, check_safe, look
from solvent.registry.moving import told
from solvent.registry.places import Place, of_version
from solvent.registry.sources import check_source
from solvent.registry.validation import description, model_name, tag, tag_list, text
from solvent.store import model_files, model_versions, models, registered_models
from solvent.store.model_files import FileRow
from solvent.store.model_versions import STAGES, VersionRow
from solvent.store.operations import outside, reads, writes
from solvent.store.store import Store
from solvent.store.transaction import Transaction
from solvent.tracking.lookup import any_model
from solvent.tracking.validation import check_key, required
from solvent.wire.base import Empty, Request, Wire
from solvent.wire.experiments import Tag
from solvent.wire.model_files import ModelFacts
from solvent.wire.registry import (
    CreateModelVersion,
    DeleteModelVersion,
    DeleteModelVersionTag,
    GetModelVersion,
    GetModelVersionDownloadUri,
    GetModelVersionDownloadUriResponse,
    ModelVersionResponse,
    SetModelVersionTag,
    UpdateModelVersion,
)

MODEL_VERSIONS = "mlflow.modelVersions"
"""The tag of a logged model that lists the versions made from it."""


class _Planned(Wire):
    """What is to be looked at before a version is made, or what was found for the version that it is a copy of."""

    places: list[Place] = []
    known: list[FileRow] = []
    found: Looked | None = None


class _Create(Request[ModelVersionResponse]):
    asked: CreateModelVersion
    looked: Looked | None = None


@outside(CreateModelVersion)
def create_model_version(store: Store, request: CreateModelVersion, actor: str) -> ModelVersionResponse:
    """A new version, with the next number: the numbers of deleted versions are not given again.

    Its files are looked at before anything is written, and what is found is recorded with it. A copy of a version has
    the records of that one: what was changed since is not made right by copying it. Prompts have no files.

    Raises:
        UnsafeModel: it runs code when it is loaded, and the server takes no such models.
    """
    planned = store.read(_plan, request, actor)
    looked = planned.found
    if planned.places:
        looked = look(store.files, planned.places, planned.known)
    if looked is not None:
        check_safe(looked, f"the new version of '{request.name}'")
    return store.write(_create, _Create(asked=request, looked=looked), actor)


def _plan(tx: Transaction, request: CreateModelVersion) -> _Planned:
    """All that can be wrong with the request is said here already, before files are read."""
    row, _, prompt = _row_of(tx, request)
    if prompt:
        return _Planned()
    uri = model_uris.parse(row.source)
    if uri is not None and uri.version:
        owner = model_files.owner_of(lookup.version(tx, uri.name, uri.version)[1])
        facts = model_files.facts(tx, owner) or ModelFacts(problem="nobody looked when the copied version was made")
        return _Planned(found=Looked(model_files.files(tx, owner), facts))
    try:
        places = of_version(tx, row)
    except SolventError as error:  # MLflow's clients may name what is not there
        return _Planned(found=Looked([], ModelFacts(problem=str(error))))
    return _Planned(places=places, known=model_files.files(tx, row.logged_model) if row.logged_model else [])


def _create(tx: Transaction, request: _Create) -> ModelVersionResponse:
    asked = request.asked
    row, tags, prompt = _row_of(tx, asked)
    now = tx.now()
    row = row._replace(version=registered_models.take_version(tx, row.model_id, now), created=now, updated=now)
    model_versions.set_tags(tx, model_versions.insert(tx, row), tags)
    if request.looked is not None:
        model_files.keep(tx, model_files.owner_of(row), request.looked.files, request.looked.facts, now)
    if row.logged_model:
        _list_on_logged_model(tx, row.logged_model, row.name, row.version)
    _tell_created(tx, row, tags, told(asked), prompt=prompt)
    return version_response(tx, row.model_id, row.version)


def _row_of(tx: Transaction, request: CreateModelVersion) -> tuple[VersionRow, list[Tag], bool]:
    """The row of a new version without its number and times, its tags, and whether it is of a prompt."""
    name, tags = model_name(request.name), tag_list(request.tags)
    prompt = prompts.marks_prompt(tags)
    required(request.source, "source")
    source = check_source(tx, request.source, request.run_id, request.model_id, prompt=prompt)
    model = lookup.model(tx, name)
    row = VersionRow(
        id=0,
        model_id=model.id,
        name=name,
        version=0,
        stage=STAGES.index("None"),
        user=tx.actor or None,
        description=description(request.description) or "",
        source=source.source,
        storage_location=source.location,
        run_uuid=text(source.run_id, "run_id"),
        run_link=text(request.run_link, "run_link"),
        logged_model=source.model_id or None,
        created=0,
        updated=0,
    )
    return row, tags, prompt


@writes(UpdateModelVersion)
def update_model_version(tx: Transaction, request: UpdateModelVersion) -> ModelVersionResponse:
    """A description that is not given is taken away, as MLflow does."""
    model, version = lookup.version(tx, request.name, request.version)
    model_versions.describe(tx, version.id, description(request.description), tx.now())
    return version_response(tx, model.id, version.version)


@writes(DeleteModelVersion)
def delete_model_version(tx: Transaction, request: DeleteModelVersion) -> Empty:
    """The version goes with its tags and the aliases that point to it; its files stay with their run."""
    model, version = lookup.version(tx, request.name, request.version)
    now = tx.now()
    aliases = model_versions.delete(tx, version)
    model_files.forget(tx, [model_files.owner_of(version)])
    registered_models.touch(tx, model.id, now)
    body = {"version": str(version.version), "stage": STAGES[version.stage], "aliases": aliases, **told(request)}
    record(tx, "model_version.deleted", model.id, now, body)
    return Empty()


@reads(GetModelVersion)
def get_model_version(tx: Transaction, request: GetModelVersion) -> ModelVersionResponse:
    model, version = lookup.version(tx, request.name, request.version)
    return version_response(tx, model.id, version.version)


@reads(GetModelVersionDownloadUri)
def get_download_uri(tx: Transaction, request: GetModelVersionDownloadUri) -> GetModelVersionDownloadUriResponse:
    version = lookup.version(tx, request.name, request.version)[1]
    return GetModelVersionDownloadUriResponse(artifact_uri=version.storage_location)


@writes(SetModelVersionTag)
def set_model_version_tag(tx: Transaction, request: SetModelVersionTag) -> Empty:
    model_name(request.name)
    required(request.version, "version")
    given = tag(request.key, request.value)
    model, version = lookup.version(tx, request.name, request.version)
    model_versions.set_tags(tx, version.id, [given])
    data = {"name": model.name, "version": str(version.version), "key": given.key, "value": given.value}
    tell(tx, model.id, "MODEL_VERSION_TAG", "SET", data, tx.now())
    return Empty()


@writes(DeleteModelVersionTag)
def delete_model_version_tag(tx: Transaction, request: DeleteModelVersionTag) -> Empty:
    """A tag that is not there is as good as deleted."""
    model_name(request.name)
    required(request.version, "version")
    key = check_key(request.key, "key")
    model, version = lookup.version(tx, request.name, request.version)
    model_versions.delete_tag(tx, version.id, key)
    data = {"name": model.name, "version": str(version.version), "key": key}
    tell(tx, model.id, "MODEL_VERSION_TAG", "DELETED", data, tx.now())
    return Empty()


def _list_on_logged_model(tx: Transaction, model_id: str, name: str, version: int) -> None:
    """Add the version to the list that the logged model's page shows; a list of another form is begun anew."""
    found = any_model(tx, model_id)
    tags = {entry.key: entry.value for entry in models.load_models(tx, [found.id])[0].info.tags}
    try:
        listed = json.loads(tags.get(MODEL_VERSIONS, "[]"))
    except ValueError:
        listed = []
    entry = {"name": name, "version": version}
    versions = [*listed, entry] if isinstance(listed, list) else [entry]
    models.set_tags(tx, found, {MODEL_VERSIONS: json.dumps(versions)})


def _tell_created(tx: Transaction, row: VersionRow, tags: list[Tag], more: dict[str, str], *, prompt: bool) -> None:
    lineage = {"source": row.source, "run_id": row.run_uuid or None}
    version = str(row.version)
    body = {"version": version, **lineage, "model_id": row.logged_model, **more}
    record(tx, "model_version.created", row.model_id, row.created, body)
    shown = {entry.key: entry.value for entry in tags}
    data: dict[str, Any] = {"name": row.name, "version": version, **lineage}
    if prompt:
        data = {"name": row.name, "version": version, "template": shown.pop(prompts.TEXT, None)}
        shown = {key: value for key, value in shown.items() if key not in {prompts.IS_PROMPT, prompts.TYPE}}
    data |= {"tags": shown, "description": row.description or None}
    publish(tx, "PROMPT_VERSION" if prompt else "MODEL_VERSION", "CREATED", data, row.created)
