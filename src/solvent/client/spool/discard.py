"""Throwing away a spool that can't be delivered any more: the records that nobody will ever see."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from solvent.client.spool.spool import SUFFIX, try_lock
from solvent.errors import Conflict, NotFound


def discard(homes: Iterable[Path], name: str) -> int:
    """Delete the spool ``name`` with the artifacts that wait beside it; how many records it held, delivered or not.

    What a store has refused of it is kept.

    Raises:
        NotFound: there is no such spool.
        Conflict: the process that writes it lives.
    """
    for home in homes:
        for path in (home / "spool").glob(f"*{SUFFIX}"):
            if path.name == f"{name}{SUFFIX}":
                return _delete(path)
    raise NotFound(f"there is no spool '{name}': expected one of those that 'solvent sync' names")


def _delete(path: Path) -> int:
    lock = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        if not try_lock(lock):
            raise Conflict(f"spool '{path.stem}' belongs to a process that is running, which sends it itself")
        with path.open("rb") as file:
            records = max(sum(1 for _ in file) - 1, 0)
        path.with_suffix(".ack").unlink(missing_ok=True)
        shutil.rmtree(path.with_suffix(".files"), ignore_errors=True)
        path.unlink()
    finally:
        os.close(lock)
    return records
