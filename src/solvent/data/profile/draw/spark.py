"""A histogram in one line of text."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from solvent.data.profile.draw.even import even
from solvent.data.profile.model import ColumnProfile

BLOCKS = "▁▂▃▄▅▆▇█"
PLAIN = "_.:-=+*#"
"""For terminals and files that hold no Unicode."""


def spark(counts: Sequence[float], *, plain: bool = False) -> str:
    """One character per count, the largest count the highest; an empty bin is a space.

    >>> spark([0, 1, 4, 8]), spark([0, 1, 4, 8], plain=True), spark([])
    (' ▁▄█', ' _-#', '')
    """
    steps = PLAIN if plain else BLOCKS
    top = max(counts, default=0)
    return "".join(steps[max(0, ceil(count / top * len(steps)) - 1)] if count > 0 else " " for count in counts)


def column_spark(column: ColumnProfile, *, plain: bool = False) -> str:
    """Even bins, the outermost for what lies beyond the edges if anything does. Of texts and booleans the most frequent
    values, if any comes twice."""
    top = [count for _, count in column.categories.top] if column.categories is not None else []
    if top and (column.counts is None or (column.kind in ("text", "boolean") and top[0] > 1)):
        return spark(top, plain=plain)
    if column.counts is None:
        return ""
    below, *inner, above = even(column.counts.edges, column.counts.counts)[1]
    return spark([*([below] if below else []), *inner, *([above] if above else [])], plain=plain)
