"""The files of a folder, as artifacts."""

from __future__ import annotations

import os
from pathlib import Path

from solvent.client.checks import check_artifact_path
from solvent.errors import InvalidInput


def files_below(folder: Path, artifact_path: str | None = None) -> list[tuple[Path, str]]:
    """The files of a folder and the artifact path of each; links to folders are not followed.

    Raises:
        InvalidInput: it is no folder.
    """
    if not folder.is_dir():
        raise InvalidInput(f"'{folder}' is no folder: log_artifacts wants one, log_artifact takes a file")
    prefix = f"{artifact_path}/" if artifact_path else ""
    found = []
    for parent, _, names in os.walk(folder):
        for name in sorted(names):
            file = Path(parent) / name
            found.append((file, check_artifact_path(prefix + file.relative_to(folder).as_posix())))
    return found
