"""Errors of the store.

Unavailable
|- StoreFull            the disk has no room
|- StoreReadOnly        the file or its folder can't be written
|- StoreBusy            another process held the database too long
`- StoreGone            the file was taken away while it was open
SolventError
|- StoreTooNew          written by a newer Solvent
`- NotAStore            the file is no Solvent database
"""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from solvent.errors import SolventError, Unavailable

OPENING_BYTES = 64 * 1024


class StoreFull(Unavailable):
    pass


class StoreReadOnly(Unavailable):
    pass


class StoreBusy(Unavailable):
    pass


class StoreGone(Unavailable):
    pass


class StoreTooNew(SolventError):
    pass


class NotAStore(SolventError):
    pass


def store_error(error: sqlite3.Error, path: Path) -> SolventError:
    """The one clear line for what SQLite reported about the database at ``path``."""
    text = str(error)
    if "full" in text or ("I/O" in text and _is_full(path)):
        return StoreFull(
            f"no room left on the disk that holds {path}: nothing of this request was kept; free some space and send it again"
        )
    if "readonly" in text:
        return StoreReadOnly(f"{path} can't be written: check the permissions of the file and its folder")
    if "locked" in text or "busy" in text:
        return StoreBusy(f"{path} was held by another process for too long: try again, or find it with 'fuser {path}'")
    if "not a database" in text or "malformed" in text:
        return NotAStore(
            f"{path} is not a Solvent database, or is damaged ({text}): point the tracking URI elsewhere or restore a backup"
        )
    if "unable to open" in text:
        return StoreReadOnly(f"{path} can't be opened: check that its folder exists and can be written")
    if "I/O" in text:
        return Unavailable(f"the disk that holds {path} failed ({text}): look at the system's log before you go on")
    return SolventError(f"{path}: {text}")


def _is_full(path: Path) -> bool:
    """Whether the disk has less room than SQLite takes to open a database (its shared memory file)."""
    try:
        return shutil.disk_usage(path.parent).free < OPENING_BYTES
    except OSError:
        return False
