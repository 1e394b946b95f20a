"""The files of a project: what git knows of, or a walk where there is no repository."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

from solvent.debt.errors import TooManyFiles
from solvent.provenance.git import Git

MARKERS = (".git", "pyproject.toml", "solvent.toml", "MLproject", "setup.py", "setup.cfg")
SKIPPED = frozenset(
    {".git", ".hg", ".svn", ".venv", "venv", "env", "node_modules", "__pycache__", ".tox", ".nox", ".eggs", "build"}
    | {"dist", "site-packages", ".ipynb_checkpoints", ".mypy_cache", ".ruff_cache", ".pytest_cache", "__pypackages__"}
    | {"third_party", "vendor", "_vendor", ".solvent", "mlruns", ".direnv"}
)
"""Folders that hold what others wrote, or programs."""
MOST_FILES = 2_000_000
"""Of any kind: data sets of images lie in projects too."""
MOST_PYTHON = 200_000
_PYTHON = (".py", ".pyw", ".ipynb")
MAX_LISTING = 64 << 20


class Listing(NamedTuple):
    """Relative paths with slashes, sorted. ``links`` are, or lie behind, links that were not followed. ``tracked`` is None without a repository."""

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
    """All files of the project that are the team's own; what .gitignore names is left out in a repository.

    Raises:
        TooManyFiles: there are more than can be looked at.
    """
    patterns = [pattern.rstrip("/") for pattern in exclude]
    tracked, found = _from_git(root)
    paths: list[str] = []
    links: list[str] = []
    python = 0
    behind = _Behind(root)
    for path in found if found is not None else _walk(root):
        if _skipped(path) or any(excluded(path, pattern) for pattern in patterns):
            continue
        mode = _mode(root / path)
        if stat.S_ISLNK(mode) or (mode and behind.a_link(path)):
            links.append(path)
        elif stat.S_ISREG(mode):
            paths.append(path)
            python += path.endswith(_PYTHON)
            if python > MOST_PYTHON or len(paths) > MOST_FILES:
                raise _too_many(root)
    return Listing(sorted(paths), sorted(links), tracked)


class _Behind:
    """Which paths lie behind a linked folder; git lists them if the folder was none when it looked last."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._known = {"": False}

    def a_link(self, path: str) -> bool:
        folder = path.rpartition("/")[0]
        if folder not in self._known:
            ends = [place for place, char in enumerate(f"{folder}/") if char == "/"]
            self._known[folder] = any(stat.S_ISLNK(_mode(self._root / folder[:end])) for end in ends)
        return self._known[folder]


def _mode(path: Path) -> int:
    """What a path is, links not followed; 0 if it is not there."""
    try:
        return path.lstat().st_mode
    except OSError:
        return 0


def _too_many(root: Path) -> TooManyFiles:
    return TooManyFiles(
        f"{root} has more files than are looked at ({MOST_PYTHON:,} of Python, {MOST_FILES:,} in all): leave some out "
        "by --exclude, or look at a folder with a solvent.toml of its own"
    )


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
    if max(len(listed), len(others)) > MAX_LISTING:
        raise TooManyFiles(
            f"git lists more files in {root} than can be read ({MAX_LISTING >> 20} MiB of names): "
            "name data and other people's code in .gitignore"
        )
    tracked = frozenset(_names(listed))
    return tracked, sorted({*tracked, *_names(others)})


def _names(listing: bytes) -> Iterator[str]:
    return (os.fsdecode(name) for name in listing.split(b"\0") if name)


def _walk(root: Path) -> Iterator[str]:
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in SKIPPED and not name.endswith(".egg-info"))
        for name in sorted(files):
            yield Path(folder, name).relative_to(root).as_posix()
