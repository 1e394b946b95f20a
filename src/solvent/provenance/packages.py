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

from solvent.provenance.redact import redact_url

_MAX_DIRECT_URL_BYTES = 65_536


def installed_packages(search_path: Sequence[str] | None = None) -> list[str]:
    """``name==version`` lines, sorted; what came from elsewhere than an index says so as a comment.

    Args:
        search_path: the folders to look in, first one wins; ``sys.path`` if not given.
    """
    found: dict[str, str] = {}
    for folder in sys.path if search_path is None else search_path:
        for entry in _metadata_folders(folder or "."):
            name, _, version = Path(entry).stem.partition("-")
            if not version:
                continue
            version = re.sub(r"-py\d.*$", "", version)
            name = re.sub(r"[-_.]+", "-", name).lower()
            if name not in found:
                found[name] = f"{name}=={version}{_origin(Path(folder or '.') / entry)}"
    return [found[name] for name in sorted(found)]


def _metadata_folders(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.name for entry in entries if entry.name.endswith((".dist-info", ".egg-info")))
    except OSError:
        return []


def _origin(metadata: Path) -> str:
    """A comment on where a package came from if not from an index (PEP 610), without credentials."""
    try:
        with (metadata / "direct_url.json").open("rb") as file:
            origin = json.loads(file.read(_MAX_DIRECT_URL_BYTES))
        url = redact_url(str(origin["url"]))
        if "vcs_info" in origin:
            vcs = origin["vcs_info"]
            return f"  # {vcs['vcs']}+{url}@{vcs['commit_id']}"
        return f"  # {'editable, ' if origin.get('dir_info', {}).get('editable') else ''}{url}"
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return ""
