"""How far a metric may be from what it was."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from solvent.errors import InvalidInput

_MOST_NAMED = 5
Closeness = Literal["equal", "within", "apart"]


@dataclass(frozen=True)
class Tolerances:
    """``relative`` and ``absolute`` hold for all metrics, ``metrics`` (relative) for those named."""

    relative: float = 0.0
    absolute: float = 0.0
    metrics: Mapping[str, float] = field(default_factory=dict)

    def compare(self, key: str, before: float | None, now: float | None) -> Closeness:
        """NaN equals NaN; a metric that one side does not have is apart.

        >>> Tolerances(relative=1e-6).compare("auc", 0.9, 0.9000001)
        'within'
        """
        if before is None or now is None:
            return "equal" if before is now else "apart"
        if before == now or (math.isnan(before) and math.isnan(now)):
            return "equal"
        relative = self.metrics.get(key, self.metrics.get(key.rpartition("/")[2], self.relative))
        return "within" if math.isclose(before, now, rel_tol=relative, abs_tol=self.absolute) else "apart"

    def check(self, known: Iterable[str]) -> None:
        """
        Raises:
            InvalidInput: a metric is named that the run does not have.
        """
        names = {part for key in known for part in (key, key.rpartition("/")[2])}
        for key in self.metrics.keys() - names:
            some = ", ".join(sorted(names)[:_MOST_NAMED]) or "none"
            raise InvalidInput(f"--tolerance {key}=...: the run has no metric '{key}': expected one of {some}")

    def shown(self) -> dict[str, str]:
        """What is not zero, as it was given."""
        named = {key: f"rel={value:g}" for key, value in self.metrics.items()}
        general = {"rel": self.relative, "abs": self.absolute}
        return {key: f"{value:g}" for key, value in general.items() if value} | named


def parse_tolerances(texts: Iterable[str]) -> Tolerances:
    """``rel=1e-6``, ``abs=1e-9`` and ``METRIC=1e-6``, each at most once.

    Raises:
        InvalidInput: one is not of this form.
    """
    found: dict[str, float] = {}
    for text in texts:
        key, equals, number = text.rpartition("=")
        try:
            value = float(number)
        except ValueError:
            value = math.nan
        if not equals or not key or not value >= 0 or math.isinf(value):
            raise InvalidInput(f"expected a tolerance such as rel=1e-6, abs=1e-9 or accuracy=0.01, found '{text}'")
        if key in found:
            raise InvalidInput(f"the tolerance of '{key}' is given twice: keep one of them")
        found[key] = value
    return Tolerances(found.pop("rel", 0.0), found.pop("abs", 0.0), found)
