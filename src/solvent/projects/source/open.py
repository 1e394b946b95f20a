"""Opening the place that a project comes from."""

from __future__ import annotations

from pathlib import Path

from solvent.projects.environment import Say, silent
from solvent.projects.errors import InvalidProject
from solvent.projects.source import archive, repository
from solvent.projects.source.address import Address, parse
from solvent.projects.source.origin import Source, inner


def open_source(uri: str, version: str | None = None, *, say: Say = silent) -> Source:
    """The project at ``uri``, fetched if it has to be; nothing of it is run.

    Args:
        version: a branch, tag or commit of a git repository; its default branch if not given.
        say: told what takes time, and what of the project is not here.

    Raises:
        InvalidProject: the address or the version is malformed, or what lies there is no project that can be used.
        NotSupported: a kind of address that is not fetched.
        SourceFailed: it can't be fetched.
    """
    address = parse(uri, version)
    if address.kind == "git":
        source = repository.fetch(address, version, say)
    elif address.kind == "zip":
        source = archive.fetch(address, say)
    else:
        source = _folder(address, uri)
    for note in source.notes:
        say(note)
    return source


def _folder(address: Address, uri: str) -> Source:
    root = Path(address.place)
    if address.subfolder and not root.is_dir():
        raise InvalidProject(f"{root} is not there: name the folder that holds the MLproject")
    folder = inner(root, address.subfolder, uri)
    return Source("folder", str(folder.absolute()), root, folder, address.subfolder)
