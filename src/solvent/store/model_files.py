"""SQL of what is known of models' files: their hashes, and what their MLmodel file says.

An owner is a version of a registered model (``owner_of``) or a logged model, by its id.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from solvent.store.model_versions import VersionRow
from solvent.store.transaction import Transaction
from solvent.wire.model_files import ModelFacts


class FileRow(NamedTuple):
    """A file, by its path in the model's folder. ``modified``: its time of change in ns, None if that says nothing."""

    path: str
    size: int
    sha256: str
    modified: int | None = None


def owner_of(version: VersionRow) -> str:
    """What the records of a version stand under; it is never another version's."""
    return f"{version.model_id}/{version.version}"


def keep(tx: Transaction, owner: str, files: Iterable[FileRow], facts: ModelFacts, now: int) -> None:
    """Record what is known of an owner, in place of what was."""
    forget(tx, [owner])
    tx.executemany(
        "INSERT INTO model_files (owner, path, size, sha256, modified) VALUES (?, ?, ?, ?, ?)",
        ((owner, *file) for file in files),
    )
    text = msgspec.json.encode(facts).decode()
    tx.execute("INSERT INTO model_facts (owner, facts, recorded) VALUES (?, ?, ?)", (owner, text, now))


def files(tx: Transaction, owner: str) -> list[FileRow]:
    """The recorded files, by path."""
    sql = "SELECT path, size, sha256, modified FROM model_files WHERE owner = ? ORDER BY path"
    return [FileRow(*row) for row in tx.all(sql, (owner,))]


def facts(tx: Transaction, owner: str) -> ModelFacts | None:
    """What the MLmodel file said when it was looked at; None if nobody looked."""
    row = tx.one("SELECT facts FROM model_facts WHERE owner = ?", (owner,))
    return msgspec.json.decode(row[0], type=ModelFacts) if row else None


def settle(tx: Transaction, owner: str, files: Iterable[FileRow]) -> None:
    """Note the times of change of files whose content was found to be the recorded one."""
    tx.executemany(
        "UPDATE model_files SET modified = ? WHERE owner = ? AND path = ? AND size = ? AND sha256 = ?",
        ((file.modified, owner, file.path, file.size, file.sha256) for file in files),
    )


def forget(tx: Transaction, owners: Sequence[str]) -> None:
    ids = json.dumps(list(owners))
    for table in ("model_files", "model_facts"):
        tx.execute(f"DELETE FROM {table} WHERE owner IN (SELECT value FROM json_each(?))", (ids,))


def forget_versions(tx: Transaction, model_id: int) -> None:
    """Forget what is known of all versions of a registered model."""
    for table in ("model_files", "model_facts"):
        tx.execute(
            f"DELETE FROM {table} WHERE owner > ? AND owner < ?", (f"{model_id}/", f"{model_id}0")
        )  # 0 follows /
