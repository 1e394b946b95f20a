"""What decides beside the requirements what uv installs: its settings in a project's files, and in our variables."""

from __future__ import annotations

import json
import os
import tomllib
from contextlib import suppress
from pathlib import Path

from solvent.provenance.redact import redact_url

_VARIABLES = (
    "UV_CONFIG_FILE",
    "UV_CONSTRAINT",
    "UV_DEFAULT_INDEX",
    "UV_EXCLUDE_NEWER",
    "UV_EXTRA_INDEX_URL",
    "UV_FIND_LINKS",
    "UV_INDEX",
    "UV_INDEX_STRATEGY",
    "UV_INDEX_URL",
    "UV_NO_BINARY",
    "UV_NO_INDEX",
    "UV_OVERRIDE",
    "UV_PRERELEASE",
    "UV_RESOLUTION",
)


def settings_of_files(folder: Path) -> dict[str, str]:
    """The settings by file that uv finds from a folder: those of the nearest ``uv.toml``, else ``[tool.uv]``.

    A ``pyproject.toml`` beside a ``uv.toml`` counts too, for it costs nothing to look.
    """
    for place in (folder, *folder.parents):
        found = {}
        with suppress(OSError, UnicodeDecodeError):
            found[str(place / "uv.toml")] = (place / "uv.toml").read_text("utf-8").strip()
        with suppress(OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
            table = tomllib.loads((place / "pyproject.toml").read_text("utf-8")).get("tool", {}).get("uv")
            if table is not None:
                found[str(place / "pyproject.toml")] = f"[tool.uv] {json.dumps(table, default=str)}"
        if found:
            return found
    return {}


def settings_of_variables() -> dict[str, str]:
    """Those that our environment gives, addresses without their passwords."""
    given = {name: os.environ[name] for name in _VARIABLES if os.environ.get(name)}
    return {name: " ".join(map(redact_url, value.split())) for name, value in given.items()}
