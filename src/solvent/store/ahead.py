"""Asking the system to read a database before anybody asks for its rows."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from threading import Thread

MOST = 256 << 20
"""So many bytes at most, from the beginning: what a connection maps."""
_STRETCH = 128 << 10  # the system cuts a longer request down to its own read-ahead, of which this is the usual


def read_ahead(path: Path) -> Thread:
    """Have the file in the system's cache soon; the thread ends when all is asked for. The system may drop it again.

    A search meets rows all over the file: asked for one by one while it waits, they cost it many times
    as much as their reading in one go.
    """
    thread = Thread(target=_ask, args=(path,), name="solvent-read-ahead", daemon=True)
    thread.start()
    return thread


def _ask(path: Path) -> None:
    if not hasattr(os, "posix_fadvise"):
        return
    with suppress(OSError):
        # Never closed: closing any handle of a file drops the locks that SQLite holds on it in this process.
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        for start in range(0, min(os.fstat(handle).st_size, MOST), _STRETCH):
            os.posix_fadvise(handle, start, _STRETCH, os.POSIX_FADV_WILLNEED)
