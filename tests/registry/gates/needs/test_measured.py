"""Needs that look at what was measured: metrics, slices."""

from __future__ import annotations

from typing import Any

import pytest

from solvent.backend.embedded import EmbeddedBackend
from solvent.wire.gates import GateCheck, ListEvidence
from solvent.wire.registry import SetRegisteredModelAlias
from tests.registry.gates.helpers import DATA, apply, ask, asked, give, make_known, make_versions
from tests.registry.helpers import move

F1 = 'metrics = [{ name = "f1", minimum = 0.8 }]'
BETTER = 'metrics = [{ name = "f1", margin = 0.01, significance = 0.05 }]'


def evaluation(value: float = 0.9, **slices: float) -> dict[str, Any]:
    parts = [{"column": "country", "value": name, "rows": 10, "metrics": {"f1": one}} for name, one in slices.items()]
    return {"data": DATA, "metrics": {"f1": {"value": value}}, "slices": parts}


def comparison(
    backend: EmbeddedBackend, value: float, p_value: float | None = 0.01, against: str = "1", **more: Any
) -> dict[str, Any]:
    give(backend, "evaluation", evaluation(), against)
    digest = backend.call(ListEvidence(name="m", version=against)).evidence[0].digest
    metric = {"value": value, "against": 0.8, "difference": value - 0.8, "p_value": p_value}
    return {"against": {"version": against, "digest": digest}, "data": DATA, "metrics": {"f1": metric}, **more}


def in_production(backend: EmbeddedBackend, policy: str, number: str = "2") -> GateCheck:
    """Version 1 is in Production; the check of another one."""
    apply(backend, "")
    move(backend, "1", "Production")
    return asked(backend, policy, number)


def test_a_bound_needs_an_evaluation(backend: EmbeddedBackend) -> None:
    make_versions(backend)
    check = asked(backend, F1)
    assert (check.need, check.met, check.found) == ("metrics: f1", False, "no evaluation of these files")
    assert check.next == "solvent.evaluate('models:/m/1', data, targets=...)"


@pytest.mark.parametrize(
    ("policy", "value", "met"),
    [
        (F1, 0.8, True),
        (F1, 0.79, False),
        ('metrics = [{ name = "f1", better = "lower", maximum = 0.5 }]', 0.5, True),
        ('metrics = [{ name = "f1", better = "lower", maximum = 0.5 }]', 0.51, False),
        ('metrics = [{ name = "f1" }]', 0.1, True),
    ],
)
def test_bounds(backend: EmbeddedBackend, policy: str, value: float, met: bool) -> None:
    make_versions(backend)
    give(backend, "evaluation", evaluation(value))
    assert asked(backend, policy).met is met


def test_a_metric_that_the_evaluation_does_not_have(backend: EmbeddedBackend) -> None:
    make_versions(backend)
    give(backend, "evaluation", evaluation())
    assert asked(backend, 'metrics = [{ name = "auc" }]').found == "the evaluation does not have it"


def test_the_newest_evaluation_counts(backend: EmbeddedBackend) -> None:
    make_versions(backend)
    for value in (0.9, 0.1):
        give(backend, "evaluation", evaluation(value))
    assert asked(backend, F1).found == "0.1 is below 0.8"


def test_an_evaluation_of_other_files_does_not_count(backend: EmbeddedBackend) -> None:
    make_versions(backend)
    give(backend, "evaluation", evaluation())
    make_known(backend, content="changed")
    assert asked(backend, F1).found == "no evaluation of these files: what there is is of other files"


def test_once_a_version_is_in_production_it_must_be_beaten(backend: EmbeddedBackend) -> None:
    make_versions(backend, 2)
    check = in_production(backend, BETTER)
    assert (check.need, check.found) == ("metrics: f1 against version 1", "no comparison of these files")
    assert check.next == "solvent models compare m/1 m/2 --data FILE --target COLUMN"
    give(backend, "comparison", comparison(backend, 0.85), "2")
    check = asked(backend, BETTER, "2")
    assert (check.met, check.found) == (True, "0.85 against 0.8 on holdout")


