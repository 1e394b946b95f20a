"""Artifacts by their address, and copying them to this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from solvent.artifacts.protocol import ArtifactStore
from solvent.backend.protocol import Backend
from solvent.errors import InvalidInput, NotFound
from solvent.wire.artifacts import FileInfo
from solvent.wire.runs import GetRun


def store_of_run(backend: Backend, run_id: str) -> ArtifactStore:
    return backend.artifacts(backend.call(GetRun(run_id=run_id)).run.info.artifact_uri)


def store_of_uri(backend: Backend, uri: str) -> tuple[ArtifactStore, str]:
    """The store of an artifact URI, and the path in it. ``runs:/ID/path`` is a run's file."""
    if uri.startswith("runs:/"):
        run_id, _, path = uri.removeprefix("runs:/").strip("/").partition("/")
        return store_of_run(backend, run_id), path
    folder, slash, name = uri.rstrip("/").rpartition("/")
    if not slash or folder.endswith((":", ":/")):
        raise InvalidInput(f"'{uri}' names no artifact: expected runs:/ID/path or mlflow-artifacts:/experiment/run/...")
    return backend.artifacts(folder), name


def copy_out(store: ArtifactStore, path: str, folder: Path) -> Path:
    """Copy a file or folder below ``folder``, at its path in the store; where it is then."""
    found = list(_files(store, path))
    if not found and path:
        store.size(path)  # a file, or NotFound
        found = [FileInfo(path=path)]
    if not found:
        raise NotFound("the run has no files to download")
    for entry in found:
        target = (folder / entry.path).resolve()
        if not target.is_relative_to(folder.resolve()):
            raise InvalidInput(f"the artifact path '{entry.path}' leads out of {folder}: not downloaded")
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{target.name}.part")
        try:
            with part.open("wb") as file:
                for chunk in store.read(entry.path):
                    file.write(chunk)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    return (folder / path).absolute()


def _files(store: ArtifactStore, path: str) -> Iterator[FileInfo]:
    """All files below a folder."""
    for entry in store.list(path):
        if entry.is_dir:
            yield from _files(store, entry.path)
        else:
            yield entry
