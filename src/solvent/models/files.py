"""The files of a model's folder: which they are, and whether they are the recorded ones."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from solvent.models.errors import ModelFileChanged, ModelFileMissing, NotAModel
from solvent.wire.model_files import ModelFile

MAX_FILES = 20_000
MAX_DEPTH = 32

NOT_RECORDED = frozenset({"registered_model_meta"})
"""What MLflow's client writes into a folder that it has downloaded from the registry: a name and a number."""


def hash_folder(folder: Path) -> list[ModelFile]:
    """All files below ``folder`` by path, with size and SHA-256.

    Raises:
        NotAModel: it is no folder, holds something that is neither file nor folder (a link, a pipe), or too much.
    """
    return [
        ModelFile(path=path, size=(folder / path).stat().st_size, sha256=sha256(folder / path))
        for path in file_paths(folder)
    ]


def file_paths(folder: Path) -> list[str]:
    """The paths of all files below ``folder``, relative, with slashes, sorted.

    Raises:
        NotAModel: as ``hash_folder``.
    """
    if not folder.is_dir():
        raise NotAModel(f"'{folder}' is no folder: expected the folder of a model, which holds a file MLmodel")
    found: list[str] = []
    for path in _walk(folder, "", 0):
        found.append(path)
        if len(found) > MAX_FILES:
            raise NotAModel(f"'{folder}' holds more than {MAX_FILES:,} files: no model is meant to")
    return sorted(found)


def _walk(folder: Path, prefix: str, depth: int) -> Iterator[str]:
    if depth > MAX_DEPTH:
        raise NotAModel(f"'{folder}' lies more than {MAX_DEPTH} folders deep in a model")
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(folder / entry.name, f"{prefix}{entry.name}/", depth + 1)
            elif entry.is_file(follow_symlinks=False):
                yield f"{prefix}{entry.name}"
            else:
                raise NotAModel(
                    f"'{prefix}{entry.name}' in the model's folder is a link or no regular file:"
                    " put the file itself there"
                )


def sha256(file: Path) -> str:
    """In hexadecimal.

    Raises:
        ModelFileMissing: it can't be read.
    """
    try:
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        raise ModelFileMissing(f"'{file}' of the model can't be read: {error.strerror}") from error


def digest(files: Iterable[ModelFile]) -> str:
    """One hash (SHA-256, hexadecimal) of paths, sizes and contents: equal for equal files in whatever order.

    >>> digest([ModelFile(path="MLmodel", size=0, sha256="e3b0")])[:12]
    '05cf27dd9a8a'
    """
    lines = sorted(f"{file.path}\0{file.size}\0{file.sha256}\n" for file in files)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def check_folder(folder: Path, files: Iterable[ModelFile]) -> None:
    """See to it that the folder holds the recorded files and no others.

    Python's own ``__pycache__`` is not looked at; ``drop_bytecode`` takes it away before code is loaded.

    Raises:
        ModelFileMissing: a recorded file is not there; the first is named, and how many there are.
        ModelFileChanged: a file is another one than the recorded, or was not recorded.
        NotAModel: as ``hash_folder``.
    """
    recorded = {file.path: file for file in files}
    present = set(file_paths(folder))
    if missing := sorted(recorded.keys() - present):
        raise ModelFileMissing(
            f"{_first(missing)} of the model {_verb(missing, 'is', 'are')} missing in '{folder}':"
            " fetch or save the model again"
        )
    if changed := [path for path, file in sorted(recorded.items()) if not _is(folder / path, file)]:
        raise ModelFileChanged(
            f"{_first(changed)} of the model in '{folder}' {_verb(changed, 'is', 'are')} not what was recorded"
            " (other SHA-256): somebody has changed it since; fetch the model again, or register what is there now"
        )
    added = sorted(path for path in present - recorded.keys() - NOT_RECORDED if not _is_bytecode(path))
    if added:
        raise ModelFileChanged(
            f"{_first(added)} in '{folder}' {_verb(added, 'was', 'were')} not there when the model was recorded:"
            " take it away, or fetch the model again"
        )


def _is(path: Path, file: ModelFile) -> bool:
    return path.stat().st_size == file.size and sha256(path) == file.sha256


def _first(paths: list[str]) -> str:
    return f"'{paths[0]}'" + (f" and {len(paths) - 1:,} more" if len(paths) > 1 else "")


def _verb(paths: list[str], one: str, many: str) -> str:
    return one if len(paths) == 1 else many


def _is_bytecode(path: str) -> bool:
    return "__pycache__" in PurePosixPath(path).parts[:-1]


def drop_bytecode(folder: Path, files: Iterable[ModelFile]) -> None:
    """Take away compiled Python that was not recorded: it would be run in place of the sources that were."""
    recorded = {file.path for file in files}
    for path in file_paths(folder):
        if _is_bytecode(path) and path not in recorded:
            try:
                (folder / path).unlink()
            except OSError as error:
                raise ModelFileChanged(
                    f"'{path}' in '{folder}' was not recorded and can't be taken away: {error.strerror}"
                ) from error


def inside(folder: Path, said: object) -> Path:
    """The path that an MLmodel file names, below the model's folder.

    Raises:
        NotAModel: it is no text, is absolute, or leads out of the folder.
    """
    if not isinstance(said, str) or not said or "\0" in said:
        raise NotAModel(f"the MLmodel file names the file {said!r}: expected a path below the model's folder")
    found = folder / said
    if not found.resolve().is_relative_to(folder.resolve()):
        raise NotAModel(f"the MLmodel file names '{said}', which lies outside of the model's folder")
    return found


def existing(folder: Path, said: object) -> Path:
    """As ``inside``, of a file or folder that must be there.

    Raises:
        ModelFileMissing: nothing is there.
        NotAModel: as ``inside``.
    """
    found = inside(folder, said)
    if not found.exists():
        raise ModelFileMissing(f"'{said}' of the model is missing in '{folder}': fetch or save the model again")
    return found


def named(conf: Mapping[str, Any], key: str) -> str:
    """The file that a flavour's settings name, for ``unsafe``: ``.``, which is all files, if they name none."""
    said = conf.get(key)
    return said if isinstance(said, str) and said else "."
