"""Keeping the cache of models within its bounds: what was not used for longest goes first."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

from solvent.client.models.cache_entry import discard, in_use, lock_of, read_stamp, remove, stamp_of, use_of
from solvent.errors import InvalidInput
from solvent.projects.cache import free

VARIABLE = "SOLVENT_MODELS_CACHE_BYTES"
DEFAULT_BYTES = 20 << 30
DRAFT = ".fetch."
"""How the names of folders begin that are filled before it is known what is in them."""
_ABANDONED_SECONDS = 86_400.0


def limit() -> int:
    """The most bytes that models may take in the cache; what is in use is not counted out.

    Raises:
        InvalidInput: the setting is no whole number.
    """
    given = os.environ.get(VARIABLE)
    if given is None:
        return DEFAULT_BYTES
    if not given.strip().isdecimal():
        raise InvalidInput(f"{VARIABLE} is '{given}': expected a number of bytes, such as {DEFAULT_BYTES}")
    return int(given)


def prune(place: Path, most: int | None = None) -> int:
    """Take away models until the rest fits, and what broken-off downloads left; the bytes of what went.

    A model that a process uses stays.
    """
    _remove_abandoned(place)
    entries = sorted(_entries(place))
    total, gone = sum(size for _, size, _ in entries), 0
    for _, size, key in entries:
        if total - gone <= (limit() if most is None else most):
            break
        lock = lock_of(place, key)
        with free(lock) as mine:
            if mine and not in_use(place, key):
                discard(place, key)
                use_of(place, key).unlink(missing_ok=True)
                gone += size
    return gone


def _entries(place: Path) -> list[tuple[float, int, str]]:
    """When a model was used last, how many bytes it has, and its key."""
    found = []
    for stamp in place.glob("*.json"):
        folder = stamp.with_suffix("")
        told = read_stamp(folder)
        with suppress(OSError):
            found.append((stamp_of(folder).stat().st_mtime, told.bytes if told else 0, folder.name))
    return found


def _remove_abandoned(place: Path) -> None:
    for left in place.glob(f"{DRAFT}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _ABANDONED_SECONDS:
                remove(left)
