"""The code of a run whose project came from a zip: the zip itself, if it is still there."""

from __future__ import annotations

import shutil
from pathlib import Path

from solvent.errors import SolventError
from solvent.projects.reproduce.recorded import Recorded
from solvent.projects.source.open import open_source


def unpack(recorded: Recorded, target: Path) -> bool:
    """Put the zip's project into ``target``; False if there is none on this machine with the digest that it had.

    Of the kept files alone, large ones and data are missing. Nothing is fetched.
    """
    address, digest = recorded.tags.get("mlflow.source.name", ""), recorded.tags.get("solvent.source.digest", "")
    if recorded.commit is not None or not digest or "://" in address:
        return False
    try:
        source = open_source(address)
    except SolventError:
        return False
    try:
        if source.kind != "zip" or source.digest != digest:
            return False
        shutil.copytree(source.folder, target, symlinks=True, dirs_exist_ok=True)
    finally:
        source.discard()
    return True
