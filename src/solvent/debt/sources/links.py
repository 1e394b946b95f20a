"""Where links lead. A looked-at project may be somebody else's: its links must not decide what is written outside."""

from __future__ import annotations

from pathlib import Path


def is_inside(root: Path, path: Path) -> bool:
    """Whether a path lies in a folder once all links are followed."""
    return path.resolve().is_relative_to(root.resolve())


def leads_out(root: Path, path: Path) -> bool:
    """Whether a path leaves a folder by a link that lies in it. A path that was never in the folder does not."""
    if is_inside(root, path):
        return False
    full = path.absolute()
    return any(each.is_symlink() and is_inside(root, each.parent) for each in (full, *full.parents))
