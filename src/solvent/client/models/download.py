"""A model's files, copied from where they are kept."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from solvent.artifacts.paths import file_path
from solvent.artifacts.protocol import ArtifactStore
from solvent.errors import NotFound
from solvent.models.errors import ModelFileChanged, ModelFileMissing, NotAModel
from solvent.models.files import MAX_DEPTH, MAX_FILES
from solvent.wire.model_files import ModelFile

T = TypeVar("T")

AT_ONCE = 4


def fetch(store: ArtifactStore, below: str, files: Sequence[ModelFile], target: Path) -> None:
    """Copy the recorded files into the folder ``target``; each is hashed on its way.

    Raises:
        ModelFileMissing: one is not there.
        ModelFileChanged: one is not what was recorded.
    """

    def one(file: ModelFile) -> None:
        came = _copy(store, below, file.path, target)
        if (came.size, came.sha256) != (file.size, file.sha256):
            raise ModelFileChanged(
                f"'{file.path}' of the model is not what was recorded: expected SHA-256 {file.sha256[:12]}..."
                f" ({file.size:,} bytes), came {came.sha256[:12]}... ({came.size:,} bytes); restore the file, or log and"
                " register the model again"
            )

    _all(one, files)


def fetch_unrecorded(store: ArtifactStore, below: str, target: Path) -> list[ModelFile]:
    """Copy all files that are there; their hashes.

    Raises:
        NotFound: there are none.
        NotAModel: there are more than a model has.
    """
    prefix = len(below) + 1 if below else 0
    paths = [path[prefix:] for path in _walk(store, below, 0)]
    if not paths:
        raise NotFound(f"there are no files of a model at '{below or '.'}': log the model again, with log_model")
    if len(paths) > MAX_FILES:
        raise NotAModel(
            f"there are more than {MAX_FILES:,} files at '{below or '.'}': no model is meant to have so many"
        )
    found: list[ModelFile] = []
    _all(lambda path: found.append(_copy(store, below, path, target)), paths)
    return sorted(found, key=lambda file: file.path)


def _walk(store: ArtifactStore, folder: str, depth: int) -> Iterator[str]:
    if depth > MAX_DEPTH:
        raise NotAModel(f"'{folder}' lies more than {MAX_DEPTH} folders deep in a model")
    for entry in store.list(folder):
        if entry.is_dir:
            yield from _walk(store, entry.path, depth + 1)
        else:
            yield entry.path


def _copy(store: ArtifactStore, below: str, path: str, target: Path) -> ModelFile:
    name = file_path(path)
    local = target / name
    local.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    try:
        chunks = store.read(f"{below}/{name}" if below else name)
        with local.open("xb") as file:
            for chunk in chunks:
                digest.update(chunk)
                size += file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
    except NotFound as error:
        raise ModelFileMissing(
            f"'{path}' of the model is missing where it was recorded: restore it from a backup, or log the model again"
        ) from error
    return ModelFile(path=path, size=size, sha256=digest.hexdigest())


def _all(work: Callable[[T], None], parts: Sequence[T]) -> None:
    """Do a few at once; the first error ends it."""
    with ThreadPoolExecutor(min(AT_ONCE, len(parts)), thread_name_prefix="solvent-download") as pool:
        waiting = [pool.submit(work, part) for part in parts]
        try:
            for one in waiting:
                one.result()
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
