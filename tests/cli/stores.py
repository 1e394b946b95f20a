"""The store that a command finds in its working folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from solvent.backend.embedded import EmbeddedBackend
from solvent.backend.resolve import open_embedded


@contextmanager
def embedded(work: Path) -> Iterator[EmbeddedBackend]:
    """The embedded store of a working folder, closed at the end."""
    backend = open_embedded(str(work / ".solvent"))
    try:
        yield backend
    finally:
        backend.close()
