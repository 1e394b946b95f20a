"""Comments that accept findings, as they are read."""

from __future__ import annotations

import time

import pytest

from solvent.debt.suppressions import suppressions_of
from tests.debt.helpers import module_of


@pytest.mark.parametrize("gap", [" ", "   ", "\t"])
def test_the_last_day_stands_at_the_end(gap: str) -> None:
    source = f"x = 1  # solvent: ignore[COD207] kept until then{gap}until{gap}2027-01-31\n"

    (found,) = suppressions_of(module_of(source))
    assert (found.reason, found.until, found.problem) == ("kept until then", "2027-01-31", "")


@pytest.mark.parametrize(
    "hostile",
    ["a" + " " * 200_000 + "b", "until " * 50_000, "until" + " " * 200_000 + "x"],
    ids=["spaces", "words", "gap"],
)
def test_a_hostile_comment_does_not_hang(hostile: str) -> None:
    start = time.monotonic()
    (found,) = suppressions_of(module_of(f"x = 1  # solvent: ignore[COD207] {hostile}\n"))

    assert (found.reason, found.until) == (hostile.strip(), "")
    assert time.monotonic() - start < 5
