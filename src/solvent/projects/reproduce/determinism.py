"""Whether a run that was done twice came to the same."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from solvent.backend.protocol import Backend
from solvent.projects.reproduce.compare import compare
from solvent.projects.reproduce.repeat import keep
from solvent.projects.reproduce.results import gather
from solvent.projects.reproduce.tolerance import Tolerances
from solvent.projects.reproduce.verdict import Difference

TAG = "solvent.deterministic"
"""On both runs: true, within tolerance, or false."""
_MOST_SHOWN = 10


@dataclass(frozen=True)
class Determinism:
    """What differs between two runs of the same."""

    first: str
    second: str
    differences: tuple[Difference, ...]

    @property
    def word(self) -> str:
        if not self.differences:
            return "true"
        return "within tolerance" if all(each.within for each in self.differences) else "false"

    @property
    def holds(self) -> bool:
        return self.word != "false"

    def lines(self) -> list[str]:
        """For people."""
        if not self.differences:
            return ["Deterministic: both runs came to the same."]
        head = (
            "Deterministic within tolerance:"
            if self.holds
            else "Not deterministic: the same run came to other results:"
        )
        shown = [f"  {shown_difference(each)}" for each in self.differences[:_MOST_SHOWN]]
        more = len(self.differences) - _MOST_SHOWN
        tail = [f"  and {more} more"] if more > 0 else []
        hint = [] if self.holds else [f"Find out why: solvent reproduce {self.first}"]
        return [head, *shown, *tail, *hint]


def check_determinism(
    backend: Backend, first: str, second: str, tolerances: Tolerances | None = None, ignore: Collection[str] = ()
) -> Determinism:
    """Compare two runs of the same, metrics by value and artifacts by hash, and keep what came of it on both."""
    one, other = gather(backend, first, ignore), gather(backend, second, ignore)
    found = Determinism(first, second, compare(one, other, tolerances or Tolerances()).differences)
    for run_id in (first, second):
        keep(backend, run_id, TAG, found.word)
    return found


def shown_difference(each: Difference) -> str:
    """One line: what it was and what it is.

    >>> shown_difference(Difference("metric", "auc", 0.5, 0.625))
    'metric auc: 0.5 is 0.625 now'
    """
    before = "not there" if each.before is None else f"{each.before}"
    now = "not there" if each.now is None else f"{each.now}"
    return f"{each.kind} {each.key}: {before} is {now} now" + (" (within tolerance)" if each.within else "")
