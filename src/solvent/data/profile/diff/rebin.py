"""Counts of one histogram on the edges of another, when the data is no longer there to be counted."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise


def rebin(
    old: Sequence[float], counts: Sequence[float], edges: Sequence[float], least: float, most: float
) -> list[float]:
    """About how the numbers that were counted on ``old`` edges lie on others: within a bin they are taken to be spread evenly.

    ``least`` and ``most`` are the ends of the numbers, so that those beyond the outermost edges have a place too. The
    sum stays; single counts are no whole numbers any more.

    >>> rebin([0, 10], [0, 8, 2], [0, 5], 0, 12)
    [0.0, 4.0, 6.0]
    """
    points, sums = _cumulative(old, counts, least, most)
    at = [_below(edge, points, sums) for edge in edges]
    whole = sums[-1]
    return [at[0], *(right - left for left, right in pairwise(at)), whole - at[-1]]


def _cumulative(
    edges: Sequence[float], counts: Sequence[float], least: float, most: float
) -> tuple[list[float], list[float]]:
    """Points, and how many numbers lie below each."""
    below, *inner, above = counts
    points, sums = [], [0.0]
    if below:
        points.append(least)
        sums.append(float(below))
    points.append(edges[0])
    for edge, count in zip(edges[1:], inner, strict=True):
        points.append(edge)
        sums.append(sums[-1] + count)
    if above:
        points.append(most)
        sums.append(sums[-1] + above)
    return points, sums


def _below(edge: float, points: Sequence[float], sums: Sequence[float]) -> float:
    if edge <= points[0]:
        return 0.0
    if edge >= points[-1]:
        return sums[-1]
    index = bisect_right(points, edge)
    left, right = points[index - 1], points[index]
    share = (edge - left) / (right - left)
    return sums[index - 1] + share * (sums[index] - sums[index - 1])
