"""The files of a project: what git knows of, or a walk where there is no repository."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

from solvent.provenance.git import Git

MARKERS = (".git", "pyproject.toml", "solvent.toml", "MLproject", "setup.py", "setup.cfg")
SKIPPED = frozenset(
    {".git", ".hg", ".svn", ".venv", "venv", "env", "node_modules", "__pycache__", ".tox", ".nox", ".eggs", "build"}
    | {"dist", "site-packages", ".ipynb_checkpoints", ".mypy_cache", ".ruff_cache", ".pytest_cache", "__pypackages__"}
    | {"third_party", "vendor", "_vendor", ".solvent", "mlruns", ".direnv"}
)
"""Folders that hold what others wrote, or programs."""
MOST_FILES = 200_000
MAX_LISTING = 64 << 20


class Listing(NamedTuple):
    """Relative paths with slashes, sorted. ``links`` were not followed. ``tracked`` is None without a repository."""

    paths: list[str]
    links: list[str]
    tracked: frozenset[str] | None


def root_of(paths: Iterable[Path]) -> Path:
    """The folder that is looked at as one project: the nearest one upwards that holds a mark of a project.

    Without any, it is the folder that is common to the paths.
    """
    resolved = [path.resolve() for path in paths]
    common = Path(os.path.commonpath(resolved))
    folder = common if common.is_dir() else common.parent
    for each in (folder, *folder.parents):
        if any((each / mark).exists() for mark in MARKERS):
            return each
        if each == Path.home():
            break
    return folder


def list_files(root: Path, exclude: Iterable[str] = ()) -> Listing:
    """All files of the project that are the team's own; what .gitignore names is left out in a repository."""
    patterns = [pattern.rstrip("/") for pattern in exclude]
    tracked, found = _from_git(root)
    paths: list[str] = []
    links: list[str] = []
    for path in found if found is not None else _walk(root):
        if len(paths) >= MOST_FILES:
            break
        if _skipped(path) or any(excluded(path, pattern) for pattern in patterns):
            continue
        full = root / path
        if full.is_symlink():
            links.append(path)
        elif full.is_file():
            paths.append(path)
    return Listing(sorted(paths), sorted(links), tracked)


def excluded(path: str, pattern: str) -> bool:
    """Whether a pattern names the path, a folder above it, or (without a slash) any part of it.

    >>> excluded("src/old/a.py", "src/old"), excluded("src/old/a.py", "old"), excluded("src/a_pb2.py", "*_pb2.py")
    (True, True, True)
    """
    parts = path.split("/")
    if "/" not in pattern:
        return any(fnmatchcase(part, pattern) for part in parts)
    return any(fnmatchcase("/".join(parts[: end + 1]), pattern) for end in range(len(parts)))


def _skipped(path: str) -> bool:
    parts = path.split("/")[:-1]
    return any(part in SKIPPED or part.endswith(".egg-info") for part in parts)


def _from_git(root: Path) -> tuple[frozenset[str] | None, list[str] | None]:
    """Tracked files, and those with what is neither tracked nor ignored; (None, None) without a repository."""
    git = Git(root, here=True)
    listed = git.run("ls-files", "-z", "--cached", limit=MAX_LISTING)
    others = git.run("ls-files", "-z", "--others", "--exclude-standard", limit=MAX_LISTING)
    if listed is None or others is None:
        return None, None
    tracked = frozenset(_names(listed))
    return tracked, sorted({*tracked, *_names(others)})


def _names(listing: bytes) -> Iterator[str]:
    return (os.fsdecode(name) for name in listing.split(b"\0") if name)


def _walk(root: Path) -> Iterator[str]:
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in SKIPPED and not name.endswith(".egg-info"))
        for name in sorted(files):
            yield Path(folder, name).relative_to(root).as_posix()
