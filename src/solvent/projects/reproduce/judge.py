"""Finding out whether a run reproduces, and if not, why: by repeating it, and by experiments.

See docs/decisions/0017-the-cause-of-a-divergence.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import msgspec

from solvent.projects.reproduce.compare import Comparison, compare
from solvent.projects.reproduce.conditions import AS_IT_WAS, BOTH, SEEDS, THREADS, Conditions
from solvent.projects.reproduce.hint import hint
from solvent.projects.reproduce.results import Results
from solvent.projects.reproduce.tolerance import Tolerances
from solvent.projects.reproduce.verdict import Cause, Known, Verdict

Repeat = Callable[[Conditions], Results]

_MOST_NAMED = 5


@dataclass
class Judge:
    """``repeat`` runs the run once more and gives its results; ``known`` is what is not as it was."""

    original: Results
    repeat: Repeat
    known: Sequence[Known] = ()
    tolerances: Tolerances = field(default_factory=Tolerances)
    _unstable: set[str] = field(default_factory=set)
    _repetitions: list[str] = field(default_factory=list)

    def verdict(self) -> Verdict:
        first = self._run(AS_IT_WAS)
        if first.status == "FAILED" != self.original.status:
            return self._could_not(first)
        if not self._compare(self.original, first).apart:
            return self._reproduced(first)
        second = self._run(AS_IT_WAS)
        if self._compare(first, second).apart:
            fixed = self._pair(BOTH)
            if fixed.artifacts_alone:  # even so: a time or an address is in them, and their hashes say nothing
                self._unstable |= {each.key for each in fixed.apart}
                if not self._compare(self.original, first).apart:
                    return self._reproduced(first)
            if self._compare(first, second).apart:
                return self._free(first, stable=not fixed.apart or fixed.artifacts_alone)
        return self._other(first)

    def _free(self, first: Results, *, stable: bool) -> Verdict:
        """Repetitions differ from each other: which freedom lets them."""
        if not stable:
            return self._diverged(
                first,
                ["nondeterminism"],
                "repetitions differ from each other, even with all seeds fixed and one thread: something else is left to"
                " chance, such as the time, the system's own random numbers, a GPU, or an answer from elsewhere",
            )
        if not self._pair(SEEDS).apart:
            return self._diverged(
                first,
                ["seed"],
                "repetitions differ from each other, and are equal once the seeds are fixed from outside: a random"
                " generator is not seeded",
            )
        if not self._pair(THREADS).apart:
            return self._diverged(
                first,
                ["nondeterminism"],
                "repetitions differ from each other, and are equal with one thread: results depend on which thread is"
                " done first",
            )
        return self._diverged(
            first,
            ["seed", "nondeterminism"],
            "repetitions differ from each other, and are equal only with the seeds fixed and one thread: a random"
            " generator is not seeded, and results depend on which thread is done first",
        )

    def _other(self, first: Results) -> Verdict:
        """Repetitions agree with each other, but not with the run."""
        comparison = self._compare(self.original, first)
        known = list(self.known)
        if comparison.inputs and not any(each.cause == "data" for each in known):
            names = ", ".join(each.key for each in comparison.inputs[:_MOST_NAMED])
            known.append(Known("data", f"what it reads has another fingerprint now: {names}"))
        if known:
            causes = list(dict.fromkeys(each.cause for each in known))
            return self._diverged(first, causes, "; ".join(_shortened([each.what for each in known])))
        return self._diverged(
            first,
            ["unrecorded"],
            "code, packages and data are as they were and repetitions agree with each other: look for what lies outside"
            " of them, such as files or services that it reads without log_input, system libraries, the processor",
        )

    def _reproduced(self, first: Results) -> Verdict:
        comparison = self._compare(self.original, first)
        exact = not comparison.differences
        notes = [f"not as it was, without effect: {each.what}" for each in self.known]
        notes += [f"input '{each.key}' has another fingerprint" for each in comparison.inputs]
        return self._made(first, "reproduced" if exact else "reproduced within tolerance", [], "", notes)

    def _diverged(self, first: Results, causes: list[Cause], because: str) -> Verdict:
        notes = [f"not as it was either: {each.what}" for each in self.known if each.cause not in causes]
        return self._made(first, "diverged", causes, because, notes)

    def _could_not(self, first: Results) -> Verdict:
        causes = list(dict.fromkeys(each.cause for each in self.known))
        what = "; ".join(_shortened([each.what for each in self.known]))
        why = f"it fails now (run {first.run_id}): {first.failure or 'it said nothing'}"
        because = why + (f"; not as it was: {what}" if what else "")
        return self._made(first, "cannot be repeated", causes, because, [])

    def _made(self, first: Results, outcome: str, causes: list[Cause], because: str, notes: list[str]) -> Verdict:
        blank = Verdict(self.original.run_id, "diverged")
        differences = list(self._compare(self.original, first).differences)
        unstable = sorted(self._unstable)
        return msgspec.structs.replace(
            blank,
            outcome=outcome,
            causes=causes,
            because=because,
            differences=differences,
            known=list(self.known),
            unstable=unstable,
            notes=notes,
            hint=hint(differences, unstable),
            compared={"metrics": len(self.original.metrics), "artifacts": len(self.original.artifacts)},
            tolerances=self.tolerances.shown(),
            repetitions=list(self._repetitions),
        )

    def _pair(self, conditions: Conditions) -> Comparison:
        return self._compare(self._run(conditions), self._run(conditions))

    def _compare(self, before: Results, now: Results) -> Comparison:
        return compare(before, now, self.tolerances, self._unstable)

    def _run(self, conditions: Conditions) -> Results:
        results = self.repeat(conditions)
        self._repetitions.append(results.run_id)
        return results


def _shortened(words: list[str]) -> list[str]:
    more = len(words) - _MOST_NAMED
    return words if more <= 0 else [*words[:_MOST_NAMED], f"and {more} more"]
