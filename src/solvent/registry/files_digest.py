"""Which files a version has: the digest of those that were recorded when it was made."""

from __future__ import annotations

from solvent.models.files import digest
from solvent.store import model_files
from solvent.store.model_versions import VersionRow
from solvent.store.transaction import Transaction
from solvent.wire.model_files import ModelFile


def files_digest(tx: Transaction, version: VersionRow) -> str | None:
    """None if no files were recorded: nobody can say then what evidence is about."""
    files = model_files.files(tx, model_files.owner_of(version))
    if not files:
        return None
    return digest(ModelFile(path=file.path, size=file.size, sha256=file.sha256) for file in files)
