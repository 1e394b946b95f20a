"""What keeps a profile small: texts are cut, and the least frequent of long values are left out."""

from __future__ import annotations

from collections.abc import Sequence

from solvent.data.engine.texts import cut

MOST_TEXT = 60
"""Code points of a value."""
ROOM, ROOM_EXACT = 350, 1_100
"""Bytes for the frequent values of a column, beside a sketch and without one."""


def shortened(text: str) -> str:
    return cut(text, MOST_TEXT)


def top_within(top: Sequence[tuple[str, int]], complete: bool) -> list[tuple[str, int]]:
    """The most frequent values that have room, shortened; at least one."""
    room = ROOM_EXACT if complete else ROOM
    kept: list[tuple[str, int]] = []
    for value, count in top:
        text = shortened(value)
        room -= len(text.encode("utf-8", "replace")) + len(str(count)) + 6
        if kept and room < 0:
            break
        kept.append((text, count))
    return kept
