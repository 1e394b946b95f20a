"""What an export gives: a text, and what of the contract is not in it."""

from __future__ import annotations

import msgspec


class Lost(msgspec.Struct, frozen=True):
    """Something that the contract asks for and the other form does not say. ``place`` is where the contract says it."""

    place: str
    rule: str
    why: str


class Exported(msgspec.Struct, frozen=True):
    text: str
    lost: list[Lost]
