"""The same requests to a real MLflow and to Solvent: the same answers, but for the intended differences."""

from __future__ import annotations

import json

import pytest

from tests.oracle.differential.compare import Pair, pairs
from tests.oracle.differential.differences import DIFFERENCES, Difference
from tests.oracle.differential.endpoints import ENDPOINTS

pytestmark = [pytest.mark.oracle, pytest.mark.xdist_group("oracle")]


@pytest.fixture(scope="module")
def answered(mlflow_url: str, solvent_url: str) -> list[Pair]:
    return pairs(mlflow_url, solvent_url)


def intended(pair: Pair) -> bool:
    return any(each.covers(pair.request, pair.theirs.outcome, pair.ours.outcome) for each in DIFFERENCES)


@pytest.mark.parametrize("endpoint", [endpoint.name for endpoint in ENDPOINTS])
def test_an_endpoint_answers_as_mlflow_does(endpoint: str, answered: list[Pair]) -> None:
    asked = [pair for pair in answered if pair.request.startswith(f"{endpoint} / ")]
    assert asked
    different = [pair for pair in asked if pair.theirs != pair.ours and not intended(pair)]
    told = "\n".join(
        f"{pair.request}\n  MLflow:  {pair.theirs.outcome} {json.dumps(pair.theirs.body)[:400]}"
        f"\n  Solvent: {pair.ours.outcome} {json.dumps(pair.ours.body)[:400]}"
        for pair in different
    )
    assert not different, f"{len(different)} of {len(asked)} answers differ:\n{told}"


def test_solvent_never_fails_inside(answered: list[Pair]) -> None:
    assert [pair.request for pair in answered if pair.ours.outcome.startswith("5")] == []


@pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda each: each.title)
def test_an_intended_difference_is_seen(difference: Difference, answered: list[Pair]) -> None:
    seen = [
        pair
        for pair in answered
        if pair.theirs != pair.ours and difference.covers(pair.request, pair.theirs.outcome, pair.ours.outcome)
    ]
    assert seen, "no longer seen: take it off the list"
