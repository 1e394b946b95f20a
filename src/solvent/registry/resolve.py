"""Use case of following a model's address to its files, and of seeing that they are still the recorded ones."""

from __future__ import annotations

from contextlib import suppress

from solvent.errors import Conflict, InvalidInput, NotFound, SolventError
from solvent.models.errors import ModelFileChanged, ModelFileMissing
from solvent.models.files import digest
from solvent.models.mlmodel import FILE
from solvent.registry import broken_links, model_uris, prompts
from solvent.registry.inspection import below, choose, has_model, hashed, is_same
from solvent.registry.model_uris import ModelUri
from solvent.registry.places import RUNS, Place, RunPath, of_logged_model, of_run_path, of_version, parse_run_path
from solvent.registry.validation import stage_number, version_number
from solvent.store import model_files, model_versions, models, registered_models, runs
from solvent.store.files import FilesAt, ReadableFiles
from solvent.store.model_files import FileRow, owner_of
from solvent.store.model_versions import STAGES, VersionRow
from solvent.store.operations import outside
from solvent.store.registered_models import ModelRow
from solvent.store.store import Store
from solvent.store.transaction import Transaction
from solvent.tracking.validation import required
from solvent.wire.base import Empty, Request, Wire
from solvent.wire.model_files import ModelFacts, ModelFile, ResolvedModel, ResolvedModelResponse, ResolveModel

_PENDING, _FAILED = "LOGGED_MODEL_PENDING", "LOGGED_MODEL_UPLOAD_FAILED"


class _Found(Wire):
    """What the rows say. ``named``: how people call it; ``owner``: under what its files are recorded, empty if nowhere."""

    named: str
    places: list[Place]
    owner: str = ""
    files: list[FileRow] = []
    facts: ModelFacts | None = None
    name: str | None = None
    version: str | None = None
    stage: str | None = None
    run_id: str | None = None
    model_id: str | None = None


class _Settle(Request[Empty]):
    owner: str
    files: list[FileRow]


class _Nothing(Request[Empty]):
    named: RunPath
    there: list[str]


@outside(ResolveModel)
def resolve_model(store: Store, request: ResolveModel, actor: str) -> ResolvedModelResponse:
    """Where an address leads, with the files that were recorded there; what was added since is not among them.

    A file with the recorded size and time of change is taken as it is; any other is hashed again.

    Raises:
        NotFound: a link of the way is broken: the model, the version, the alias, the stage, the run, the folder.
        ModelFileMissing: a recorded file is not there.
        ModelFileChanged: a file is not the one that was recorded.
        Conflict: the logged model is not finished, or its upload failed.
        InvalidInput: this is no address of a model, or the files lie outside of the run that they should be of.
    """
    found = store.read(_find, request, actor)
    place = found.places[0] if store.files is None else choose(store.files, found.places)
    if store.files is not None and found.files:
        settled = _check(store.files(place.uri), place.path, found)
        if settled:
            with suppress(SolventError):  # it only spares reading them the next time
                store.write(_settle, _Settle(owner=found.owner, files=settled), actor)
    elif store.files is not None:
        _check_there(store, store.files, place, found, actor)
    return ResolvedModelResponse(model=_entity(request.uri or "", found, place))


def _find(tx: Transaction, request: ResolveModel) -> _Found:
    given = required(request.uri, "uri")
    uri = model_uris.parse(given)
    if uri is None:
        named = parse_run_path(given)
        if named is None:
            raise broken_links.no_address(given)
        return _of_run(tx, named)
    return _of_logged_model(tx, uri.model_id) if uri.model_id else _of_version(tx, _version(tx, uri))


def _of_version(tx: Transaction, version: VersionRow) -> _Found:
    owner = owner_of(version)
    return _Found(
        named=f"version {version.version} of '{version.name}'",
        places=of_version(tx, version),
        owner=owner,
        files=model_files.files(tx, owner),
        facts=model_files.facts(tx, owner),
        name=version.name,
        version=str(version.version),
        stage=STAGES[version.stage],
        run_id=version.run_uuid or None,
        model_id=version.logged_model,
    )


def _version(tx: Transaction, uri: ModelUri) -> VersionRow:
    model = registered_models.by_name(tx, uri.name)
    if model is None:
        raise broken_links.no_model(tx, uri.name)
    if prompts.is_prompt(tx, model.id):
        raise InvalidInput(f"'{model.name}' is a prompt, not a model: it has no files")
    number = _number(tx, model, uri)
    found = model_versions.find(tx, model.id, number)
    if found is None and uri.version:
        raise broken_links.no_version(tx, model, number, uri.version)
    if found is None:
        raise broken_links.alias_to_nothing(model, uri.alias, number)
    return found


def _number(tx: Transaction, model: ModelRow, uri: ModelUri) -> int:
    if uri.version:
        return version_number(uri.version)
    if uri.stage:
        return _newest_in_stage(tx, model, uri.stage)
    if uri.alias and uri.alias.lower() != "latest":
        number = registered_models.alias_version(tx, model.id, uri.alias)
        if number is None:
            raise broken_links.no_alias(tx, model, uri.alias)
        return number
    newest = model_versions.newest_numbers(tx, model.id, 1)
    if not newest:
        raise broken_links.empty_stage(tx, model, "")
    return newest[0]


