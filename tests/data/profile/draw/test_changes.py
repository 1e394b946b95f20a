"""What the overview of a difference says of each column."""

from __future__ import annotations

import pytest

from solvent.data.profile.diff.compare import compare
from solvent.data.profile.draw.changes import row_counts, said
from solvent.data.profile.model import ColumnProfile
from tests.data.profile.profiles import numbers, profile, texts

EDGES = [0.0, 1.0, 2.0, 3.0]


def told(old: ColumnProfile, new: ColumnProfile) -> str:
    (column,) = compare(profile(old), profile(new), old_name="a", new_name="b").columns
    return ", ".join(said(column))


def test_of_texts_the_values_are_told_and_not_their_lengths() -> None:
    old, new = texts("city", {"Rome": 6, "Oslo": 3, "Li": 1}), texts("city", {"Rome": 5, "Oslo": 4, "Reykjavik": 1})
    assert told(old, new) == "new: Reykjavik, gone: Li, Rome 60.0% -> 50.0%, Oslo 30.0% -> 40.0%"


def test_many_new_values_are_counted() -> None:
    assert told(texts("t", {"a": 2}), texts("t", {"a": 2, "b": 1, "": 1, "d": 1})) == (
        "new: b, '' and 1 more, a 100% -> 40.0%"
    )


def test_missing_values_are_told_after_them() -> None:
    assert told(texts("t", {"a": 1, "b": 1}), texts("t", {"a": 3, "b": 1}, nulls=4)) == (
        "a 50.0% -> 75.0%, b 50.0% -> 25.0%, null rate 0% -> 50.0%"
    )


def test_of_numbers_the_mean_is_told() -> None:
    assert told(numbers("x", [0.5, 1.5], EDGES), numbers("x", [1.5, 2.5], EDGES)) == "mean 1 -> 2"


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        (4, 5, "4 -> 5 rows (+25.0%)"),
        (200_000, 199_998, "200,000 -> 199,998 rows (-2, <0.01%)"),
        (200_000, 200_100, "200,000 -> 200,100 rows (+100, 0.05%)"),
        (7, 7, "7 -> 7 rows"),
        (0, 7, "0 -> 7 rows"),
    ],
)
def test_how_many_rows_came_or_went(old: int, new: int, shown: str) -> None:
    x = numbers("x", [0.5], EDGES)
    assert row_counts(compare(profile(x, rows=old), profile(x, rows=new), old_name="a", new_name="b")) == shown
