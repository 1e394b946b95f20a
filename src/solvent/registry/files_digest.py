"""Which files a version has: the digest of those that were recorded when it was made."""

from __future__ import annotations

import hashlib

from solvent.store import model_files
from solvent.store.model_versions import VersionRow
from solvent.store.transaction import Transaction


def files_digest(tx: Transaction, version: VersionRow) -> str | None:
    """None if no files were recorded: nobody can say then what evidence is about."""
    files = model_files.files(tx, model_files.owner_of(version))
    lines = sorted(f"{file.path}\0{file.size}\0{file.sha256}\n" for file in files)
    return hashlib.sha256("".join(lines).encode()).hexdigest() if files else None
