"""Bins of equal width to draw, whatever the edges that were counted on: a bar's height must mean the same everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from solvent.data.profile.diff.model import Bin
from solvent.data.profile.diff.rebin import rebin

BINS = 20


def is_even(edges: Sequence[float]) -> bool:
    """Whether the bins are of equal width, but for rounding."""
    widths = [right - left for left, right in pairwise(edges)]
    return max(widths) - min(widths) <= 1e-6 * max(widths)


def even(edges: Sequence[float], counts: Sequence[float]) -> tuple[list[float], list[float]]:
    """Edges of equal width from the first edge to the last, and the counts on them, spread evenly within each bin.

    ``counts`` has those below and above first and last, as in a ``Histogram``, and so has what is returned.

    >>> even([0, 8, 20], [1, 8, 6, 0])[1][:2], even([0, 8, 20], [1, 8, 6, 0])[1][-3:]
    ([1, 1.0], [0.5, 0.5, 0])
    """
    edges = _of_whole(edges)
    if len(edges) < 2 or is_even(edges):
        return list(edges), list(counts)
    first, last = edges[0], edges[-1]
    new = [first + (last - first) * place / BINS for place in range(BINS)] + [last]
    if any(right <= left for left, right in pairwise(new)):
        return list(edges), list(counts)
    inner = rebin(edges, [0, *counts[1:-1], 0], new, first, last)[1:-1]
    return new, [counts[0], *inner, counts[-1]]


def _of_whole(edges: Sequence[float]) -> list[float]:
    """Counts of whole numbers end half a unit after the last one, which is drawn a unit wide as all others are.

    >>> _of_whole([0.0, 1.0, 1.5])
    [0.0, 1.0, 2.0]
    """
    *inner, last = edges
    is_whole = inner and last == inner[-1] + 0.5 and all(edge == int(edge) for edge in inner)
    return [*inner, last + 0.5] if is_whole else list(edges)


def even_bins(bins: Sequence[Bin]) -> list[Bin]:
    """The same of the bins of a distance; those of values are left as they are."""
    inner = [each for each in bins if each.low is not None and each.high is not None]
    if not inner:
        return list(bins)
    edges = [*(each.low for each in inner if each.low is not None), inner[-1].high]
    below = [each for each in bins if each.low is None and each.high is not None]
    above = [each for each in bins if each.high is None and each.low is not None]
    sides = []
    for pick in (lambda each: each.old, lambda each: each.new):
        counts = [*map(pick, below or [Bin(0, 0)]), *map(pick, inner), *map(pick, above or [Bin(0, 0)])]
        new, spread = even(edges, counts)  # type: ignore[arg-type]  # none is None here
        sides.append(spread)
    old, now = sides
    drawn = [Bin(x, y, low, high) for x, y, (low, high) in zip(old[1:-1], now[1:-1], pairwise(new), strict=True)]
    return [*below, *drawn, *above]
