"""Bringing the data to this machine that parameters of type ``path`` name by address."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from solvent.backend.copying import copy_out, store_of_uri
from solvent.backend.protocol import Backend
from solvent.errors import SolventError
from solvent.projects.environment import Say
from solvent.projects.errors import SourceFailed
from solvent.projects.parameters import Values, is_address
from solvent.projects.scratch import scratch_folder
from solvent.projects.source.download import download, file_name
from solvent.projects.source.shown import shown
from solvent.projects.spec import EntryPoint
from solvent.registry.model_uris import PREFIX, parse
from solvent.wire.models import GetLoggedModel
from solvent.wire.registry import GetModelVersionByAlias, GetModelVersionDownloadUri


def waiting(entry: EntryPoint, values: Values) -> Mapping[str, str]:
    """The parameters whose data has to be downloaded, with their addresses."""
    return {
        name: values.declared[name]
        for name, parameter in entry.parameters.items()
        if parameter.type == "path" and name not in values.local and is_address(values.declared.get(name, ""))
    }


def fetch(backend: Backend, entry: EntryPoint, values: Values, storage: Path | None, say: Say) -> Values:
    """The same values, with where the data lies now. What is recorded stays the address.

    Args:
        storage: a folder to keep the data in, each time in a new folder within; without one it goes with this process.

    Raises:
        SourceFailed: something can't be had; the message names the parameter.
    """
    folder = _folder(storage)
    found = {}
    for number, (name, address) in enumerate(waiting(entry, values).items()):
        say(f"Downloading {shown(address)} for parameter '{name}'")
        place = folder / f"param_{number}"
        place.mkdir()
        try:
            found[name] = str(_fetched(backend, address, place))
        except SolventError as error:
            raise SourceFailed(f"parameter '{name}': {error}") from error
    return replace(values, local={**values.local, **found})


def _folder(storage: Path | None) -> Path:
    if storage is None:
        return scratch_folder()
    try:
        storage.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix="run-", dir=storage.absolute()))
    except OSError as error:
        raise SourceFailed(f"{storage} can't be written ({error.strerror}): name another folder") from error


def _fetched(backend: Backend, address: str, place: Path) -> Path:
    if address.startswith("http"):
        target = place / file_name(address)
        download(address, target)
        return target
    if address.startswith(PREFIX):
        address = _of_model(backend, address)
    store, path = store_of_uri(backend, address)
    return copy_out(store, path.strip("/"), place)


def _of_model(backend: Backend, address: str) -> str:
    """Where a model's files are.

    Raises:
        SourceFailed: the address names neither a version by number or alias, nor a logged model.
    """
    named = parse(address)
    if named is not None and named.name and (named.version or named.alias):
        version = named.version
        if named.alias:
            found = backend.call(GetModelVersionByAlias(name=named.name, alias=named.alias))
            version = found.model_version.version
        place = backend.call(GetModelVersionDownloadUri(name=named.name, version=version)).artifact_uri
        if not place.startswith(PREFIX):
            return place
        named = parse(place)
    if named is not None and named.model_id:
        return backend.call(GetLoggedModel(model_id=named.model_id)).model.info.artifact_uri
    raise SourceFailed(f"'{address}' names no model's files: write models:/name/3, models:/name@alias or models:/ID")
