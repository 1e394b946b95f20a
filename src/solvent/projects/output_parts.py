"""A long text as artifacts: numbered parts, the last of which is written again as it grows.

``solvent/logs/output-00001.txt`` and so on. What is read once stays as it is: text is only ever appended. Of a very
long text the first and the last parts are kept.
"""

from __future__ import annotations

import io
import re
from contextlib import suppress

from solvent.artifacts.protocol import ArtifactStore
from solvent.errors import SolventError

FOLDER = "solvent/logs"
PART = 256 << 10
"""Bytes of a part, at most."""
HEAD_PARTS = 32
TAIL_PARTS = 32
_NAME = re.compile(r"([a-z]+)-([0-9]{5,})\.txt")


def part_name(name: str, number: int) -> str:
    return f"{name}-{number:05}.txt"


def part_number(name: str, file: str) -> int | None:
    """The number of a part of that text; None if the file is none."""
    match = _NAME.fullmatch(file.rpartition("/")[2])
    return int(match[2]) if match and match[1] == name else None


def next_part(store: ArtifactStore, name: str) -> int:
    """The number of the part that would follow those that are there."""
    return 1 + max((part_number(name, entry.path) or 0 for entry in store.list(FOLDER)), default=0)


class Parts:
    """The parts of one text, from that number on. ``add`` keeps it here, ``send`` writes it; used by one thread."""

    def __init__(self, store: ArtifactStore, name: str, first: int = 1) -> None:
        self._store = store
        self._name = name
        self._number = first
        self._part = b""
        self._sent = 0
        self._waiting = bytearray()
        self.cut = False
        """Whether parts in the middle were dropped."""

    def add(self, text: bytes) -> None:
        self._waiting += text

    def send(self) -> None:
        """Write what is new. What fails is tried again by the next call.

        Raises:
            SolventError, OSError: it can't be written now.
        """
        while self._waiting or self._sent < len(self._part):
            taken = _fitting(self._waiting, PART - len(self._part))
            if taken or self._sent < len(self._part):
                self._part += bytes(self._waiting[:taken])
                del self._waiting[:taken]
                self._store.write(f"{FOLDER}/{part_name(self._name, self._number)}", io.BytesIO(self._part))
                self._sent = len(self._part)
            if self._waiting:
                self._begin_next()

    def unsent(self) -> dict[str, bytes]:
        """The parts that are not, or not wholly, written, by their names."""
        number, part, rest = self._number, self._part, bytes(self._waiting)
        found = {}
        fresh = self._sent < len(part)
        while rest or fresh:
            taken = _fitting(rest, PART - len(part))
            part, rest = part + rest[:taken], rest[taken:]
            if taken or fresh:
                found[part_name(self._name, number)] = part
            number, part, fresh = number + 1, b"", False
        return found

    def _begin_next(self) -> None:
        self._number += 1
        self._part, self._sent = b"", 0
        oldest = self._number - TAIL_PARTS
        if oldest > HEAD_PARTS:
            self.cut = True
            with suppress(SolventError):  # then it takes room, and that is all
                self._store.delete(f"{FOLDER}/{part_name(self._name, oldest)}")


def _fitting(text: bytes | bytearray, room: int) -> int:
    """How much of a text goes into the room: whole lines, or a piece of one that no part would take."""
    if len(text) <= room:
        return len(text)
    whole = text.rfind(b"\n", 0, max(room, 0)) + 1
    return whole if whole or room < PART else room
