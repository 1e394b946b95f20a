"""How far two distributions are apart, from their counts in the same bins."""

from __future__ import annotations

from collections.abc import Sequence
from math import log, log2, sqrt

EMPTY = 0.5
"""An empty bin is taken to hold half a row: PSI has no value where one side has nothing."""


def jensen_shannon(old: Sequence[float], new: Sequence[float]) -> float:
    """The Jensen-Shannon distance: the root of the divergence to base 2 (Lin 1991), 0 for equal shares, 1 for
    distributions that have no bin in common. It is ``scipy.spatial.distance.jensenshannon(old, new, base=2)``.

    >>> jensen_shannon([1, 1], [10, 10]), jensen_shannon([5, 0], [0, 5])
    (0.0, 1.0)
    """
    divergence = 0.0
    for p, q in zip(_shares(old), _shares(new), strict=True):
        middle = (p + q) / 2
        divergence += (p * log2(p / middle) if p else 0.0) / 2
        divergence += (q * log2(q / middle) if q else 0.0) / 2
    return sqrt(min(max(divergence, 0.0), 1.0))


def psi(old: Sequence[float], new: Sequence[float]) -> float:
    """The population stability index: the sum of (q - p) ln(q / p) over the bins (Yurdakul 2018), natural logarithm.

    A bin that is empty on one side counts as half a row of that side, and one that is empty on both not at all; the
    other shares stay as they are.

    >>> round(psi([50, 50], [60, 40]), 6)
    0.040547
    """
    kept = [(before, after) for before, after in zip(old, new, strict=True) if before or after]
    rows_old, rows_new = sum(old), sum(new)
    index = 0.0
    for before, after in kept:
        p, q = (before or EMPTY) / rows_old, (after or EMPTY) / rows_new
        index += (q - p) * log(q / p)
    return index


def psi_by_chance(rows_old: float, rows_new: float, bins: int) -> float:
    """What PSI stays below 95 times in 100 although nothing has changed: (1/n + 1/m) times the quantile of chi-squared
    with ``bins`` - 1 degrees of freedom (Yurdakul 2018), that by Wilson and Hilferty (1931).

    >>> round(psi_by_chance(100, 100, 21), 2), round(psi_by_chance(1e6, 1e6, 21), 6)
    (0.63, 6.3e-05)
    """
    freedom = bins - 1
    if freedom < 1 or not rows_old or not rows_new:
        return 0.0
    part = 2 / (9 * freedom)
    return (1 / rows_old + 1 / rows_new) * freedom * (1 - part + 1.6448536269514722 * sqrt(part)) ** 3


def _shares(counts: Sequence[float]) -> list[float]:
    rows = sum(counts)
    return [count / rows for count in counts]
