"""What an import gives: a draft, and what of the source is not in it."""

from __future__ import annotations

from typing import Any

import msgspec


class NotCarried(msgspec.Struct, frozen=True):
    """A rule of the source that the draft does not check. ``place`` is where the source says it."""

    place: str
    rule: str
    why: str


class Imported(msgspec.Struct, frozen=True):
    """``document`` is an ODCS draft. ``notes`` are what was guessed or is read otherwise: to be reviewed, nothing is lost."""

    document: dict[str, Any]
    not_carried: list[NotCarried]
    notes: list[str] = []
