"""Finding out whether a run reproduces, and if not, why: by repeating it, and by experiments.

See docs/decisions/0017-the-cause-of-a-divergence.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import msgspec

from solvent.projects.reproduce.compare import Comparison, compare
from solvent.projects.reproduce.conditions import AS_IT_WAS, Conditions
from solvent.projects.reproduce.experiments import Experiments
from solvent.projects.reproduce.hint import hint
from solvent.projects.reproduce.results import Results
from solvent.projects.reproduce.tolerance import Tolerances
from solvent.projects.reproduce.verdict import Cause, Known, Verdict

Repeat = Callable[[Conditions], Results]

_MOST_NAMED = 5


def _unknown(failure: str) -> Known | None:  # noqa: ARG001 - a signature
    return None


@dataclass
class Judge:
    """``repeat`` runs the run once more and gives its results; ``known`` is what is not as it was, ``notes`` what could
    not be told. ``explain`` finds what lies behind the message of a repetition that fails."""

    original: Results
    repeat: Repeat
    known: Sequence[Known] = ()
    tolerances: Tolerances = field(default_factory=Tolerances)
    notes: Sequence[str] = ()
    explain: Callable[[str], Known | None] = _unknown
    _unstable: set[str] = field(default_factory=set)
    _repetitions: list[str] = field(default_factory=list)

    def verdict(self) -> Verdict:
        first = self._run(AS_IT_WAS)
        if first.status == "FAILED" and self._compare(self.original, first).ends_otherwise:
            return self._could_not(first)
        if not self._compare(self.original, first).apart:
            return self._reproduced(first)
        second = self._run(AS_IT_WAS)
        if not self._compare(first, second).apart:
            return self._other(first)
        experiments = Experiments(self._run, self._compare, first)
        fixed = experiments.all_fixed()
        stable = None if fixed is None else not fixed.apart
        if fixed is not None and fixed.artifacts_alone and self._is_left(fixed):
            stable = True  # but for those that have a time or an address in them, and whose hashes say nothing
            self._unstable |= {each.key for each in fixed.apart}
            if not self._compare(self.original, first).apart:
                return self._reproduced(first)
            if not self._compare(first, second).apart:
                return self._other(first)
        causes, because = experiments.cause(stable)
        return self._diverged(first, causes, because, experiments.notes)

    def _is_left(self, fixed: Comparison) -> bool:
        """Whether anything is compared beside the artifacts that are others each time: else nothing would be."""
        compared = self.original.metrics.keys() | self.original.params.keys() | self.original.artifacts.keys()
        return bool(compared - {each.key for each in fixed.apart})

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
            f"code, packages and data are as they were{', as far as can be told (see the notes),' if self.notes else ''} and"
            " repetitions agree with each other: look for what lies outside of them, such as files or services that it reads without log_input, system libraries, the processor",
        )

    def _reproduced(self, first: Results) -> Verdict:
        comparison = self._compare(self.original, first)
        exact = not comparison.differences
        notes = [f"not as it was, without effect: {each.what}" for each in self.known]
        notes += [f"input '{each.key}' has another fingerprint" for each in comparison.inputs]
        outcome = "reproduced" if exact else "reproduced within tolerance"
        return self._made(first, outcome, [], self._how_little(), notes)

    def _how_little(self) -> str:
        """What a run that comes to the same has to be told of, if little was compared; '' if nothing."""
        original = self.original
        words = []
        if original.status == "FAILED":
            words.append("it fails again in the same way" + (f": {original.failure}" if original.failure else ""))
        if not (original.metrics or original.params or original.artifacts):
            why = f"--ignore left out all {len(original.ignored)} results" if original.ignored else "it logs no results"
            words.append(f"nothing was compared but how it ended, for {why}")
        return "; ".join(words)

    def _diverged(self, first: Results, causes: list[Cause], because: str, notes: Sequence[str] = ()) -> Verdict:
        found = [f"not as it was either: {each.what}" for each in self.known if each.cause not in causes]
        return self._made(first, "diverged", causes, because, [*found, *notes])

    def _could_not(self, first: Results) -> Verdict:
        found = self.explain(first.failure)
        known = [*([found] if found is not None else []), *self.known]
        causes = list(dict.fromkeys(each.cause for each in known))
        what = "; ".join(_shortened([each.what for each in known]))
        end = first.failure or (f"exit code {first.exit_code}" if first.exit_code else "it said nothing")
        again = "fails again, but for another reason" if self.original.status == "FAILED" else "fails now"
        because = f"it {again} (run {first.run_id}): {end}" + (f"; not as it was: {what}" if what else "")
        return self._made(first, "cannot be repeated", causes, because, [])

    def _made(self, first: Results, outcome: str, causes: list[Cause], because: str, notes: list[str]) -> Verdict:
        blank = Verdict(self.original.run_id, "diverged")
        differences = list(self._compare(self.original, first).differences)
        unstable = sorted(self._unstable)
        sizes = {name: len(getattr(self.original, name)) for name in ("metrics", "artifacts", "params")}
        return msgspec.structs.replace(
            blank,
            outcome=outcome,
            causes=causes,
            because=because,
            differences=differences,
            known=list(self.known),
            unstable=unstable,
            notes=[*notes, *self.notes],
            hint=hint(differences, unstable),
            compared={name: size for name, size in sizes.items() if size or name != "params"},
            tolerances=self.tolerances.shown(),
            repetitions=list(self._repetitions),
        )

    def _compare(self, before: Results, now: Results) -> Comparison:
        return compare(before, now, self.tolerances, self._unstable)

    def _run(self, conditions: Conditions) -> Results:
        results = self.repeat(conditions)
        self._repetitions.append(results.run_id)
        return results


def _shortened(words: list[str]) -> list[str]:
    more = len(words) - _MOST_NAMED
    return words if more <= 0 else [*words[:_MOST_NAMED], f"and {more} more"]
