"""``load_model``: from a model's address to the model. Never nothing."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from solvent.errors import InvalidInput

if TYPE_CHECKING:
    from solvent.backend.protocol import Backend
    from solvent.models.pyfunc_model import PyFuncModel
    from solvent.wire.model_files import ResolvedModel

_MODEL_ID = re.compile(r"m-[0-9a-f]{32}\Z")
_REGISTRY = ("models:", "runs:")
_KEPT = "mlflow-artifacts:"


def load_model(
    uri: str | os.PathLike[str],
    *,
    flavor: str | None = None,
    trust_pickle: bool = False,
    dst: str | os.PathLike[str] | None = None,
    ignore_versions: bool = False,
) -> Any:
    """The model at an address, as its library has it; one that is a Python object as ``solvent.pyfunc.load_model`` does.

    Args:
        uri: ``models:/name/3``, ``models:/name@alias``, ``models:/name/Production``, ``models:/name/latest``,
            ``models:/m-...`` or a logged model's id alone, ``runs:/RUN_ID/path``, or a folder on this machine.
        flavor: which of the model's flavours; the first that is known, if it is not given.
        trust_pickle: load files that run code though no hashes of them were recorded: those of a folder, of a run's
            files, or of a server of MLflow's.
        dst: a new folder to copy the model to; else it is kept in the cache, and not fetched a second time.
        ignore_versions: try it with another major version of its library.

    Raises:
        NotFound: a link of the way is broken (model, version, alias, stage, run, file); the message names it.
        Conflict: a file is not the one that was recorded, or the logged model is not finished.
        UnsafeModel: to load it would run code that nobody has recorded.
        DependencyMissing: a library is not installed, or has another major version.
        LoadFailed: the library could not make the model of its files.
        Unavailable: the server can't be reached.

    Examples:
        >>> model = load_model("models:/fraud@champion")  # doctest: +SKIP
        >>> model.predict(frame)  # doctest: +SKIP
    """
    from solvent.models.load import load_folder

    folder, recorded = fetch_model(uri, dst)
    return load_folder(folder, flavor, trust_pickle=trust_pickle or recorded, ignore_versions=ignore_versions)


def load_pyfunc(
    uri: str | os.PathLike[str],
    *,
    trust_pickle: bool = False,
    dst: str | os.PathLike[str] | None = None,
    ignore_versions: bool = False,
) -> PyFuncModel:
    """The model at an address as something that predicts, whichever library made it.

    Its input is checked against its signature. Arguments and errors as of ``solvent.load_model``.
    """
    from solvent.models.load import load_pyfunc as load

    folder, recorded = fetch_model(uri, dst)
    return load(folder, trust_pickle=trust_pickle or recorded, ignore_versions=ignore_versions)


def fetch_model(uri: str | os.PathLike[str], dst: str | os.PathLike[str] | None = None) -> tuple[Path, bool]:
    """The folder of a model on this machine, and whether its files were checked to be the recorded ones.

    Arguments and errors as of ``load_model``.
    """
    address = os.fspath(uri)
    if _MODEL_ID.match(address) and not Path(address).exists():
        address = f"models:/{address}"
    scheme = address.partition("/")[0]
    if scheme not in _REGISTRY and scheme != _KEPT:
        return _local(address, dst), False
    from solvent.client import connections
    from solvent.client.process.session import session

    session.flush(session.address)
    backend = connections.backend_of(session.address)
    if scheme == _KEPT:
        from solvent.wire.model_files import ResolvedModel

        return _fetched(backend, ResolvedModel(uri=address, artifact_uri=address), dst)
    from solvent.client.models.resolving import resolve

    return _fetched(backend, resolve(backend, address), dst)


def _local(address: str, dst: object) -> Path:
    parts = urlsplit(address)
    if "://" in address and (parts.scheme != "file" or parts.netloc not in ("", "localhost")):
        raise InvalidInput(
            f"'{address}' can't be loaded from: expected models:/name/3, models:/name@alias, models:/m-...,"
            " runs:/RUN_ID/path, or a folder on this machine"
        )
    if dst is not None:
        raise InvalidInput(
            "dst is where a model of the registry is copied to: the given model is on this machine already"
        )
    return Path(unquote(parts.path) if parts.scheme == "file" else address).expanduser()


def _fetched(backend: Backend, found: ResolvedModel, dst: str | os.PathLike[str] | None) -> tuple[Path, bool]:
    from solvent.client.models.download import fetch

    store = backend.artifacts(found.artifact_uri)
    if dst is not None:
        return _copied(backend, found, Path(dst))
    if not found.files:
        return _unrecorded(backend, found), False
    from solvent.client.models.cache import obtain

    return obtain(found.files, lambda folder: fetch(store, found.path, found.files, folder)), True


def _copied(backend: Backend, found: ResolvedModel, target: Path) -> tuple[Path, bool]:
    from solvent.client.models.download import fetch, fetch_unrecorded
    from solvent.errors import AlreadyExists

    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise AlreadyExists(f"'{target}' is there already and is not empty: give a new folder as dst")
    target.mkdir(parents=True, exist_ok=True)
    store = backend.artifacts(found.artifact_uri)
    if not found.files:
        fetch_unrecorded(store, found.path, target)
        return target, False
    fetch(store, found.path, found.files, target)
    return target, True


def _unrecorded(backend: Backend, found: ResolvedModel) -> Path:
    """Fetched anew each time, because nothing says whether it has changed, and kept in the cache by what it is."""
    from solvent.client.models.cache import obtain
    from solvent.client.models.cache_entry import models_folder, remove
    from solvent.client.models.download import fetch_unrecorded
    from solvent.client.models.pruning import DRAFT
    from solvent.projects.cache import make_folder

    draft = make_folder(models_folder() / f"{DRAFT}{secrets.token_hex(8)}")
    try:
        files = fetch_unrecorded(backend.artifacts(found.artifact_uri), found.path, draft)
        return obtain(files, draft.rename)
    finally:
        remove(draft)
