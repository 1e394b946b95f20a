"""The SHA-256 of one file, with what tells later whether the file is still the same."""

from __future__ import annotations

import hashlib
import os
import stat
import time
from pathlib import Path
from typing import NamedTuple

from solvent.data.errors import UnreadableData

RACY = 60_000_000_000
"""Nanoseconds. A file that was written so shortly before it was read could be written again without a new time: clocks of
file systems are coarse (FAT: two seconds), and what is written through memory (mmap) to a page that Linux has not written
out yet, which takes up to 35 seconds, leaves the times alone."""
_TICK = 20_000_000
"""Nanoseconds between two times that Linux gives to files, and some: 10 milliseconds at most."""
_READINGS = 3


class Stamp(NamedTuple):
    """What a file system tells of a file without reading it. ``changed`` can't be set back, ``modified`` can."""

    size: int
    modified: int
    changed: int
    inode: int


class Content(NamedTuple):
    """``began`` is when it was first looked at, in nanoseconds since 1970."""

    stamp: Stamp
    digest: bytes
    began: int

    @property
    def settled(self) -> bool:
        """Whether any later change is sure to show in the stamp (git calls the others racy)."""
        return max(self.stamp.modified, self.stamp.changed) + RACY < self.began


def stamp_of(status: os.stat_result) -> Stamp:
    return Stamp(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


def read(path: Path, shown: str) -> Content:
    """Read a file whole. ``shown`` is its name for people.

    Raises:
        UnreadableData: it is no file, can't be read, or is written to at the same time.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # opening a pipe would wait for somebody to write
            raise UnreadableData(f"'{shown}' is neither a file nor a folder: give one that holds data")
        with path.open("rb", buffering=0) as file:
            for _ in range(_READINGS):
                began = _ticked(file.fileno())
                file.seek(0)
                before = stamp_of(os.fstat(file.fileno()))
                digest = hashlib.file_digest(file, "sha256").digest()
                after = stamp_of(os.fstat(file.fileno()))
                if after == before:
                    return Content(before, digest, began)
                if (after.size, after.modified) != (before.size, before.modified):
                    break  # else its rights or names changed, or it was written to and its time set back: read again
    except OSError as error:
        raise unreadable(shown, error) from error
    raise UnreadableData(f"'{shown}' was written to while it was read: try again once whoever writes it is done")


def _ticked(file: int) -> int:
    """The time, once a change of the file from now on has another time than the changes before."""
    status = os.fstat(file)
    if abs(time.time_ns() - max(status.st_mtime_ns, status.st_ctime_ns)) < _TICK:
        time.sleep(_TICK / 1e9)
    return time.time_ns()


def unreadable(shown: str, error: OSError) -> UnreadableData:
    return UnreadableData(
        f"the data '{shown}' can't be read ({error.strerror or error}): give a file or folder that can"
    )
