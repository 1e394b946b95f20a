"""What a package brought when it was installed, as one digest: another one if its version is the same and its files are not."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

_MOST_BYTES = 32 * 1024 * 1024
_INSTALLERS = ("RECORD", "RECORD.jws", "RECORD.p7s", "INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json")
"""Files of the metadata folder that tell who installed it, from where."""
_PROGRAMS = ("bin", "Scripts")


def files_digest(metadata: Path) -> str:
    """SHA-256 of the names and hashes that a package's ``RECORD`` lists (PyPA, "Recording installed projects"); '' if
    it lists none.

    Left out is what an installer writes: its notes, compiled files, programs (their first line names the interpreter).
    The list is as old as the installation: files that were changed since don't change it.

    Args:
        metadata: the package's folder ``NAME-VERSION.dist-info``.
    """
    lines = sorted(f"{path} {digest}" for path, digest in _listed(metadata) if digest and _is_content(path, metadata))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest() if lines else ""


def _listed(metadata: Path) -> list[tuple[str, str]]:
    try:
        with (metadata / "RECORD").open("rb") as file:
            text = file.read(_MOST_BYTES).decode("utf-8", "replace")
        return [(row[0], row[1]) for row in csv.reader(text.splitlines()) if len(row) > 1]
    except (OSError, csv.Error):
        return []


def _is_content(path: str, metadata: Path) -> bool:
    folder, _, name = path.rpartition("/")
    if folder == metadata.name and name in _INSTALLERS:
        return False
    leads_out = path.startswith(("../", "/"))
    return not name.endswith(".pyc") and not (leads_out and any(part in _PROGRAMS for part in folder.split("/")))
