from __future__ import annotations

import math

import pytest

from solvent.errors import InvalidInput
from solvent.projects.reproduce.tolerance import Tolerances, parse_tolerances


def test_what_is_given_holds() -> None:
    found = parse_tolerances(["rel=1e-6", "abs=1e-9", "val=x=0.01"])
    assert found == Tolerances(1e-6, 1e-9, {"val=x": 0.01})
    assert found.compare("train/val=x", 1.0, 1.005) == "within", "a child's metric too"
    assert found.compare("auc", 1.0, 1.005) == "apart"


@pytest.mark.parametrize("text", ["0.1", "rel=", "rel=x", "rel=-1", "rel=nan", "rel=inf", "=1"])
def test_what_is_none_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="expected a tolerance such as"):
        parse_tolerances([text])


def test_one_is_given_once() -> None:
    with pytest.raises(InvalidInput, match="twice"):
        parse_tolerances(["rel=1", "rel=2"])


def test_special_numbers() -> None:
    none = Tolerances()
    assert none.compare("loss", math.nan, math.nan) == "equal"
    assert none.compare("loss", math.inf, math.inf) == "equal"
    assert none.compare("loss", math.nan, 1.0) == "apart"
    assert none.compare("loss", None, 1.0) == "apart"
    assert Tolerances(relative=1).compare("loss", math.inf, 1.0) == "apart"
