"""Artifacts that wait for their upload: copies beside the spool, in ``<name>.files/``.

A file waits once its note ``<number>.json`` is there: the copy is made first, the note appears by
renaming. The sender uploads in the order of the numbers and deletes the note, then the copy.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from solvent.client.spool.errors import spool_error


class Waiting(NamedTuple):
    """One file to upload to ``path`` among the artifacts of ``run_id``."""

    note: Path
    copy: Path
    run_id: str
    path: str

    def done(self) -> None:
        """Forget it: it was delivered."""
        self.note.unlink(missing_ok=True)
        self.copy.unlink(missing_ok=True)


def stage(folder: Path, number: int, run_id: str, path: str, source: Path | bytes) -> None:
    """Copy ``source`` so that it is uploaded whatever happens to the original."""
    copy, note = folder / f"{number:08d}.data", folder / f"{number:08d}.json"
    draft = folder / f"{number:08d}.part"
    try:
        folder.mkdir(exist_ok=True)
        if isinstance(source, bytes):
            copy.write_bytes(source)
        else:
            shutil.copyfile(source, copy)
        draft.write_text(json.dumps({"run_id": run_id, "path": path}), "utf-8")
        draft.rename(note)
    except OSError as error:
        for leftover in (copy, draft):
            leftover.unlink(missing_ok=True)
        raise spool_error(error, str(folder)) from None


def waiting(folder: Path) -> Iterator[Waiting]:
    """The files that wait, in the order they were logged."""
    try:
        notes = sorted(file for file in folder.iterdir() if file.suffix == ".json")
    except FileNotFoundError:
        return
    for note in notes:
        fields = json.loads(note.read_text("utf-8"))
        yield Waiting(note, note.with_suffix(".data"), str(fields["run_id"]), str(fields["path"]))
