"""The installed packages of a Python environment, read from its folders without pip.

The names of the metadata folders hold name and version (PyPA, "Recording installed projects"), so
hundreds of packages are listed in milliseconds and nothing is imported.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from solvent.provenance.installed import files_digest
from solvent.provenance.redact import redact_url

_MAX_DIRECT_URL_BYTES = 65_536


class Package(NamedTuple):
    """An installed distribution. ``url`` is where it came from if not from an index, without credentials.

    ``url`` is as pip and uv write it behind ``name @``: a repository's with ``@commit``. ``files`` is the digest of what
    it brought, if that was asked for and can be told: see ``files_digest``.
    """

    name: str
    version: str
    url: str = ""
    editable: bool = False
    files: str = ""

    @property
    def line(self) -> str:
        """``name==version``, with a comment on where it came from."""
        origin = f"{'editable, ' if self.editable else ''}{self.url}"
        return f"{self.name}=={self.version}" + (f"  # {origin}" if origin else "")


def installed_packages(search_path: Sequence[str] | None = None) -> list[str]:
    """The lines of all that is installed; see ``read_packages``."""
    return [package.line for package in read_packages(search_path)]


def read_packages(search_path: Sequence[str] | None = None, *, files: bool = False) -> list[Package]:
    """All that is installed, sorted by name.

    Args:
        search_path: the folders to look in, first one wins; ``sys.path`` if not given.
        files: whether to read what each package brought. What an editable one has lies elsewhere, and is not read.
    """
    found: dict[str, Package] = {}
    for folder in sys.path if search_path is None else search_path:
        for entry in _metadata_folders(folder or "."):
            name, _, version = Path(entry).stem.partition("-")
            if not version:
                continue
            version = re.sub(r"-py\d.*$", "", version)
            name = re.sub(r"[-_.]+", "-", name).lower()
            if name not in found:
                metadata = Path(folder or ".") / entry
                url, editable = _origin(metadata)
                digest = files_digest(metadata) if files and not editable else ""
                found[name] = Package(name, version, url, editable, digest)
    return [found[name] for name in sorted(found)]


def _metadata_folders(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.name for entry in entries if entry.name.endswith((".dist-info", ".egg-info")))
    except OSError:
        return []


def _origin(metadata: Path) -> tuple[str, bool]:
    """Where a package came from if not from an index (PEP 610), without credentials; whether it is editable."""
    try:
        with (metadata / "direct_url.json").open("rb") as file:
            origin: dict[str, Any] = json.loads(file.read(_MAX_DIRECT_URL_BYTES))
        url = redact_url(str(origin["url"]))
        if "vcs_info" in origin:
            vcs = origin["vcs_info"]
            return f"{vcs['vcs']}+{url}@{vcs['commit_id']}", False
        return url, bool(origin.get("dir_info", {}).get("editable"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return "", False
