"""The protocol of all places that keep files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from solvent.wire.artifacts import FileInfo


class ArtifactStore(Protocol):
    """Files under one root, by relative path with ``/``.

    A path that is absolute, empty, or climbs out of the root raises ``InvalidInput``; one that is
    not there raises ``NotFound``. A file appears whole or not at all.
    """

    def list(self, path: str) -> list[FileInfo]:
        """The entries of a folder, sorted by path, their paths relative to the root; none if it is not there."""
        ...

    def read(self, path: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes from ``start`` up to and without ``end``, in chunks."""
        ...

    def size(self, path: str) -> int: ...

    def write(self, path: str, source: BinaryIO) -> int:
        """Keep all of ``source`` durably; the number of bytes."""
        ...

    def write_file(self, path: str, file: Path) -> int:
        """Keep a copy of a local file."""
        ...

    def delete(self, path: str) -> None:
        """Delete a file or a whole folder; it may be gone already."""
        ...
