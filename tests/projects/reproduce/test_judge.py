"""Which verdict which pattern of results gets."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from itertools import count
from typing import Any

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


def changed(run: Results, **fields: Any) -> Results:
    return dataclasses.replace(run, **fields)


def failed(why: str, code: str = "1") -> Results:
    return changed(results(0.5, status="FAILED"), failure=why, exit_code=code)


@pytest.mark.parametrize("again", [failed("FileNotFoundError: 'x'"), failed("ValueError: a defect", code="3")])
def test_a_run_that_fails_for_another_reason_is_not_reproduced(again: Results) -> None:
    verdict = Judge(failed("ValueError: a defect"), lambda _: again).verdict()
    assert verdict.outcome == "cannot be repeated"
    assert "fails again, but for another reason" in verdict.because


def test_a_run_that_fails_for_the_same_reason_says_so_wherever_its_files_lie() -> None:
    then, now = (failed(f"OSError: '{place}/rows.csv' at 0x7f{place[-1]}0") for place in ("/home/a", "/tmp/b"))
    verdict = Judge(then, lambda _: now).verdict()
    assert (verdict.outcome, verdict.differences) == ("reproduced", [])
    assert "it fails again in the same way: OSError" in verdict.sentence


def test_only_artifacts_that_are_others_each_time_are_nothing_to_reproduce() -> None:
    def alone(_: object = None) -> Results:
        return changed(results(0.5, model=f"{next(numbers)}"), metrics={})

    verdict = Judge(alone(), alone).verdict()
    assert (verdict.outcome, verdict.causes, verdict.unstable) == ("diverged", ["nondeterminism"], [])


@pytest.mark.parametrize("broken", [lambda each: each.threads, lambda each: each.threads or each.seeds])
def test_experiments_that_fail_prove_nothing(broken: Callable[[Conditions], bool]) -> None:
    def repeat(conditions: Conditions) -> Results:
        return failed("AssertionError: n_jobs=0") if broken(conditions) else results(free(conditions))

    verdict = judged(repeat)
    assert (verdict.outcome, verdict.causes) == ("diverged", ["nondeterminism"])
    assert "no experiment could tell why" in verdict.because
    assert any("one thread' proves nothing" in note and "n_jobs=0" in note for note in verdict.notes)


def test_experiments_that_never_reach_the_program_prove_nothing() -> None:
    verdict = judged(lambda each: changed(results(free(each)), held=not (each.seeds or each.threads)))
    assert "no experiment could tell why" in verdict.because
    assert any("did not get hold of the program" in note for note in verdict.notes)


def test_the_order_of_sets_is_no_seed() -> None:
    def repeat(conditions: Conditions) -> Results:
        ordered = conditions.seeds or conditions.hashes
        return results(0.7 + conditions.order if ordered else free(conditions))

    verdict = judged(repeat)
    assert verdict.causes == ["nondeterminism"]
    assert "PYTHONHASHSEED" in verdict.because


def test_results_that_are_none_are_said_to_be_none() -> None:
    nothing = Results("0", "FINISHED")
    verdict = Judge(nothing, lambda _: nothing).verdict()
    assert verdict.sentence == "reproduced: nothing was compared but how it ended, for it logs no results"
    ignored = Results("0", "FINISHED", ignored={"auc"})
    assert "--ignore left out all 1 results" in Judge(ignored, lambda _: ignored).verdict().sentence


def test_params_that_the_command_logs_are_results() -> None:
    then, now = (changed(results(0.5), params={"best": value}) for value in "12")
    verdict = Judge(then, lambda _: now).verdict()
    assert (verdict.outcome, [each.kind for each in verdict.differences]) == ("diverged", ["param"])


def test_what_lies_behind_a_failure_is_a_cause() -> None:
    known = Known("code", "lib.py was not kept")
    judge = Judge(results(0.5), lambda _: failed("No module named 'lib'"), explain=lambda _: known)
    assert (judge.verdict().outcome, judge.verdict().causes) == ("cannot be repeated", ["code"])


def test_what_could_not_be_told_keeps_the_verdict_from_claiming_it() -> None:
    verdict = Judge(results(0.5), lambda _: results(0.7), notes=["not kept with the run: env/"]).verdict()
    assert "as they were, as far as can be told (see the notes), and" in verdict.because
    assert verdict.notes == ["not kept with the run: env/"]
