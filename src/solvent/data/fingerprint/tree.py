"""The files of a folder, whichever order the file system lists them in; no link leads out of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from solvent.data.errors import UnreadableData
from solvent.data.fingerprint.content import Stamp, stamp_of, unreadable


class Entry(NamedTuple):
    """``name`` is relative to the folder, with slashes. ``leads_to`` is set for a link to a folder: also relative."""

    name: str
    path: Path
    stamp: Stamp | None
    leads_to: str | None = None


def entries(root: Path) -> list[Entry]:
    """All files below ``root`` and links to folders, by the bytes of their names.

    A link to a file is that file under the link's name. A link to a folder is not followed, for its files are there
    under their own names; where it leads to counts.

    Raises:
        UnreadableData: something is neither file nor folder, can't be read, or leads out of the folder.
    """
    try:
        real = root.resolve(strict=True)
        found = list(_below(root, real))
    except OSError as error:
        raise unreadable(str(error.filename or root), error) from error
    if not found:
        raise UnreadableData(f"the folder '{root}' holds no files: give one that does")
    return sorted(found, key=lambda entry: os.fsencode(entry.name))


def _below(root: Path, real: Path) -> Iterator[Entry]:
    folders = [""]
    while folders:
        folder = folders.pop()
        with os.scandir(root / folder) as listing:
            for item in listing:
                name = f"{folder}{item.name}"
                if item.is_symlink():
                    yield _link(Path(item.path), name, real)
                elif item.is_dir(follow_symlinks=False):
                    folders.append(f"{name}/")
                elif item.is_file(follow_symlinks=False):
                    yield Entry(name, Path(item.path), stamp_of(Path(item.path).stat()))
                else:
                    raise UnreadableData(f"'{item.path}' is neither a file nor a folder: take it out of the data")


def _link(path: Path, name: str, real: Path) -> Entry:
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise UnreadableData(f"the link '{path}' leads nowhere: remove it, or bring back what it led to") from error
    if not target.is_relative_to(real):
        raise UnreadableData(
            f"the link '{path}' leads out of the folder, to '{target}': copy what is there, or give that folder instead"
        )
    if target.is_dir():
        return Entry(name, path, None, target.relative_to(real).as_posix())
    return Entry(name, target, stamp_of(target.stat()))
