"""Files that were asked for by name and not looked at: silence about them would be taken for praise."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from solvent.debt.project.configuration import SUFFIXES
from solvent.debt.sources.discover import SKIPPED, Listing, excluded

PYTHON = (".py", ".pyw", ".ipynb")
_FOR_PROJECTS = (*SUFFIXES, ".txt", ".in", ".lock", ".sh", "Dockerfile", "Containerfile", "MLproject", "Pipfile")
"""What rules about whole projects read: manifests, configuration, what runs."""


def not_examined(
    root: Path, paths: Sequence[Path], listing: Listing, patterns: Iterable[str], examined: Collection[str]
) -> list[tuple[str, str]]:
    """The files among the paths that were not examined, each with why."""
    patterns = list(patterns)
    found = []
    for path in paths:
        name = path.resolve().relative_to(root).as_posix()
        if path.is_file() and name not in examined and (why := _why(name, listing, patterns)):
            link = f"it is a symbolic link to {name}: " if path.is_symlink() else ""
            found.append((str(path), link + why))
    return found


def _why(name: str, listing: Listing, patterns: Sequence[str]) -> str:
    """Why a file was not examined; empty if rules about the whole project may have read it."""
    if name in listing.paths:
        return "" if name.endswith(_FOR_PROJECTS) else "it is neither Python nor a notebook"
    for pattern in patterns:
        if excluded(name, pattern.rstrip("/")):
            return f"'{pattern}' excludes it"
    folders = name.split("/")[:-1]
    if skipped := next((each for each in folders if each in SKIPPED or each.endswith(".egg-info")), None):
        return f"what is in folders named '{skipped}' is left out"
    if not name.endswith(PYTHON):
        return "it is neither Python nor a notebook"
    return "git ignores it" if listing.tracked is not None else "it is none of the project's files"
