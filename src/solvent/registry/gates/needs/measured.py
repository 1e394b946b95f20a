"""What needs of metrics share: which way is better, bounds, and the evaluation they look at."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from solvent.registry import evidence
from solvent.registry.gates.known import Known
from solvent.registry.gates.reading import choice, number, text

BETTER = ("higher", "lower")


class Bounds(NamedTuple):
    """What a metric's value may be. ``better`` is higher or lower."""

    metric: str
    better: str
    minimum: float | None
    maximum: float | None

    @property
    def sign(self) -> int:
        return 1 if self.better == "higher" else -1

    def broken_by(self, value: float) -> str:
        """What is wrong with a value; empty if nothing is."""
        if self.minimum is not None and not value >= self.minimum:
            return f"{value:.6g} is below {self.minimum:g}"
        if self.maximum is not None and not value <= self.maximum:
            return f"{value:.6g} is above {self.maximum:g}"
        return ""


def read_bounds(given: dict[str, Any], where: str, key: str) -> Bounds:
    """``key`` is that of the metric's name."""
    return Bounds(
        text(given.get(key), f"{where}.{key}"),
        choice(given.get("better", "higher"), f"{where}.better", BETTER),
        optional(given, "minimum", where),
        optional(given, "maximum", where),
    )


def optional(
    given: dict[str, Any], key: str, where: str, low: float | None = None, high: float | None = None
) -> float | None:
    return number(given[key], f"{where}.{key}", low, high) if key in given else None


def evaluation_of(known: Known) -> evidence.Evaluation | None:
    kept = known.evidence("evaluation")
    return msgspec.convert(kept.body, evidence.Evaluation) if kept else None


def evaluate(known: Known) -> str:
    """What supplies an evaluation."""
    return f"solvent.evaluate('models:/{known.address}', data, targets=...)"
