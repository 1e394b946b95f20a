"""What a run kept of itself, as far as a comparison reads it: bounded, and of any form."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from solvent.artifacts.protocol import ArtifactStore
from solvent.errors import SolventError
from solvent.tracking.compare.patches import FilePatch, parse
from solvent.wire.runs import MetricSummary, Run

MAX_READ = 12 << 20
"""Bytes of all files of a comparison."""
PATCHES = ("patch.diff", "untracked.diff")
_MIB = 1 << 20
_FILES = {
    "provenance.json": _MIB,
    "project.json": _MIB,
    "packages.txt": _MIB,
    "patch.diff": 2 * _MIB,
    "untracked.diff": 2 * _MIB,
    "cells.py": _MIB,
}
"""Files in the run's folder ``solvent``, and how many bytes of each are read at most; a larger one is not read."""
DIGITS = 12
"""Digits of a digest; a file is told from its changed self by far fewer."""
_WORKING = "working-folder"
_PACKAGE = re.compile(r"\s*([A-Za-z0-9][\w.-]*)\s*(?:==|@)?\s*(.*)")
_MAX_PACKAGES = 10_000


class Room:
    """How many bytes may still be read."""

    def __init__(self, left: int = MAX_READ) -> None:
        self.left = left


@dataclass
class Recorded:
    """A run and what it kept. ``provenance`` and ``project`` are JSON of any form, None where there is none.

    ``packages`` are versions by normalised name, None if they were not recorded. ``patch`` is by path what no commit
    holds, None if it can't be told. ``digests`` are of all files, or say why there is none.
    """

    run: Run
    summaries: Sequence[MetricSummary] | None = None
    provenance: Any = None
    project: Any = None
    packages: dict[str, str] | None = None
    patch: dict[str, FilePatch] | None = None
    digests: dict[str, str] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)

    def tag(self, key: str) -> str | None:
        return next((tag.value for tag in self.run.data.tags if tag.key == key), None)


def read_recorded(
    run: Run, summaries: Sequence[MetricSummary] | None, files: Callable[[str], ArtifactStore], room: Room
) -> Recorded:
    """Read what the run kept. What can't be read is told by ``unread``.

    Args:
        files: from the run's artifact URI to the files there; it raises for what is not to be read.
    """
    found = Recorded(run, summaries)
    try:
        store = files(run.info.artifact_uri)
        contents = _contents(store, "solvent", _FILES, found, room)
        _contents(store, f"solvent/{_WORKING}", dict.fromkeys(PATCHES, _MIB), found, room)
    except SolventError as error:
        found.unread.append(f"files: {error}")
        return found
    found.provenance = _json(contents.get("provenance.json"), "provenance.json", found)
    found.project = _json(contents.get("project.json"), "project.json", found)
    if "packages.txt" in contents:
        found.packages = packages_of(_text(contents["packages.txt"]))
    if not any(note.startswith(PATCHES) for note in found.unread):
        found.patch = {}
        for name in PATCHES:
            found.patch |= parse(_text(contents.get(name, b"")))
    return found


def _contents(
    store: ArtifactStore, folder: str, limits: dict[str, int], found: Recorded, room: Room
) -> dict[str, bytes]:
    """The files of a folder that are there and small enough."""
    contents = {}
    for info in store.list(folder):
        name = info.path.rpartition("/")[2]
        if info.is_dir or name not in limits:
            continue
        size = info.file_size or 0
        if size > min(limits[name], room.left):
            found.unread.append(f"{_known_as(folder, name)}: {size:,} bytes, more than is read")
            found.digests[_known_as(folder, name)] = f"{size:,} bytes, not read"
            continue
        room.left -= size
        try:
            contents[name] = b"".join(store.read(info.path, 0, size))
            found.digests[_known_as(folder, name)] = hashlib.sha256(contents[name]).hexdigest()[:DIGITS]
        except SolventError as error:
            found.unread.append(f"{name}: {error}")
    return contents


def _known_as(folder: str, name: str) -> str:
    return f"{folder}/{name}".removeprefix("solvent/")


def _json(content: bytes | None, name: str, found: Recorded) -> Any:
    if content is None:
        return None
    try:
        return msgspec.json.decode(content)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        found.unread.append(f"{name}: not JSON")
        return None


def _text(content: bytes) -> str:
    return content.decode("utf-8", "backslashreplace")


def packages_of(text: str) -> dict[str, str]:
    """Versions by normalised name; where a package came from stands behind its version.

    >>> packages_of("scikit_learn==1.7.2\\nmine==1.0  # editable, file:///home/me/mine\\n")
    {'scikit-learn': '1.7.2', 'mine': '1.0  # editable, file:///home/me/mine'}
    """
    found = {}
    for line in text.splitlines()[:_MAX_PACKAGES]:
        if matched := _PACKAGE.fullmatch(line):
            found[re.sub(r"[-_.]+", "-", matched[1]).lower()] = matched[2]
    return found


def leaf(value: Any, *path: str) -> str | None:
    """The text of what stands at a path of nested objects; None unless that is a text, a number or a truth value.

    >>> leaf({"host": {"cpus": 8}}, "host", "cpus"), leaf([], "host")
    ('8', None)
    """
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if isinstance(value, str | int | float) else None


def items(value: Any, *path: str) -> dict[str, Any]:
    """The object at a path of nested objects; an empty one if there is none."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}
