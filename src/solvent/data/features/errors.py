"""Errors about features."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from solvent.errors import InvalidInput


class InvalidFeatures(InvalidInput):
    """A features.yaml is malformed; the message names the place, and the nearest name for a misspelt key."""


def nearest(name: str, known: Iterable[str]) -> str:
    """``; did you mean '...'?``, or nothing.

    >>> nearest("onwer", ["owner", "name"])
    "; did you mean 'owner'?"
    """
    matches = get_close_matches(name, sorted(known), n=1)
    return f"; did you mean '{matches[0]}'?" if matches else ""
