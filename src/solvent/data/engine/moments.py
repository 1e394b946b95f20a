"""Mean, deviation, skewness and kurtosis from sums of powers, as numpy and scipy (bias=False) define them."""

from __future__ import annotations

import math
from typing import NamedTuple


class Moments(NamedTuple):
    """Sums of the first four powers of d = value * scale - shift * scale over n finite values, not all equal."""

    n: int
    shift: float
    scale_: float
    s1: float
    s2: float
    s3: float
    s4: float

    @staticmethod
    def scale(least: float, most: float, shift: float) -> float:
        """The power of two that brings all distances from the shift into [-1, 1]."""
        farthest = max(most / 4 - shift / 4, shift / 4 - least / 4)
        if farthest <= 0:
            return 1.0
        exponent = min(max(math.frexp(farthest)[1] + 2, -1000), 1020)
        return math.ldexp(1.0, -exponent)

    @property
    def mean(self) -> float:
        return self.shift + self.s1 / self.n / self.scale_

    @property
    def _central(self) -> tuple[float, float, float]:
        """Mean second, third and fourth power of the distance from the mean."""
        a, b, c, d = self.s1 / self.n, self.s2 / self.n, self.s3 / self.n, self.s4 / self.n
        return max(b - a * a, 0.0), c - 3 * a * b + 2 * a**3, d - 4 * a * c + 6 * a * a * b - 3 * a**4

    @property
    def deviation(self) -> float | None:
        if self.n < 2:
            return None
        return math.sqrt(self._central[0] * self.n / (self.n - 1)) / self.scale_

    @property
    def skewness(self) -> float | None:
        second, third, _ = self._central
        if self.n < 3 or second <= 0:
            return None
        return math.sqrt(self.n * (self.n - 1)) / (self.n - 2) * third / math.pow(second, 1.5)

    @property
    def kurtosis(self) -> float | None:
        second, _, fourth = self._central
        if self.n < 4 or second <= 0 or second * second == 0:
            return None
        excess = fourth / (second * second) - 3
        return (self.n - 1) / ((self.n - 2) * (self.n - 3)) * ((self.n + 1) * excess + 6)
