"""Solvent's own profile within a data set's: ``{"num_rows": ..., "solvent": {...}}`` as it travels, apart where it is kept.

It can have a hundred kilobytes, and a search for a thousand runs would carry it a thousand times.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec

KEY = "solvent"


class Kept(NamedTuple):
    profile: str | None
    details: str | None


def split(profile: str | None) -> Kept:
    """What other clients wrote stays as it is."""
    if profile is None or f'"{KEY}"' not in profile:
        return Kept(profile, None)
    try:
        fields = msgspec.json.decode(profile, type=dict[str, msgspec.Raw])
    except (msgspec.MsgspecError, UnicodeEncodeError):
        return Kept(profile, None)
    details = fields.pop(KEY, None)
    if details is None:
        return Kept(profile, None)
    return Kept(msgspec.json.encode(fields).decode(), bytes(details).decode())


def join(kept: Kept) -> str | None:
    if kept.details is None:
        return kept.profile
    fields = msgspec.json.decode(kept.profile or "{}", type=dict[str, msgspec.Raw])
    return msgspec.json.encode({**fields, KEY: msgspec.Raw(kept.details.encode())}).decode()
