"""A file system on which the power can be cut, for files and folders that are written without SQLite.

The real files are written as always; the calls that bring something to the disk, and those that
change a folder, are watched. A cut leaves what was synced: of a file the content at its last
``fsync``, of a folder the names at its last ``fsync``. What came later is there, gone, or torn.

Model: as in ``power.py``, a file system that keeps the order of nothing between syncs.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

Names = dict[str, int]


@dataclass
class State:
    """Files and folders by inode; a folder's names lead to inodes."""

    files: dict[int, bytes] = field(default_factory=dict)
    folders: dict[int, Names] = field(default_factory=dict)

    def read(self, folder: Path) -> int:
        """Take in a folder with all below it; its inode."""
        names: Names = {}
        for entry in os.scandir(folder):
            if entry.is_dir(follow_symlinks=False):
                names[entry.name] = self.read(Path(entry.path))
            else:
                names[entry.name] = entry.inode()
                self.files[entry.inode()] = Path(entry.path).read_bytes()
        number = folder.stat().st_ino
        self.folders[number] = names
        return number


class FileDisk:
    """What has reached the disk below ``root``, which itself is there for good."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._durable = State()
        self._home = self._durable.read(root)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Note all syncs while the block runs."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "fsync", self._watched(os.fsync))
            yield

    def _watched(self, fsync: Callable[[int], Any]) -> Callable[[int], None]:
        def watched(descriptor: int) -> None:
            fsync(descriptor)
            self._synced(os.fstat(descriptor).st_ino)

        return watched

    def _synced(self, number: int) -> None:
        now = State()
        now.read(self._root)
        if number in now.folders:
            self._durable.folders[number] = now.folders[number]
        elif number in now.files:
            self._durable.files[number] = now.files[number]

    def cut(self, place: Path, chance: random.Random) -> None:
        """Lay out in ``place`` what a power cut at this moment might leave."""
        now = State()
        now.read(self._root)
        self._lay_out(self._home, now, place, chance)

    def _lay_out(self, number: int, now: State, place: Path, chance: random.Random) -> None:
        place.mkdir()
        synced, current = self._durable.folders.get(number, {}), now.folders.get(number, {})
        for name in sorted(synced.keys() | current.keys()):
            entry = (synced if synced.get(name) == current.get(name) or chance.random() < 0.5 else current).get(name)
            if entry is None:
                continue
            if entry in now.folders or entry in self._durable.folders:
                self._lay_out(entry, now, place / name, chance)
            else:
                (place / name).write_bytes(self._content(entry, now, chance))

    def _content(self, number: int, now: State, chance: random.Random) -> bytes:
        synced, current = self._durable.files.get(number, b""), now.files.get(number, b"")
        if synced == current or number not in now.files:
            return synced
        start = len(synced) if current.startswith(synced) else 0  # what was only added to keeps what it had
        kept = chance.randrange(start, len(current) + 1)
        return chance.choice([synced, current, current[:kept], current[:start] + bytes(kept - start)])
