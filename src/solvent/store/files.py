"""How the rules of the house look at files: the backend that opens a store says how an artifact URI is read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from solvent.wire.artifacts import FileInfo


class ReadableFiles(Protocol):
    """The reading part of ``artifacts.protocol.ArtifactStore``, whose errors it raises, and when a file was changed."""

    def list(self, path: str) -> list[FileInfo]: ...

    def read(self, path: str, start: int = 0, end: int | None = None) -> Iterator[bytes]: ...

    def size(self, path: str) -> int: ...

    def modified(self, path: str) -> int | None:
        """When the file was last changed (ns), by a clock that nobody who changes it can set back; None: unknown."""
        ...


class FilesAt(Protocol):
    """From an artifact URI to the files there."""

    def __call__(self, uri: str, /) -> ReadableFiles: ...
