"""Folders that survive a power cut: a new name is on the disk once the folder that holds it was synced."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """The names in the folder survive a power cut."""
    if os.name == "nt":  # folders can't be opened there
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folders(folder: Path) -> None:
    """Make a folder with its parents, all of them durable; it may be there already."""
    missing = []
    while not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for new in reversed(missing):
        new.mkdir(exist_ok=True)
        sync_folder(new.parent)


def replace_file(path: Path, content: bytes) -> None:
    """Write a file whole: readers see the old content or the new, also after a power cut. Its folder is made.

    A link keeps pointing where it points; what is no regular file (a pipe, a terminal) is written to as it is.
    """
    if path.exists() and not path.is_file():
        path.write_bytes(content)
        return
    path = path.resolve()
    make_folders(path.parent)
    draft = path.with_name(f".{path.name[:100]}.{secrets.token_hex(4)}")
    try:
        with draft.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(path.parent)
