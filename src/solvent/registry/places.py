"""Where the files of a version, of a logged model or of a run's path lie: an artifact root, and a folder in it.

Files are read through the root of the run or logged model that they belong to, so that no link and no path of theirs
leads out of it.
"""

from __future__ import annotations

from typing import NamedTuple

from solvent.errors import InvalidInput, NotFound
from solvent.registry.source_paths import has_tail, is_local, is_served_here, is_within, local_path, split, unquoted
from solvent.store import models, runs
from solvent.store.model_versions import VersionRow
from solvent.store.transaction import Transaction
from solvent.wire.models import LoggedModelInfo

RUNS = "runs:/"


class Place(NamedTuple):
    """``path`` is the folder below ``uri``, empty if that is the folder itself. ``model_id``: of the logged model there."""

    uri: str
    path: str = ""
    model_id: str = ""


class RunPath(NamedTuple):
    """The parts of a ``runs:/`` address."""

    run_id: str
    path: str


def parse_run_path(uri: str) -> RunPath | None:
    """The run and the path of ``runs:/id/path``; None if it is no proper one.

    >>> parse_run_path("runs:/abc/model/sub")
    RunPath(run_id='abc', path='model/sub')
    >>> parse_run_path("runs:///abc/model") is None
    True
    """
    if not uri.startswith(RUNS) or has_tail(uri):
        return None
    run_id, _, path = uri[len(RUNS) :].partition("/")
    return RunPath(run_id, path.strip("/")) if run_id else None


def of_version(tx: Transaction, version: VersionRow) -> list[Place]:
    """Where a version's files may lie, the likeliest place first.

    Raises:
        InvalidInput: they lie outside of the run or the logged model that the version comes from.
    """
    location = version.storage_location
    named = parse_run_path(location)
    if named is not None:
        return of_run_path(tx, named)
    root = _root_of(tx, version)
    if root is not None and (path := _path_below(location, root)) is not None:
        return [Place(root, path, version.logged_model or "")]
    if is_local(location) or is_served_here(location):
        raise InvalidInput(
            f"the source of version {version.version} of '{version.name}' points outside of the run or logged model "
            f"that it comes from: {location}; register the version again from where its files are"
        )
    return [Place(location, model_id=version.logged_model or "")]


def of_logged_model(info: LoggedModelInfo) -> Place:
    return Place(info.artifact_uri, model_id=info.model_id)


def of_run_path(tx: Transaction, named: RunPath) -> list[Place]:
    """A logged model of the run whose name is the path, or begins it, goes before files of the run: so MLflow has it.

    Raises:
        NotFound: there is no such run.
    """
    run = runs.find(tx, named.run_id)
    if run is None:
        raise NotFound(f"run '{named.run_id[:100]}' not found: look for it with 'solvent runs list'")
    name, _, rest = named.path.partition("/")
    logged = models.of_run(tx, run.uuid, run.experiment_id, name) if name else None
    root = runs.load_infos(tx, [run.id])[run.id].artifact_uri
    places = [Place(root, named.path)]
    if logged is not None:
        info = models.load_models(tx, [logged.id])[0].info
        places.insert(0, Place(info.artifact_uri, rest, "" if rest else info.model_id))
    return places


def _root_of(tx: Transaction, version: VersionRow) -> str | None:
    """The artifact root of the logged model or run that a version comes from; None if that is gone, or never was."""
    if version.logged_model:
        found = models.find(tx, version.logged_model)
        loaded = models.load_models(tx, [found.id]) if found else []
        return loaded[0].info.artifact_uri if loaded else None
    run = runs.find(tx, version.run_uuid) if version.run_uuid else None
    return runs.load_infos(tx, [run.id])[run.id].artifact_uri if run else None


def _path_below(location: str, root: str) -> str | None:
    """The path from an artifact root to a folder in it; None if the folder lies elsewhere."""
    if is_local(location):
        inner, outer = local_path(location), local_path(root) if is_local(root) else None
        if inner is None or outer is None:
            return None
        if not inner.is_relative_to(outer):
            inner, outer = inner.resolve(), outer.resolve()
        return _plain(inner.relative_to(outer).as_posix()) if inner.is_relative_to(outer) else None
    if location.rstrip("/") == root.rstrip("/"):
        return ""
    if not is_within(location, root):
        return None
    parts, above = (unquoted(split(uri).path).strip("/").split("/") for uri in (location, root))
    return "/".join(part for part in parts[len(above) :] if part)


def _plain(path: str) -> str:
    return "" if path == "." else path
