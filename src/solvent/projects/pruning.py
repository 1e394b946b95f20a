"""Removing from the cache what nothing has used for long: environments, fetched repositories, wheels of Solvent.

Each can be made again. What a process holds (see ``use``) stays, whatever its age.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from solvent.projects.environment import remove_half_built
from solvent.projects.use import last_used, lock_file, unused

KINDS = {"environments": "environment", "sources": "fetched repository", "wheels": "wheel of Solvent"}
_REMOVING = ".removing-"


class Entry(msgspec.Struct, frozen=True):
    """``bytes`` are those that its removal gives back; ``shared_bytes`` are of files that have another place too, most
    often the cache of uv. ``last_used`` is in milliseconds since 1970.
    """

    kind: str
    path: str
    last_used: int
    bytes: int
    shared_bytes: int


class Pruned(msgspec.Struct):
    """``recent`` counts what was used since; ``failed`` says in words what could not be removed."""

    dry_run: bool
    removed: list[Entry] = []
    in_use: list[Entry] = []
    recent: int = 0
    failed: list[str] = []

    @property
    def freed(self) -> int:
        return sum(entry.bytes for entry in self.removed)


def prune(
    cache: Path, before: float, *, dry_run: bool = False, each: Callable[[Pruned], None] = lambda _: None
) -> Pruned:
    """Remove what was not used since ``before``, in seconds since 1970.

    It may be broken off at any time: an entry vanishes at once, and what is left of it is removed by the next call.

    Args:
        dry_run: remove nothing.
        each: is told how far it is.
    """
    found = Pruned(dry_run)
    for folder, kind in KINDS.items():
        if not dry_run:
            _remove_left(cache / folder)
        for path in _entries(cache / folder):
            _look_at(path, kind, before, found)
            each(found)
    return found


def _look_at(path: Path, kind: str, before: float, found: Pruned) -> None:
    try:
        used = last_used(path)
        if used >= before:
            found.recent += 1
            return
        with unused(path) as alone:
            entry = Entry(kind, str(path), int(used * 1000), *_size(path))
            if not alone:
                found.in_use.append(entry)
                return
            gone = path if found.dry_run else _hidden(path)
        if not found.dry_run:
            shutil.rmtree(gone)
        found.removed.append(entry)
    except FileNotFoundError:
        return  # somebody else removes, too
    except OSError as error:
        found.failed.append(f"{kind} {path}: {error.strerror}")


def _hidden(path: Path) -> Path:
    """Take an entry from its place, its lock file with it: who wants it from now on makes it again."""
    gone = path.with_name(f"{_REMOVING}{secrets.token_hex(4)}-{path.name}")
    path.rename(gone)
    lock_file(path).unlink(missing_ok=True)
    return gone


def _entries(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.is_symlink() and not path.name.startswith("."):
            yield path


def _remove_left(folder: Path) -> None:
    """What builders and removers that were killed have left."""
    remove_half_built(folder)
    for path in folder.glob(f"{_REMOVING}*"):
        shutil.rmtree(path, ignore_errors=True)


def _size(folder: Path) -> tuple[int, int]:
    """The bytes of its files, and of those among them that have another name elsewhere too."""
    own = shared = 0
    for place, _, names in os.walk(folder):
        for name in names:
            status = Path(place, name).lstat()
            if status.st_nlink > 1:
                shared += status.st_size
            else:
                own += status.st_size
    return own, shared
