"""Which rows a sample takes: one of each block of equal size, at a place that looks random and is the same each time.

Every n-th row would be a trap: in data that repeats (hours of a day, classes in turn) it meets one part alone.
"""

from __future__ import annotations

FACTOR = 2_654_435_761
"""Knuth's multiplier (The Art of Computer Programming 3, 6.4): scatters the blocks' numbers."""


def block(rows: int, wanted: int) -> int:
    """Rows of a block, so that there are at most ``wanted`` blocks."""
    return max(1, -(-rows // max(1, wanted)))


def takes(row: int, size: int) -> bool:
    """Whether the row with this number is its block's."""
    return row % size == (row // size * FACTOR >> 7) % size
