"""The SHA-256 of one file, with what tells later whether the file is still the same."""

from __future__ import annotations

import hashlib
import os
import stat
import time
from pathlib import Path
from typing import NamedTuple

from solvent.data.errors import UnreadableData

RACY = 2_000_000_000
"""Nanoseconds. A file that was written so shortly before it was read could be written again without a new time:
clocks of file systems are that coarse (FAT: two seconds)."""


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
    began = time.time_ns()
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # opening a pipe would wait for somebody to write
            raise UnreadableData(f"'{shown}' is neither a file nor a folder: give one that holds data")
        with path.open("rb", buffering=0) as file:
            before = os.fstat(file.fileno())
            digest = hashlib.file_digest(file, "sha256").digest()
            after = os.fstat(file.fileno())
    except OSError as error:
        raise unreadable(shown, error) from error
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise UnreadableData(f"'{shown}' was written to while it was read: try again once whoever writes it is done")
    return Content(stamp_of(before), digest, began)


def unreadable(shown: str, error: OSError) -> UnreadableData:
    return UnreadableData(
        f"the data '{shown}' can't be read ({error.strerror or error}): give a file or folder that can"
    )
