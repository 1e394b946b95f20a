"""A disk of a few megabytes that can be filled and emptied: a tmpfs, mounted where the machine allows it.

Root mounts it as everybody would see it. Others get it in a mount namespace of their own, which only a
process that is started in it sees: ``inside`` is the command that such a process must begin with, and
``seen_by`` the way into it from here.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

SIZE = 4 << 20


class SmallDisk:
    """``path`` is the mounted folder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._filler = path / "filler"

    def fill(self) -> None:
        """Take all the room there is."""
        with suppress(OSError), self._filler.open("ab", buffering=0) as file:
            while True:
                file.write(bytes(4096))

    def empty(self) -> None:
        """Give the room back."""
        self._filler.unlink()


@contextmanager
def small_disk(place: Path, size: int = SIZE) -> Iterator[SmallDisk]:
    """A disk mounted at ``place``. The test is skipped where nothing may be mounted."""
    place.mkdir(parents=True)
    mount = shutil.which("mount")
    if os.geteuid() != 0 or mount is None:
        pytest.skip("only root may mount a small disk; the test that limits the database's pages runs everywhere")
    done = subprocess.run([mount, "-t", "tmpfs", "-o", f"size={size}", "tmpfs", place], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"this machine mounts nothing ({done.stderr.strip()})")
    try:
        yield SmallDisk(place)
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)