def _newest_in_stage(tx: Transaction, model: ModelRow, given: str) -> int:
    try:
        stage = stage_number(given)
    except InvalidInput:
        raise broken_links.no_stage(model, given) from None
    there = model_versions.in_stage(tx, model.id, stage)
    if not there:
        raise broken_links.empty_stage(tx, model, STAGES[stage])
    return there[-1][1]


def _of_logged_model(tx: Transaction, model_id: str) -> _Found:
    found = models.find(tx, model_id)
    if found is None:
        raise NotFound(
            f"logged model '{model_id[:100]}' not found: expected models:/m-...; of a registered model, say which "
            f"version: models:/name/3, models:/name/latest or models:/name@alias"
        )
    if found.deleted:
        raise NotFound(f"the logged model {model_id} was deleted: use another one")
    info = models.load_models(tx, [found.id])[0].info
    if info.status == _PENDING:
        raise Conflict(
            f"the logged model {model_id} is not finished (PENDING): wait for the program that uploads it; if that died, "
            "log the model again"
        )
    if info.status == _FAILED:
        raise Conflict(f"the upload of the logged model {model_id} failed (UPLOAD_FAILED): log the model again")
    return _Found(
        named=f"the logged model {model_id}",
        places=[of_logged_model(info)],
        owner=model_id,
        files=model_files.files(tx, model_id),
        facts=model_files.facts(tx, model_id),
        run_id=info.source_run_id or None,
        model_id=model_id,
    )


def _of_run(tx: Transaction, named: RunPath) -> _Found:
    places = of_run_path(tx, named)
    run = runs.find(tx, named.run_id)
    if run is not None and run.deleted:
        raise broken_links.deleted_run(run)
    if places[0].model_id:
        return _of_logged_model(tx, places[0].model_id)
    return _Found(named=f"{RUNS}{named.run_id}/{named.path}", places=places, run_id=named.run_id)


def _check(files: ReadableFiles, folder: str, found: _Found) -> list[FileRow]:
    """Hold the files against their records. Those that are the same under another time of change are answered."""
    changed, settled = [], []
    for recorded in found.files:
        try:
            if is_same(files, folder, recorded):
                continue
            now = hashed(files, folder, recorded.path)
        except NotFound as error:
            raise ModelFileMissing(
                f"'{recorded.path}' of {found.named} is missing: it was there when the model was recorded; restore it "
                "from a backup, or log and register the model again"
            ) from error
        if now.sha256 == recorded.sha256:
            settled.append(now)
        else:
            changed.append((recorded, now))
    if changed:
        raise _changed(found, *changed[0], len(changed) - 1)
    return [file for file in settled if file.modified is not None]


def _changed(found: _Found, recorded: FileRow, now: FileRow, more: int) -> ModelFileChanged:
    others = f" (and {more} more)" if more else ""
    return ModelFileChanged(
        f"'{recorded.path}'{others} of {found.named} was changed after it was recorded: expected SHA-256 "
        f"{recorded.sha256[:12]}... ({recorded.size:,} bytes), found {now.sha256[:12]}... ({now.size:,} bytes); restore "
        "the file, or log and register the model again"
    )


def _check_there(store: Store, files_at: FilesAt, place: Place, found: _Found, actor: str) -> None:
    """Where nothing is recorded, at least an MLmodel file must be there; of places out of reach nobody knows."""
    try:
        files = files_at(place.uri)
    except InvalidInput:
        return
    if has_model(files, place.path):
        return
    if not found.owner:
        named = parse_run_path(found.named)
        assert named is not None, "it was made from one"
        there = [entry.path for entry in files.list("")]
        store.read(_say_nothing_there, _Nothing(named=named, there=there), actor)
    raise NotFound(
        f"{found.named} has no files that could be loaded: there is no {FILE} file at {below(place.uri, place.path)}"
    )


def _say_nothing_there(tx: Transaction, request: _Nothing) -> Empty:
    run = runs.find(tx, request.named.run_id)
    if run is not None:
        raise broken_links.no_model_in_run(tx, run, request.named.path, request.there)
    return Empty()


def _settle(tx: Transaction, request: _Settle) -> Empty:
    model_files.settle(tx, request.owner, request.files)
    return Empty()


def _entity(uri: str, found: _Found, place: Place) -> ResolvedModel:
    files = [ModelFile(path=file.path, size=file.size, sha256=file.sha256) for file in found.files]
    return ResolvedModel(
        uri=uri,
        artifact_uri=place.uri,
        path=place.path,
        name=found.name,
        version=found.version,
        stage=found.stage,
        run_id=found.run_id,
        model_id=found.model_id,
        files=files,
        digest=digest(files) if files else None,
        facts=found.facts,
    )
