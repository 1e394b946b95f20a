"""What a package brought when it was installed, as one digest: another one if its version is the same and its files are not."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
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
    lines = sorted(_listed(metadata))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest() if lines else ""


def _listed(metadata: Path) -> Iterator[str]:
    """Of each line ``path,hash,size`` the first two. An environment has some 20,000 lines: most are passed on as they
    are."""
    try:
        with (metadata / "RECORD").open("rb") as file:
            text = file.read(_MOST_BYTES).decode("utf-8", "replace")
    except OSError:
        return
    own = f"{metadata.name}/"
    for line in text.splitlines():
        file_and_hash, _, _ = line.rpartition(",")
        path, _, digest = file_and_hash.rpartition(",")
        special = path.startswith((own, "../", "/", '"')) or path.endswith(".pyc")
        if digest and not (special and _is_written(path.strip('"'), metadata.name)):
            yield file_and_hash


def _is_written(path: str, metadata: str) -> bool:
    folder, _, name = path.rpartition("/")
    if folder == metadata and name in _INSTALLERS:
        return True
    leads_out = path.startswith(("../", "/"))
    return name.endswith(".pyc") or (leads_out and any(part in _PROGRAMS for part in folder.split("/")))
