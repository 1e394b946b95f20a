"""Reading what a run has printed, again and again while it grows."""

from __future__ import annotations

from collections.abc import Iterator

from solvent.artifacts.protocol import ArtifactStore
from solvent.errors import NotFound
from solvent.projects.output_parts import FOLDER, part_number


class OutputReader:
    """``name`` is ``output`` (all) or ``stderr``."""

    def __init__(self, store: ArtifactStore, name: str) -> None:
        self._store = store
        self._name = name
        self._number = 1
        self._offset = 0

    def new(self) -> Iterator[bytes]:
        """What has come since the last call; a line says where parts are left out."""
        parts = {
            number: entry.path
            for entry in self._store.list(FOLDER)
            if not entry.is_dir and (number := part_number(self._name, entry.path)) is not None
        }
        for number in sorted(number for number in parts if number >= self._number):
            if number != self._number:
                expected = self._number + (self._offset > 0)
                if number > expected:
                    yield b"[solvent: the middle is left out, %d parts]\n" % (number - expected)
                self._number, self._offset = number, 0
            yield from self._rest(parts[number])

    def _rest(self, path: str) -> Iterator[bytes]:
        try:
            for chunk in self._store.read(path, self._offset):
                self._offset += len(chunk)
                yield chunk
        except NotFound:  # dropped meanwhile, for the output is long
            return
