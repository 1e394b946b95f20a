"""What of the code no run keeps: named with the reason, and told apart by a digest wherever it can be read.

One shape for all who ask: it is written to ``unkept`` of ``solvent/provenance.json``, counts for what makes two runs
identical, and is what ``unkept_in`` gives to those who compare or repeat recorded runs.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from solvent.provenance.kinds import Kind, kind_of
from solvent.provenance.sources import MAX_VISITED, walk

MAX_READ = 64 * 1024 * 1024
"""Bytes that are read for all digests of a run."""
MAX_NAMED = 200
_IMPORTED = (".py", ".pyx", ".pyd", ".so")


class Unkept(NamedTuple):
    """A file or folder of the code. Without a ``digest`` nothing tells whether it is the same in another run."""

    path: str
    why: str
    digest: str | None = None

    def __str__(self) -> str:
        return f"{self.path}: {self.why}"


def unkept_in(summary: Any) -> list[Unkept]:
    """What the content of a ``provenance.json`` of any form says; nothing if it is of an earlier release."""
    given = summary.get("unkept") if isinstance(summary, dict) else None
    found = []
    for one in given if isinstance(given, list) else []:
        if isinstance(one, dict) and isinstance(one.get("path"), str):
            digest = one.get("digest")
            found.append(Unkept(one["path"], str(one.get("why", "")), digest if isinstance(digest, str) else None))
    return found


def bounded(found: Iterable[Unkept]) -> tuple[Unkept, ...]:
    """Each thing once; those that are too many to be named are told as one."""
    ordered = sorted({(one.path, one.why): one for one in found}.values(), key=lambda one: one[:2])
    named, others = ordered[:MAX_NAMED], ordered[MAX_NAMED:]
    if others:
        known = all(one.digest for one in others)
        digest = _short(repr([(one.path, one.digest) for one in others]).encode()) if known else None
        named.append(Unkept(f"{len(others)} more", "more than are named", digest))
    return tuple(named)


class Digests:
    """Digests of what is there, as long as what is read for them stays within ``MAX_READ``."""

    def __init__(self) -> None:
        self._left = MAX_READ

    def of(self, path: Path) -> str | None:
        """The digest of a file, or of all code in a folder; None if it is too large or can't be read."""
        return self.of_code(path) if path.is_dir() else self.of_file(path)

    def of_file(self, path: Path) -> str | None:
        try:
            if not path.exists():
                return "not there"
            self._left -= path.stat().st_size if path.is_file() else self._left + 1
            return _short(path.read_bytes()) if self._left >= 0 else None
        except OSError:
            return None

    def of_code(self, folder: Path) -> str | None:
        names, visited = code_in(folder)
        digests = [(name, self.of_file(folder / name)) for name in names]
        known = visited <= MAX_VISITED and all(digest for _, digest in digests)
        return _short(repr(digests).encode()) if known else None


def code_in(folder: Path, *, imported: bool = False, limit: int = MAX_VISITED) -> tuple[list[str], int]:
    """The files of a folder that are code, with ``imported`` those that Python imports; and how many files were looked
    at: one more than the limit if there are others."""
    visited = list(islice(walk(folder), limit + 1))
    return [name for name in visited[:limit] if is_code(name, imported=imported)], len(visited)


def is_code(path: str, *, imported: bool = False) -> bool:
    if path.endswith("/"):
        return False
    return path.endswith(_IMPORTED) or (not imported and kind_of(path) is Kind.CODE)


def linked(folder: Path, names: Iterable[str], digests: Digests) -> Iterator[Unkept]:
    """Of these names the links that lead to code which is not kept: folders with code, and single files."""
    for name in names:
        path = folder / name
        if not path.is_symlink() or not path.exists():
            continue
        if path.is_dir() and code_in(path)[0]:
            yield Unkept(name, "a link to a folder: not looked into", digests.of(path))
        elif not path.is_dir() and is_code(name):
            yield Unkept(name, "a link", digests.of(path))


def links_to_folders(folder: Path) -> Iterator[str]:
    """Those beside the files that ``walk`` finds, within the same limit."""
    parents = {os.path.dirname(name) for name in islice(walk(folder), MAX_VISITED) if not name.endswith("/")}  # noqa: PTH120
    for parent in sorted(parents | {""}):
        with os.scandir(folder / parent) as entries:
            yield from sorted(
                f"{parent}/{entry.name}".lstrip("/") for entry in entries if entry.is_symlink() and entry.is_dir()
            )


def _short(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:24]
