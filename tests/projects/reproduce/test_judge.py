"""Which verdict which pattern of results gets."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest

from solvent.projects.reproduce.conditions import Conditions
from solvent.projects.reproduce.judge import Judge
from solvent.projects.reproduce.results import Artifact, Results
from solvent.projects.reproduce.tolerance import Tolerances
from solvent.projects.reproduce.verdict import Known, Verdict

numbers = count()


def results(auc: float, model: str = "m", status: str = "FINISHED", **inputs: str) -> Results:
    return Results(f"run{next(numbers)}", status, {"auc": auc}, {"model": Artifact(model)}, inputs)


def judged(
    repeat: Callable[[Conditions], Results], *known: Known, tolerances: Tolerances | None = None, **inputs: str
) -> Verdict:
    return Judge(results(0.5, **inputs), repeat, known, tolerances or Tolerances()).verdict()


def free(conditions: Conditions) -> float:
    """A result that chance decides unless the conditions take that away."""
    return float(next(numbers))


def test_equal_results_are_reproduced_by_one_repetition() -> None:
    verdict = judged(lambda _: results(0.5))
    assert (verdict.outcome, verdict.differences, len(verdict.repetitions)) == ("reproduced", [], 1)


def test_results_within_tolerance_say_so() -> None:
    verdict = judged(lambda _: results(0.5000001), tolerances=Tolerances(relative=1e-6))
    assert verdict.outcome == "reproduced within tolerance"
    assert [each.within for each in verdict.differences] == [True]
    assert verdict.tolerances == {"rel": "1e-06"}


@pytest.mark.parametrize(
    ("stable_under", "causes"),
    [
        (lambda conditions: conditions.seeds, ["seed"]),
        (lambda conditions: conditions.threads, ["nondeterminism"]),
        (lambda conditions: conditions.seeds and conditions.threads, ["seed", "nondeterminism"]),
        (lambda conditions: False, ["nondeterminism"]),
    ],
)
def test_what_must_be_fixed_is_the_cause(stable_under: Callable[[Conditions], bool], causes: list[str]) -> None:
    known = Known("code", "train.py was changed")
    verdict = judged(lambda each: results(0.7 if stable_under(each) else free(each)), known)
    assert (verdict.outcome, verdict.causes) == ("diverged", causes)
    assert verdict.notes == ["not as it was either: train.py was changed"]


def test_known_differences_are_blamed_when_repetitions_agree() -> None:
    known = (Known("code", "train.py was changed"), Known("environment", "numpy 1 is 2 now"))
    verdict = judged(lambda _: results(0.7), *known)
    assert (verdict.causes, verdict.because) == (["code", "environment"], "train.py was changed; numpy 1 is 2 now")
    assert len(verdict.repetitions) == 2


def test_known_differences_without_effect_are_notes() -> None:
    verdict = judged(lambda _: results(0.5), Known("environment", "numpy 1 is 2 now"))
    assert (verdict.outcome, verdict.notes) == ("reproduced", ["not as it was, without effect: numpy 1 is 2 now"])


def test_other_input_is_a_cause_that_shows_after_the_run() -> None:
    verdict = judged(lambda _: results(0.7, rows="bbbb"), rows="aaaa")
    assert (verdict.causes, verdict.because) == (["data"], "what it reads has another fingerprint now: rows")


def test_agreeing_repetitions_without_known_difference_point_to_what_is_not_recorded() -> None:
    verdict = judged(lambda _: results(0.7))
    assert verdict.causes == ["unrecorded"]
    assert "something that was not recorded" in verdict.sentence


def test_an_artifact_that_is_another_at_each_run_is_named_and_not_held_against_it() -> None:
    verdict = judged(lambda each: results(0.5, model=f"{free(each)}"))
    assert (verdict.outcome, verdict.unstable, verdict.differences) == ("reproduced", ["model"], [])


def test_such_an_artifact_does_not_hide_another_cause() -> None:
    known = Known("environment", "numpy 1 is 2 now")
    verdict = judged(lambda each: results(0.7, model=f"{free(each)}"), known)
    assert (verdict.causes, verdict.unstable) == (["environment"], ["model"])


def test_an_artifact_that_fixed_seeds_make_equal_is_held_against_it() -> None:
    verdict = judged(lambda each: results(0.5, model="s" if each.seeds else f"{free(each)}"))
    assert (verdict.outcome, verdict.causes) == ("diverged", ["seed"])


def test_a_run_that_fails_now_can_not_be_repeated() -> None:
    verdict = judged(lambda _: results(0.5, status="FAILED"), Known("environment", "numpy 1 is not there"))
    assert (verdict.outcome, verdict.causes) == ("cannot be repeated", ["environment"])
    assert "numpy 1 is not there" in verdict.because
    assert len(verdict.repetitions) == 1
