"""What came of repeating a run, in words and as JSON."""

from __future__ import annotations

from typing import Literal

import msgspec

Cause = Literal["code", "environment", "data", "seed", "nondeterminism", "unrecorded"]
Outcome = Literal["reproduced", "reproduced within tolerance", "diverged", "cannot be repeated"]

TAG = "solvent.reproduction"
"""On the repeated run: JSON of the last verdict."""
CONDITIONS = "solvent.reproduction.conditions"
"""On each repetition: as it was, or which of its freedoms were taken from it."""

_LONGEST_TAG = 8_000
_WORDS = {"unrecorded": "something that was not recorded"}


class Known(msgspec.Struct, frozen=True):
    """Something that is not as it was, known before anything is run."""

    cause: Cause
    what: str


class Difference(msgspec.Struct, frozen=True):
    """A result that is not the same. ``key`` begins with the child run's name if it is a child's."""

    kind: Literal["metric", "artifact", "param", "input", "status"]
    key: str
    before: float | str | None
    now: float | str | None
    within: bool = False


class Verdict(msgspec.Struct, frozen=True):
    """``because`` says in words how ``causes`` were found, or why the run can't be repeated.

    ``differences`` are between the run and its first repetition; ``unstable`` names artifacts that are other files at
    each run whatever is done, so that their hashes say nothing; ``ignored`` are the patterns that the user left out;
    ``notes`` is what else one should know, ``hint`` what to do. ``at`` is in milliseconds since 1970.
    """

    run_id: str
    outcome: Outcome
    causes: list[Cause] = []
    because: str = ""
    differences: list[Difference] = []
    known: list[Known] = []
    unstable: list[str] = []
    ignored: list[str] = []
    notes: list[str] = []
    hint: str = ""
    compared: dict[str, int] = {}
    tolerances: dict[str, str] = {}
    repetitions: list[str] = []
    at: int = 0

    @property
    def succeeded(self) -> bool:
        return self.outcome.startswith("reproduced")

    @property
    def sentence(self) -> str:
        """
        >>> Verdict("0", "diverged", ["code", "data"], "train.py was changed").sentence
        'diverged because of code and data: train.py was changed'
        >>> Verdict("0", "cannot be repeated", ["code"], "the commit is gone").sentence
        'cannot be repeated because the commit is gone'
        """
        if self.outcome == "cannot be repeated":
            return f"{self.outcome} because {self.because}"
        causes = " and ".join(_WORDS.get(cause, cause) for cause in self.causes)
        head = f"{self.outcome} because of {causes}" if causes else self.outcome
        return f"{head}: {self.because}" if self.because else head

    def tag(self) -> str:
        """The JSON that fits a tag: long lists are cut, and then say so."""
        for most in (50, 10, 0):
            short = msgspec.structs.replace(
                self,
                because=self.because[:1_000],
                differences=self.differences[:most],
                known=self.known[:most],
                unstable=self.unstable[:most],
                ignored=[pattern[:300] for pattern in self.ignored[:most]],
                notes=[note[:300] for note in self.notes[:most]],
                hint=self.hint[:500],
            )
            cut = [] if short == self else ["cut to fit: run reproduce again with --json for all of it"]
            text = msgspec.json.encode(msgspec.structs.replace(short, notes=[*short.notes, *cut])).decode()
            if len(text) <= _LONGEST_TAG:
                return text
        return msgspec.json.encode({"run_id": self.run_id, "outcome": self.outcome, "causes": self.causes}).decode()
