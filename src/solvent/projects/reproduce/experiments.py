"""Which freedom lets repetitions differ from each other: pairs of them with freedoms taken away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from solvent.projects.reproduce.compare import Comparison
from solvent.projects.reproduce.conditions import BOTH, ORDER, SEEDS, SEEDS_OTHER_ORDER, THREADS, Conditions
from solvent.projects.reproduce.results import Results
from solvent.projects.reproduce.verdict import Cause

_DIFFER = "repetitions differ from each other"
_SEED = "a random generator is not seeded"
_THREADS = "results depend on which thread is done first"
_ORDER = "results depend on the order of a set of texts: sort it, or set PYTHONHASHSEED"


@dataclass
class Experiments:
    """``first`` is a repetition as it was. An experiment that ends otherwise than it, or that differs although it never
    got hold of a program, proves nothing: a program may not run at all with one thread.
    """

    run: Callable[[Conditions], Results]
    compare: Callable[[Results, Results], Comparison]
    first: Results
    notes: list[str] = field(default_factory=list)
    _done: dict[Conditions, Results] = field(default_factory=dict)

    def all_fixed(self) -> Comparison | None:
        """What differs with all that can be fixed from outside; None if that proves nothing."""
        return self._pair(BOTH)

    def cause(self, stable: bool | None) -> tuple[list[Cause], str]:
        """The causes, and how they were found; ``stable`` is whether all was equal with all fixed, None if unknown."""
        if stable is False:
            return ["nondeterminism"], (
                f"{_DIFFER}, even with all seeds fixed and one thread: something else is left to chance, such as the"
                " time, the system's own random numbers, a GPU, or an answer from elsewhere"
            )
        if self._equal(SEEDS, SEEDS_OTHER_ORDER):
            return ["seed"], f"{_DIFFER}, and are equal once the seeds are fixed from outside: {_SEED}"
        if self._equal(THREADS):
            return ["nondeterminism"], f"{_DIFFER}, and are equal with one thread: {_THREADS}"
        if self._equal(SEEDS):
            if self._equal(ORDER):
                return ["nondeterminism"], f"{_DIFFER}, and are equal once PYTHONHASHSEED is set: {_ORDER}"
            return ["seed", "nondeterminism"], (
                f"{_DIFFER}, and are equal only with the seeds and PYTHONHASHSEED fixed: {_SEED}, and {_ORDER}"
            )
        if stable is None:
            return ["nondeterminism"], f"{_DIFFER}; no experiment could tell why (see the notes)"
        return ["seed", "nondeterminism"], (
            f"{_DIFFER}, and are equal only with the seeds fixed and one thread: {_SEED}, and {_THREADS}"
        )

    def _equal(self, conditions: Conditions, others: Conditions | None = None) -> bool:
        comparison = self._pair(conditions, others)
        return comparison is not None and not comparison.apart

    def _pair(self, conditions: Conditions, others: Conditions | None = None) -> Comparison | None:
        one = self._done.get(conditions) or self.run(conditions)
        self._done[conditions] = one
        if not self._ends_as_before(one, conditions):
            return None
        other = self.run(others or conditions)
        if not self._ends_as_before(other, others or conditions):
            return None
        comparison = self.compare(one, other)
        if comparison.apart and not (one.held and other.held):
            self._tell(conditions, "it did not get hold of the program, which is not Python or ignores its environment")
            return None
        return comparison

    def _ends_as_before(self, results: Results, conditions: Conditions) -> bool:
        if not self.compare(self.first, results).ends_otherwise:
            return True
        self._tell(conditions, f"it ended otherwise (run {results.run_id}): {results.failure or results.status}")
        return False

    def _tell(self, conditions: Conditions, why: str) -> None:
        note = f"the experiment '{conditions.name}' proves nothing: {why}"
        if note not in self.notes:
            self.notes.append(note)
