"""What keeps a profile small: texts are cut, and the least frequent of long values are left out."""

from __future__ import annotations

from collections.abc import Sequence

from solvent.data.engine.texts import cut

MOST_TEXT = (60, 45, 30)
"""Code points of a value: the first that make at most ``MOST_BYTES``, or the last."""
MOST_BYTES = 90
ROOM, ROOM_EXACT = 350, 1_100
"""Bytes for the frequent values of a column, beside a sketch and without one."""


def shortened(text: str) -> str:
    """A value as it is kept; other values stay other ones.

    >>> shortened("Rome")
    'Rome'
    >>> len(shortened("日本" * 50))
    30
    """
    texts = [cut(text, most) for most in MOST_TEXT]
    return next((each for each in texts if len(each.encode("utf-8", "replace")) <= MOST_BYTES), texts[-1])


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