@pytest.mark.parametrize(
    ("value", "p_value", "said"),
    [
        (0.805, 0.01, "0.005 better, at least 0.01 is asked for"),
        (0.7, 0.01, "0.1 worse, at least 0.01 is asked for"),
        (0.85, 0.2, r"may be chance \(p = 0.2, at most 0.05"),
        (0.85, None, "the comparison has no p_value of it"),
    ],
)
def test_not_better_enough(backend: EmbeddedBackend, value: float, p_value: float | None, said: str) -> None:
    make_versions(backend, 2)
    in_production(backend, BETTER)
    give(backend, "comparison", comparison(backend, value, p_value), "2")
    check = asked(backend, BETTER, "2")
    assert not check.met
    assert said.replace("\\", "") in check.found


def test_lower_can_be_better_and_a_little_worse_be_allowed(backend: EmbeddedBackend) -> None:
    make_versions(backend, 2)
    in_production(backend, BETTER)
    give(backend, "comparison", comparison(backend, 0.81), "2")
    assert not asked(backend, 'metrics = [{ name = "f1", better = "lower" }]', "2").met
    assert asked(backend, 'metrics = [{ name = "f1", better = "lower", margin = -0.02 }]', "2").met


def test_a_comparison_must_be_with_what_is_in_production_now(backend: EmbeddedBackend) -> None:
    make_versions(backend, 3)
    in_production(backend, BETTER)
    give(backend, "comparison", comparison(backend, 0.85), "3")
    assert asked(backend, BETTER, "3").met
    apply(backend, "")
    move(backend, "2", "Production", archive_existing_versions=True)
    assert asked(backend, BETTER, "3").found == "compared with version 1; version 2 is in Production now"


def test_a_comparison_must_be_with_the_files_that_are_in_production_now(backend: EmbeddedBackend) -> None:
    make_versions(backend, 2)
    in_production(backend, BETTER)
    give(backend, "comparison", comparison(backend, 0.85), "2")
    make_known(backend, "1", content="changed")
    assert asked(backend, BETTER, "2").found == "compared with other files than version 1 has"


def test_the_alias_production_names_what_is_to_be_beaten_too(backend: EmbeddedBackend) -> None:
    make_versions(backend, 2)
    backend.call(SetRegisteredModelAlias(name="m", alias="Production", version="1"))
    assert asked(backend, BETTER, "2").need == "metrics: f1 against version 1"


def test_a_bound_and_a_comparison_are_two_checks(backend: EmbeddedBackend) -> None:
    make_versions(backend, 2)
    move(backend, "1", "Production")
    apply(backend, f"[stage.Production]\n{F1}")
    assert [check.need for check in ask(backend, "2").checks] == ["metrics: f1", "metrics: f1 against version 1"]


SLICES = 'slices = [{ column = "country", metric = "f1", minimum = 0.7, gap = 0.15 }]'


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ({"at": 0.9, "de": 0.8}, "2 parts"),
        ({"at": 0.9, "de": 0.6}, "1 of 2 parts fall short; de (10 rows): 0.6 is below 0.7"),
        ({"at": 0.72, "de": 0.6}, "2 of 2 parts fall short; de (10 rows): 0.6 is below 0.7"),
        ({"at": 0.72}, "1 of 1 parts fall short; at (10 rows): 0.72 is more than 0.15 behind the whole (0.9)"),
        ({}, "the evaluation has no such parts"),
    ],
)
def test_slices(backend: EmbeddedBackend, parts: dict[str, float], found: str) -> None:
    make_versions(backend)
    give(backend, "evaluation", evaluation(0.9, **parts))
    check = asked(backend, SLICES)
    assert (check.need, check.found, check.met) == ("slices: f1 by country", found, found == "2 parts")


def test_slices_need_an_evaluation(backend: EmbeddedBackend) -> None:
    make_versions(backend)
    assert asked(backend, SLICES).found == "no evaluation of these files"


def test_the_part_that_is_worst_is_named_where_lower_is_better(backend: EmbeddedBackend) -> None:
    make_versions(backend)
    give(backend, "evaluation", evaluation(1.0, at=1.4, de=1.2))
    check = asked(backend, 'slices = [{ column = "country", metric = "f1", better = "lower", gap = 0.1 }]')
    assert check.found.startswith("2 of 2 parts fall short; at (10 rows): 1.4 is more than 0.1 behind the whole (1)")
