"""Finding a back end by its name: ours, and those that other packages bring as entry points of ``solvent.backends``."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

from solvent.errors import InvalidInput
from solvent.projects.backends.local import LocalBackend
from solvent.projects.backends.protocol import ProjectBackend
from solvent.projects.errors import nearest
from solvent.projects.yamlfile import read_text

GROUP = "solvent.backends"
Make = Callable[[Mapping[str, Any]], ProjectBackend]
"""Makes a back end of its settings, those of ``--backend-config``; it refuses what it does not know."""


def find_backend(name: str, config: str | None = None) -> ProjectBackend:
    """The back end of that name, with settings as JSON or in a JSON file.

    Raises:
        InvalidInput: there is none of that name, or its settings can't be used.
    """
    settings = read_config(config) if config else {}
    if name in _OURS:
        return _OURS[name](settings)
    others = {found.name: found for found in entry_points(group=GROUP)}
    if name not in others:
        known = sorted({*_OURS, *others})
        raise InvalidInput(
            f"no back end '{name}' (known: {', '.join(known)}){nearest(name, known)}; packages bring more of them as"
            f" entry points of {GROUP}"
        )
    return _load(others[name])(settings)


def read_config(config: str) -> dict[str, Any]:
    """Settings of a back end: a JSON object, or the name of a file that holds one.

    Raises:
        InvalidInput: neither.
    """
    is_text = config.lstrip().startswith("{")
    where = "--backend-config" if is_text else config
    try:
        found = json.loads(config if is_text else read_text(Path(config)))
    except ValueError as error:
        raise InvalidInput(f"{where}: not valid JSON: {error}") from None
    if not isinstance(found, dict):
        raise InvalidInput(f'{where}: expected a JSON object such as {{"key": "value"}}, found \'{str(found)[:100]}\'')
    return found


def _local(settings: Mapping[str, Any]) -> ProjectBackend:
    if settings:
        raise InvalidInput(
            f"back end 'local' takes no settings, found {', '.join(settings)}: leave out --backend-config"
        )
    return LocalBackend()


_OURS: dict[str, Make] = {"local": _local}


def _load(found: EntryPoint) -> Make:
    try:
        make: Make = found.load()
    except Exception as error:
        raise InvalidInput(
            f"back end '{found.name}' of {found.dist.name if found.dist else found.value} can't be loaded"
            f" ({type(error).__name__}: {error}): reinstall or update that package"
        ) from error
    return make
