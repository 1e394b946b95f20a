"""Files and folders copied into a model: regular files only, no compiled Python."""

from __future__ import annotations

import shutil
from pathlib import Path

from solvent.errors import InvalidInput


def copy_into(source: Path, target: Path) -> None:
    """Copy a file, or a folder with all that is in it; links are followed, so that the model holds files alone.

    Raises:
        InvalidInput: nothing is there, or it can't be copied.
    """
    if not source.exists():
        raise InvalidInput(f"'{source}' is to be part of the model, but is not there")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
        else:
            shutil.copyfile(source, target)
    except (OSError, shutil.Error) as error:
        raise InvalidInput(f"'{source}' can't be copied into the model: {error}") from error
