"""The edges of a histogram, from quantiles of the deterministic sample.

Quantiles, because equal shares make changes of shape measurable wherever the values lie. Edges are rounded to short
numbers (by at most a twentieth of the narrower bin beside them), the first one down and the last one up. Whole numbers
with few values get a bin for each; a constant gets one that holds nothing else.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from solvent.data.profile.model import BINS

SHARES = [place / BINS for place in range(BINS + 1)]


def edges(quantiles: Sequence[float], whole: bool) -> list[float]:
    """From the quantiles at ``SHARES``; ``whole``: the values are whole numbers, such as counts and lengths.

    >>> edges([0.0, 0.1234567, 0.98], whole=False)
    [0.0, 0.12, 0.99]
    >>> edges([1.0, 2.0, 2.0, 3.0], whole=True)
    [1.0, 2.0, 3.0, 3.5]
    >>> edges([], whole=True)
    []
    """
    distinct = sorted({math.ceil(each) if whole else each for each in quantiles})
    if not distinct:
        return []
    last = distinct[-1]
    if whole and abs(last) < 2**52:
        few = last - distinct[0] < BINS
        inner = [float(each) for each in (range(int(distinct[0]), int(last) + 1) if few else distinct)]
        return [*inner, last + 0.5]
    if len(distinct) == 1:
        return [last, math.nextafter(last, math.inf)]
    return _rounded(distinct)


def _rounded(distinct: Sequence[float]) -> list[float]:
    most = len(distinct) - 1
    found = []
    for place, edge in enumerate(distinct):
        gaps = [distinct[other + 1] - distinct[other] for other in (place - 1, place) if 0 <= other < most]
        found.append(_short(edge, min(gaps), -1 if place == 0 else int(place == most)))
    return found if all(one < other for one, other in pairwise(found)) else list(distinct)


def _short(edge: float, gap: float, way: int) -> float:
    """The number of the fewest digits within a tenth of the gap: the nearest one, or the next down or up."""
    if not 1e-300 < gap < 1e300:
        return edge
    digits = 1 - math.floor(math.log10(gap))
    near = round(edge, digits)
    if way * (near - edge) >= 0:
        return near
    moved = round(near + way * 10.0**-digits, digits)
    return moved if way * (moved - edge) >= 0 else edge
