"""Where settings come from: flags first, then environment variables, then defaults.

A setting of a room is the environment variable ``SOLVENT_<ROOM>_<NAME>``. The tracking URI is the
one that every room needs, so it is found here.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

FOLDER = ".solvent"


def tracking_uri(given: str | None = None) -> str | None:
    """The tracking URI that holds here: the given one, else the environment's, else None (embedded default)."""
    return given or os.environ.get("SOLVENT_TRACKING_URI") or os.environ.get("MLFLOW_TRACKING_URI") or None


def home() -> Path:
    """The folder of the embedded store and of the spool: ``.solvent`` in the working folder, unless
    ``SOLVENT_HOME`` names another."""
    return Path(os.environ.get("SOLVENT_HOME") or FOLDER).absolute()


def writable_home() -> Path:
    """The home folder if its spool can be written or made, else the user's cache folder."""
    place = home()
    return place if _is_writable(place / "spool") else cache_folder()


def cache_folder() -> Path:
    """What one user's processes share: the folder ``SOLVENT_CACHE``, else the platform's place for caches."""
    if given := os.environ.get("SOLVENT_CACHE"):
        return Path(given).absolute()
    if sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base.absolute() / "solvent"


def _is_writable(folder: Path) -> bool:
    """Whether files can be made in a folder, or the folder itself can be made."""
    while not os.path.lexists(folder):
        folder = folder.parent
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)
