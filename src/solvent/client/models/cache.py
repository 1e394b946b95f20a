"""Models that were loaded before, by the digest of all their files: what is served can't be stale.

``<cache>/models/<digest>/`` is the model's folder, ``<digest>.json`` says how each file looked when it was checked last;
the time of change of that is when the model was used last. A folder is made under another name and appears whole.
While a process uses a model it holds ``<digest>.use``, so that nobody takes the files away.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from solvent.client.models.cache_entry import (
    Stamp,
    discard,
    hold,
    lock_of,
    models_folder,
    read_stamp,
    remove,
    seen,
    stamp_of,
    write_stamp,
)
from solvent.client.models.pruning import prune
from solvent.models.errors import NotAModel
from solvent.models.facts import unsafe_files
from solvent.models.files import check_folder, digest, drop_bytecode, file_paths, sha256
from solvent.models.load import read_folder
from solvent.projects.cache import locked, make_folder
from solvent.wire.model_files import ModelFile


def obtain(files: Iterable[ModelFile], fill: Callable[[Path], object]) -> Path:
    """The folder that holds exactly these files, filled if it is not there or was changed.

    Args:
        fill: makes the folder at the path that it is given; it is checked afterwards.

    Raises:
        ModelFileChanged, ModelFileMissing: ``fill`` has made other files.
    """
    recorded = list(files)
    key = digest(recorded)
    place = make_folder(models_folder())
    with locked(lock_of(place, key)):
        folder = place / key
        filled = not _is_good(folder, recorded)
        if filled:
            discard(place, key)
            _fill(folder, recorded, fill)
        hold(place, key)
        with suppress(OSError):
            os.utime(stamp_of(folder))
    if filled:
        prune(place)
    return folder


def _is_good(folder: Path, recorded: list[ModelFile]) -> bool:
    stamp = read_stamp(folder)
    if stamp is None or not folder.is_dir():
        return False
    try:
        drop_bytecode(folder, recorded)
        if file_paths(folder) != sorted(file.path for file in recorded):
            return False
        looks = {file.path: seen(folder / file.path) for file in recorded}
        if any(
            sha256(folder / file.path) != file.sha256
            for file in recorded
            if file.path in stamp.unsafe or stamp.files.get(file.path) != looks[file.path]
        ):
            return False
    except (OSError, NotAModel):
        return False
    if looks != stamp.files:
        write_stamp(folder, Stamp(looks, stamp.unsafe))
    return True


def _fill(folder: Path, recorded: list[ModelFile], fill: Callable[[Path], object]) -> None:
    draft = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
    try:
        fill(draft)
        check_folder(draft, recorded)
        drop_bytecode(draft, recorded)
        paths = [file.path for file in recorded]
        unsafe = _unsafe(draft, paths)
        _protect(draft, paths)
        write_stamp(folder, Stamp({path: seen(draft / path) for path in paths}, unsafe))
        draft.rename(folder)
    except BaseException:
        stamp_of(folder).unlink(missing_ok=True)
        raise
    finally:
        remove(draft)


def _unsafe(folder: Path, paths: list[str]) -> list[str]:
    """All files, if the MLmodel file can't be read: loading says what is wrong with it."""
    try:
        return unsafe_files(read_folder(folder), paths)
    except NotAModel:
        return paths


def _protect(folder: Path, paths: list[str]) -> None:
    for path in paths:
        (folder / path).chmod(0o444)
    for parent in sorted({(folder / path).parent for path in paths}, reverse=True):
        parent.chmod(0o555)
