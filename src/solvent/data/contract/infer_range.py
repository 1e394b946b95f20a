"""Bounds for numbers of which only some were seen."""

from __future__ import annotations

import math

MARGIN = 0.5
"""In parts of the range that was seen, on each side."""


def widened(least: float, most: float, *, whole: bool) -> tuple[float, float]:
    """Half of the range that was seen is added on each side, rounded outwards to two digits; never across zero, and
    numbers between 0 and 1 stay there.

    >>> widened(18, 87, whole=True), widened(0.1, 0.9, whole=False), widened(-5.5, 3, whole=False)
    ((0, 130), (0, 1), (-10, 8))
    """
    if not whole and least >= 0 and most <= 1:
        return 0, 1
    span = most - least
    if not math.isfinite(span):
        return _plain(least), _plain(most)
    step = 10.0 ** (math.floor(math.log10(span * (1 + 2 * MARGIN))) - 1)
    low = _outwards(least - MARGIN * span, step, down=True)
    high = _outwards(most + MARGIN * span, step, down=False)
    if least >= 0:
        low = max(low, 0.0)
    if most <= 0:
        high = min(high, 0.0)
    if not (low <= least and high >= most):  # beyond what floats can tell apart
        low, high = min(low, least), max(high, most)
    if whole:
        return math.floor(low), math.ceil(high)
    return _plain(low), _plain(high)


def _outwards(value: float, step: float, *, down: bool) -> float:
    if step == 0 or not math.isfinite(value / step):
        return value
    steps = math.floor(value / step) if down else math.ceil(value / step)
    return float(f"{steps * step:.15g}")


def _plain(value: float) -> float:
    return int(value) if value.is_integer() and abs(value) < 2**53 else float(value)
