"""Where settings come from: flags first, then environment variables, then defaults.

A setting of a room is the environment variable ``SOLVENT_<ROOM>_<NAME>``. The tracking URI is the
one that every room needs, so it is found here.
"""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = ".solvent"


def tracking_uri(given: str | None = None) -> str | None:
    """The tracking URI that holds here: the given one, else the environment's, else None (embedded default)."""
    return given or os.environ.get("SOLVENT_TRACKING_URI") or os.environ.get("MLFLOW_TRACKING_URI") or None


def home() -> Path:
    """The folder of the embedded store and of the spool: ``.solvent`` in the working folder, unless
    ``SOLVENT_HOME`` names another."""
    return Path(os.environ.get("SOLVENT_HOME") or FOLDER).absolute()
