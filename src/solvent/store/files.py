"""How the rules of the house look at files: the backend that opens a store says how an artifact URI is read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from solvent.wire.artifacts import FileInfo


class ReadableFiles(Protocol):
    """The reading part of ``artifacts.protocol.ArtifactStore``, whose errors it raises."""

    def list(self, path: str) -> list[FileInfo]: ...

    def read(self, path: str, start: int = 0, end: int | None = None) -> Iterator[bytes]: ...

    def size(self, path: str) -> int: ...


class FilesAt(Protocol):
    """From an artifact URI to the files there."""

    def __call__(self, uri: str, /) -> ReadableFiles: ...
