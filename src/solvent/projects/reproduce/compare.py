"""What differs between the results of two runs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from solvent.projects.reproduce.results import Results
from solvent.projects.reproduce.tolerance import Tolerances
from solvent.projects.reproduce.verdict import Difference


@dataclass(frozen=True)
class Comparison:
    """``differences`` are results that are not equal, those within tolerance marked; ``inputs`` are what was read."""

    differences: tuple[Difference, ...]
    inputs: tuple[Difference, ...]

    @property
    def apart(self) -> tuple[Difference, ...]:
        """Those beyond tolerance."""
        return tuple(each for each in self.differences if not each.within)

    @property
    def artifacts_alone(self) -> bool:
        return bool(self.apart) and all(each.kind == "artifact" for each in self.apart)


def compare(before: Results, now: Results, tolerances: Tolerances, ignored: Collection[str] = ()) -> Comparison:
    """The differences: of the status, metrics by value, artifacts by hash; ``ignored`` artifacts are left out."""
    found: list[Difference] = []
    if before.status != now.status:
        found.append(Difference("status", "status", before.status, now.status))
    for key in sorted(before.metrics.keys() | now.metrics):
        then, today = before.metrics.get(key), now.metrics.get(key)
        closeness = tolerances.compare(key, then, today)
        if closeness != "equal":
            found.append(Difference("metric", key, then, today, within=closeness == "within"))
    for key in sorted((before.artifacts.keys() | now.artifacts) - set(ignored)):
        one, other = before.artifacts.get(key), now.artifacts.get(key)
        if one is None or other is None or not one.equals(other):
            found.append(
                Difference("artifact", key, one.digest[:16] if one else None, other.digest[:16] if other else None)
            )
    inputs = [
        Difference("input", key, before.inputs.get(key), now.inputs.get(key))
        for key in sorted(before.inputs.keys() | now.inputs)
        if before.inputs.get(key) != now.inputs.get(key)
    ]
    return Comparison(tuple(found), tuple(inputs))
