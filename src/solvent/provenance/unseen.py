"""Looking for code that is used and that no run keeps: what git is told not to see, and what lies elsewhere."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from solvent.provenance.git import Git, GitState, is_shared
from solvent.provenance.kinds import Kind, kind_of
from solvent.provenance.sources import MAX_VISITED, SourcePatch, is_entered
from solvent.provenance.unkept import Digests, Unkept, bounded, code_in, is_code, linked, links_to_folders

_MAX_LISTING = 64 * 1024 * 1024
_GITLINK, _LINK = "160000", "120000"
_INSTALLED = frozenset({"site-packages", "dist-packages"})


class Place(NamedTuple):
    """Where code was looked for: ``git`` if a repository holds the folder, ``sources`` what no commit holds."""

    folder: Path
    git: GitState | None
    sources: SourcePatch


class Unseen(NamedTuple):
    """``changed``: some of it is a change that the commit does not hold, not only something that lies elsewhere."""

    unkept: tuple[Unkept, ...] = ()
    changed: bool = False


def look_in(place: Place, digests: Digests, *, script: bool = False) -> Unseen:
    """What is not kept of the code in one place.

    Args:
        script: a script's own folder was looked at for the script and what it imports.
    """
    found = list(_left_out(place, digests))
    if place.git is None:
        if is_shared(place.folder):
            shared = "it holds more than one project, so its files are not kept"
            found += [] if script else [Unkept(str(place.folder), shared)]
        else:
            found += linked(place.folder, links_to_folders(place.folder), digests)
        return Unseen(tuple(found))
    changed = list(_not_seen_by_git(Git(place.folder), place.folder, place.git, digests))
    return Unseen((*found, *changed, *_beside_git(Git(place.folder), place, digests)), bool(changed))


def on_python_path(roots: list[Path], folder: Path, digests: Digests) -> Iterator[Unkept]:
    """The folders of ``PYTHONPATH`` that are neither in one of the roots nor installed."""
    inside = [root.resolve() for root in roots]
    for entry in filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep)):
        path = (folder / entry).resolve()
        if path.exists() and _INSTALLED.isdisjoint(path.parts) and not any(map(path.is_relative_to, inside)):
            yield Unkept(str(path), "on PYTHONPATH, and not in the folder of the code", digests.of(path))


def all_of(*found: Unseen | Iterator[Unkept]) -> tuple[Unkept, ...]:
    """What several places hold, as it is recorded."""
    return bounded(one for each in found for one in (each.unkept if isinstance(each, Unseen) else each))


def _left_out(place: Place, digests: Digests) -> Iterator[Unkept]:
    sources, named = place.sources, 0
    for path, why in sources.left_out.items():
        file = place.folder / path
        if path.endswith("/"):
            if (file / ".git").exists():
                yield Unkept(path, why, digests.of(file))
        elif is_code(path):
            named += kind_of(path) is Kind.CODE
            yield Unkept(path, why, digests.of(file))
        else:
            yield from linked(place.folder, [path], digests)
    if (unnamed := sources.code_left_out - named) > 0:
        yield Unkept(f"{unnamed} files of code", "more than are named")
    if sources.cut:
        yield Unkept(str(place.folder), f"more than {MAX_VISITED:,} files: not all of them were looked at")


def _not_seen_by_git(git: Git, top: Path, state: GitState, digests: Digests) -> Iterator[Unkept]:
    """Tracked files that are not as the commit and the patch make them, or of which that is not known."""
    for question in state.failed:
        yield Unkept(str(top), f"git could not tell {question}")
    for path, why in state.patch_left_out.items():
        secret = kind_of(path) is Kind.SECRET
        yield Unkept(path, why, None if secret else digests.of(top / path))
    for mark, mode, path in _index(git):
        if mode == _GITLINK:
            yield from _submodule(top, path, digests)
        elif mark in "Sabcdefghijklmnopqrstuvwxyz" and (top / path).exists():
            yield Unkept(path, "git is told not to look at it", digests.of(top / path))


def _submodule(top: Path, path: str, digests: Digests) -> Iterator[Unkept]:
    """A submodule, or one of its own submodules, that is not as its commit makes it."""
    folder = top / path
    if not (folder / ".git").exists():
        return
    git = Git(folder, here=True)
    if git.run("status", "--porcelain", "--ignore-submodules=dirty", "-z", limit=1) != b"":
        yield Unkept(path, "a submodule with changes of its own", digests.of(folder))
    for _, mode, inner in _index(git):
        if mode == _GITLINK:
            yield from (one._replace(path=f"{path}/{one.path}") for one in _submodule(folder, inner, digests))


def _beside_git(git: Git, place: Place, digests: Digests) -> Iterator[Unkept]:
    """What the program may import all the same: links that lead elsewhere, and ignored code."""
    top = place.folder.resolve()
    links = [path for _, mode, path in _index(git) if mode == _LINK]
    outside = [path for path in links if not (top / path).resolve().is_relative_to(top)]
    yield from linked(place.folder, outside, digests)
    listing = git.run("ls-files", "--others", "--ignored", "--exclude-standard", "--directory", "-z") or b""
    why, room = "ignored by git", MAX_VISITED
    for path in os.fsdecode(listing).split("\0")[:-1]:
        if path.endswith("/"):
            if room > 0 and is_entered((place.folder / path).parent, path.rstrip("/").rpartition("/")[2]):
                names, visited = code_in(place.folder / path, imported=True, limit=room)
                room -= visited
                yield from (Unkept(path + name, why, digests.of_file(place.folder / path / name)) for name in names)
        elif is_code(path) and path not in place.sources.kept:
            yield Unkept(path, why, digests.of(place.folder / path))


def _index(git: Git) -> Iterator[tuple[str, str, str]]:
    """Of each tracked file: the letter that says how git looks at it, its mode and its path."""
    listing = git.run("ls-files", "-v", "--stage", "-z", limit=_MAX_LISTING) or b""
    for line in os.fsdecode(listing).split("\0")[:-1]:
        head, _, path = line.partition("\t")
        mark, mode, *_ = head.split(" ")
        yield mark, mode, path
