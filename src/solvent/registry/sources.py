"""Where a version's files may come from: only from what the request says it comes from.

A source is a promise that others will read those files later, with the server's rights. So a path
of the server, or an artifact of somebody else's run, is never accepted: a source that points into
this server must lie within the artifacts of the run or logged model that the request names, with
no way out of it. A source elsewhere must not name a host that the server would then connect to.
"""

from __future__ import annotations

import os
from typing import NamedTuple

from solvent.errors import InvalidInput
from solvent.registry import lookup, model_uris, prompts
from solvent.registry.model_uris import ModelUri
from solvent.registry.source_paths import (
    has_tail,
    is_local,
    is_plain,
    is_served_here,
    is_within,
    local_path,
    scheme_of,
    split,
)
from solvent.registry.validation import MAX_TEXT, stage_number
from solvent.store import model_versions, models, runs
from solvent.store.model_versions import STAGES, VersionRow
from solvent.store.transaction import Transaction
from solvent.tracking.lookup import any_model
from solvent.tracking.validation import check_length, required
from solvent.wire.models import LoggedModelInfo

_HOST_SCHEMES = {"ftp", "sftp", "hdfs", "viewfs", "http", "https", "mlflow-artifacts", "r2", "b2", "abfss"}


class Source(NamedTuple):
    """A checked source. ``location`` is where the files are; ids are empty where there is none."""

    source: str
    location: str
    run_id: str = ""
    model_id: str = ""


def check_source(
    tx: Transaction, source: str | None, run_id: str | None, model_id: str | None, *, prompt: bool
) -> Source:
    """The source of a new version, with the run and the logged model that it comes from.

    Raises:
        InvalidInput: it doesn't lie in what ``run_id`` or ``model_id`` names, or isn't an acceptable address.
        NotFound: the logged model, or the version that it points to, is not there.
    """
    given = check_length("source", required(source, "source"), MAX_TEXT)
    if prompt:
        prompts.check_source(given)
        return Source(given, given, run_id or "")
    _check_host(given)
    if scheme_of(given) == "models":
        return _from_registry(tx, given, run_id, model_id)
    if model_id:
        info = _logged(tx, model_id)
        _check_in_model(given, info)
        return Source(given, given, run_id or info.source_run_id or "", model_id)
    _check_in_run(tx, given, run_id or "")
    return Source(given, given, run_id or "")


def _from_registry(tx: Transaction, source: str, run_id: str | None, model_id: str | None) -> Source:
    if split(source).netloc:
        raise InvalidInput(
            f"Invalid model version source: '{source}'. Registered model sources must use the active model registry."
        )
    uri = model_uris.parse(source)
    if uri is None:
        raise _outside(source, "model_id")
    if uri.model_id:
        _check_plain(source)
        if uri.model_id != model_id:
            raise _outside(source, "model_id")
        info = _logged(tx, uri.model_id)
        return Source(source, info.artifact_uri, run_id or info.source_run_id or "", uri.model_id)
    version = _version(tx, uri, source)
    other_run = run_id is not None and run_id != version.run_uuid
    if other_run or (model_id is not None and model_id != (version.logged_model or "")):
        raise InvalidInput(
            f"Invalid model version source: '{source}'. The run_id and model_id request parameters must match "
            "the referenced model version."
        )
    plain = f"{model_uris.PREFIX}{version.name}/{version.version}"
    return Source(plain, version.storage_location, version.run_uuid, version.logged_model or "")


def _version(tx: Transaction, uri: ModelUri, source: str) -> VersionRow:
    model = lookup.model(tx, uri.name)
    if prompts.is_prompt(tx, model.id):
        raise InvalidInput(
            f"Invalid model version source: '{source}'. Prompt versions cannot be used as model version sources."
        )
    if uri.version:
        return lookup.version(tx, uri.name, uri.version)[1]
    stage = STAGES[stage_number(uri.stage)] if uri.stage else None
    number = lookup.version_of_alias(tx, model, uri.alias) if uri.alias else lookup.newest_version(tx, model, stage)
    found = model_versions.find(tx, model.id, number)
    assert found is not None, "aliases go with the version that they point to"
    return found


def _check_in_run(tx: Transaction, source: str, run_id: str) -> None:
    if is_local(source):
        _check_local(source, _run_root(tx, source, run_id) if run_id else "", "run_id")
        return
    _check_plain(source)
    if scheme_of(source) == "runs":
        named = source.removeprefix("runs:/").partition("/")[0]
        if not run_id or named != run_id or has_tail(source):
            raise _outside(source, "run_id")
    elif is_served_here(source) and not (run_id and is_within(source, _run_root(tx, source, run_id))):
        raise _outside(source, "run_id")


def _check_in_model(source: str, info: LoggedModelInfo) -> None:
    if is_local(source):
        _check_local(source, info.artifact_uri, "model_id")
        return
    _check_plain(source)
    outside = is_served_here(source) and not is_within(source, info.artifact_uri)
    if outside or scheme_of(source) == "runs":
        raise _outside(source, "model_id")


def _check_local(source: str, root: str, field: str) -> None:
    """Refuse a local path that is not, links followed, within the local folder ``root``."""
    inner, outer = local_path(source), local_path(root) if root and is_local(root) else None
    if inner is None or outer is None or not inner.resolve().is_relative_to(outer.resolve()):
        raise InvalidInput(
            f"Invalid model version source: '{source}'. To use a local path as a model version source, the {field} "
            "request parameter has to be specified and the local path has to be contained within the artifact "
            f"directory of the run specified by the {field}."
        )


def _check_plain(source: str) -> None:
    if not is_plain(source):
        raise InvalidInput(
            f"Invalid model version source: '{source}'. If supplying a source as an http, https, local file path, "
            "ftp, objectstore, or mlflow-artifacts uri, an absolute path must be provided without relative path "
            "references present. Please provide an absolute path."
        )


def _check_host(source: str) -> None:
    """Refuse an address whose host the server would connect to."""
    scheme = scheme_of(source)
    allowed = os.environ.get("SOLVENT_REGISTRY_SOURCE_SCHEMES", "").lower().replace(" ", "").split(",")
    if scheme not in _HOST_SCHEMES or scheme in allowed or (scheme == "mlflow-artifacts" and not split(source).netloc):
        return
    raise InvalidInput(
        f"'source' cannot use the '{scheme}' scheme: the '{scheme}' scheme addresses a host other than the tracking "
        "server's configured artifact storage, so the server would connect to the host named in the URI. "
        "Set the SOLVENT_REGISTRY_SOURCE_SCHEMES environment variable on the server to allow it."
    )


def _run_root(tx: Transaction, source: str, run_id: str) -> str:
    run = runs.find(tx, run_id)
    if run is None:
        raise _outside(source, "run_id")
    return runs.load_infos(tx, [run.id])[run.id].artifact_uri


def _logged(tx: Transaction, model_id: str) -> LoggedModelInfo:
    return models.load_models(tx, [any_model(tx, model_id).id])[0].info


def _outside(source: str, field: str) -> InvalidInput:
    return InvalidInput(
        f"Invalid model version source: '{source}'. The {field} request parameter must identify the resource that "
        "contains the source."
    )
