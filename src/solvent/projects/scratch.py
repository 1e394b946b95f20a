"""Folders that last as long as this process: fetched projects run there, and data is downloaded there.

They lie in the cache folder. Each is held by a lock that ends with the process, so that what a process that was
killed has left is found by the next one and removed.
"""

from __future__ import annotations

import atexit
import os
import secrets
import shutil
from contextlib import suppress
from pathlib import Path
from typing import IO

from solvent.projects.cache import locked, make_folder
from solvent.settings import cache_folder

_held: dict[Path, IO[str]] = {}
_owner = 0


def scratch_folder() -> Path:
    """A new empty folder, removed by ``discard`` or when this process ends."""
    global _owner
    if _owner != os.getpid():
        _held.clear()  # a forked child has none of its own yet
        _owner = os.getpid()
        atexit.register(_discard_all, _owner)
    root = make_folder(cache_folder() / "work")
    with locked(root / ".lock"):
        _sweep(root)
        folder = root / secrets.token_hex(6)
        lock = folder.with_suffix(".lock").open("w")
        _try_lock(lock)
        folder.mkdir()
    _held[folder] = lock
    return folder


def discard(folder: Path) -> None:
    """Remove a folder that ``scratch_folder`` has made; nothing for any other."""
    lock = _held.pop(folder, None)
    if lock is not None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.with_suffix(".lock").unlink(missing_ok=True)
        lock.close()


def _discard_all(owner: int) -> None:
    if owner == os.getpid():
        for folder in list(_held):
            discard(folder)


def _sweep(root: Path) -> None:
    """Remove what processes that have died left."""
    for path in root.glob("*.lock"):
        folder = path.with_suffix("")
        if path.name == ".lock" or folder in _held:
            continue
        with suppress(OSError), path.open("a") as lock:
            _try_lock(lock)
            shutil.rmtree(folder, ignore_errors=True)
            path.unlink(missing_ok=True)


def _try_lock(file: IO[str]) -> None:
    """Hold the lock of a file, or OSError if another process does."""
    import fcntl

    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
