"""A project in a zip, on this machine or downloaded."""

from __future__ import annotations

import hashlib
from pathlib import Path

from solvent.projects.environment import Say
from solvent.projects.errors import InvalidProject
from solvent.projects.scratch import discard, scratch_folder
from solvent.projects.source.address import Address
from solvent.projects.source.download import download, file_name
from solvent.projects.source.origin import Source, inner
from solvent.projects.source.shown import shown
from solvent.projects.source.unpack import unpack

MAX_DOWNLOAD = 1024**3


def fetch(address: Address, say: Say) -> Source:
    """Unpack the zip at an address into a folder of its own.

    Raises:
        InvalidProject, SourceFailed: see ``open_source``.
    """
    root = scratch_folder()
    try:
        return _unpacked(address, root, say)
    except BaseException:
        discard(root)
        raise


def _unpacked(address: Address, root: Path, say: Say) -> Source:
    uri = shown(address.place) if address.remote else str(Path(address.place).absolute())
    if address.remote:
        archive = root / file_name(address.place)
        say(f"Downloading {uri}")
        digest = download(address.place, archive, limit=MAX_DOWNLOAD)
    else:
        archive = Path(address.place)
        digest = _digest(archive)
    content = root / "project"
    content.mkdir()
    unpack(archive, content)
    if address.remote:
        archive.unlink()
    uri += f"#{address.subfolder}" if address.subfolder else ""
    folder = inner(content, address.subfolder, uri)
    return Source("zip", uri, root, folder, address.subfolder, digest=digest, remote=address.remote, fetched=True)


def _digest(archive: Path) -> str:
    try:
        with archive.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        raise InvalidProject(f"{archive} is not there: name a zip or a folder") from None
    except OSError as error:
        raise InvalidProject(f"{archive} can't be read: {error.strerror}") from error
