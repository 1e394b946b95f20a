from __future__ import annotations

import msgspec
import pytest
from scipy.spatial.distance import jensenshannon

from solvent.data.profile.diff.compare import compare
from solvent.data.profile.diff.model import Bin, Change, ColumnDiff, Diff, Text
from solvent.data.profile.model import ColumnProfile, Profile
from tests.data.profile.profiles import broken, numbers, profile, texts

EDGES = [0.0, 1.0, 2.0, 3.0]


def compared(old: ColumnProfile, new: ColumnProfile) -> ColumnDiff:
    return diff_of(profile(old), profile(new)).columns[0]


def diff_of(old: Profile, new: Profile) -> Diff:
    return compare(old, new, old_name="old", new_name="new")


def measure(column: ColumnDiff, name: str) -> Change | Text:
    return next(each for each in column.measures if each.measure == name)


def test_a_profile_does_not_differ_from_itself() -> None:
    whole = profile(
        numbers("x", [0.5, 1.5, 2.5], EDGES), texts("t", {"a": 2, "b": 1}), texts("many", {"a": 2}, others=2)
    )
    found = diff_of(whole, whole)
    assert not found.differs
    assert [column.state for column in found.columns] == ["same"] * 3
    assert all(column.distance is not None and column.distance.jensen_shannon == 0 for column in found.columns)


def test_the_last_digits_of_a_sum_are_no_difference() -> None:
    old = numbers("x", [0.5, 1.5, 2.5], EDGES)
    assert old.scalars is not None
    new = msgspec.structs.replace(old, scalars=msgspec.structs.replace(old.scalars, mean=1.5 + 3e-16))
    assert compared(old, new).state == "same"


def test_columns_that_came_went_and_moved() -> None:
    a, b, c = (numbers(name, [0.5, 1.5], EDGES) for name in "abc")
    found = diff_of(profile(a, b), profile(b, c))
    assert [(column.name, column.state) for column in found.columns] == [
        ("a", "removed"),
        ("b", "same"),
        ("c", "added"),
    ]
    assert (found.columns[0].new_type, found.columns[2].old_type) == (None, None)
    assert found.differs
    assert not found.reordered
    moved = diff_of(profile(a, b), profile(b, a))
    assert moved.reordered
    assert moved.differs


def test_only_the_number_of_rows() -> None:
    x = numbers("x", [0.5, 1.5], EDGES)
    assert diff_of(profile(x, rows=2), profile(x, rows=3)).differs


def test_numbers_on_the_same_edges() -> None:
    old, new = numbers("x", [0.5, 0.6, 1.5, 5.0], EDGES), numbers("x", [0.5, 1.5, 1.6, -1.0], EDGES, nulls=4)
    column = compared(old, new)
    assert column.state == "values"
    assert column.distance is not None
    assert column.distance.bins == [
        Bin(0, 1, None, 0.0),
        Bin(2, 1, 0.0, 1.0),
        Bin(1, 2, 1.0, 2.0),
        Bin(0, 0, 2.0, 3.0),
        Bin(1, 0, 3.0, None),
    ]
    assert column.distance.jensen_shannon == pytest.approx(jensenshannon([0, 2, 1, 0, 1], [1, 1, 2, 0, 0], base=2))
    assert not column.distance.approximate
    assert measure(column, "null rate") == Change("null rate", 0.0, 0.5, True)
    assert measure(column, "mean") == Change("mean", 1.9, 0.65, True)


def test_other_edges_are_estimated_and_that_is_said() -> None:
    values = [0.5, 1.5, 2.5]
    column = compared(numbers("x", values, EDGES), numbers("x", values, [0.0, 1.5, 3.0]))
    assert column.distance is not None
    assert column.distance.approximate


def test_infinities_lie_in_the_outermost_bins() -> None:
    old = numbers("x", [0.5, 1.5], EDGES)
    new = numbers("x", [0.5, 1.5], EDGES, positive_infinite=2, negative_infinite=1)
    column = compared(old, new)
    assert column.distance is not None
    assert [each.new for each in column.distance.bins] == [1, 1, 1, 0, 2]
    assert measure(column, "infinite rate") == Change("infinite rate", 0.0, 0.6, True)


def test_values_that_came_and_vanished() -> None:
    column = compared(texts("t", {"a": 5, "b": 3}), texts("t", {"a": 4, "c": 4}))
    assert column.appeared == [("c", 4)]
    assert column.vanished == [("b", 3)]
    assert column.distance is not None
    assert column.distance.bins == [Bin(5, 4, value="a"), Bin(3, 0, value="b"), Bin(0, 4, value="c")]


def test_of_values_beyond_the_most_frequent_nothing_is_claimed() -> None:
    column = compared(texts("t", {"a": 5, "b": 3}, others=10), texts("t", {"a": 4, "c": 4}, others=2))
    assert column.appeared == column.vanished == []
    assert column.distance is not None
    assert column.distance.bins == [Bin(5, 4, value="a"), Bin(13, 6)]
    assert column.notes == [
        "1 of the most frequent values were not among those of the old one, which may have had them"
    ]
    ids = compared(texts("t", {"1": 1, "2": 1}, others=10), texts("t", {"3": 1, "4": 1}, others=10))
    assert ids.distance is None
    assert "too many different values" in ids.notes[0]


def test_of_ids_the_lengths_are_compared() -> None:
    lengths = numbers("t", [0.5, 1.5], EDGES).counts
    old, new = (msgspec.structs.replace(texts("t", {value: 1}, others=1), counts=lengths) for value in ("1", "2"))
    column = compared(old, new)
    assert column.distance is not None
    assert column.distance.bins[0] == Bin(1, 1, 0.0, 1.0)
    assert column.notes == ["too many different values to compare their shares: the distance is of their lengths"]


def test_a_code_among_few_numbers_that_is_new() -> None:
    old, new = (
        msgspec.structs.replace(
            numbers("code", values, EDGES, kind="integer"), categories=texts("code", counts).categories
        )
        for values, counts in (([1.0, 2.0], {"1": 1, "2": 1}), ([1.0, 3.0], {"1": 1, "3": 1}))
    )
    column = compared(old, new)
    assert (column.appeared, column.vanished) == ([("3", 1)], [("2", 1)])
    assert column.distance is not None
    assert column.distance.bins[0].low == 0.0


def test_a_column_that_failed_differs_and_stops_no_other() -> None:
    good = numbers("x", [0.5], EDGES)
    found = diff_of(profile(broken("bad", "no such type"), good), profile(numbers("bad", [0.5], EDGES), good))
    assert [column.state for column in found.columns] == ["failed", "same"]
    assert found.columns[0].notes == ["the old one could not be looked at: no such type"]
    assert found.differs


def test_kinds_that_do_not_go_together_have_no_distance() -> None:
    column = compared(texts("x", {"1": 2}), numbers("x", [0.5, 1.5], EDGES))
    assert column.state == "type"
    assert column.distance is None
    assert column.notes == ["no distance: text and number can't be compared value by value"]
    assert [each.measure for each in column.measures] == ["null rate", "distinct"]


def test_all_null_now() -> None:
    full = numbers("x", [0.5, 1.5], EDGES)
    assert full.scalars is not None
    empty = ColumnProfile(
        "x", "number", "NUMBER", msgspec.structs.replace(full.scalars, nulls=2, mean=None), full.counts
    )
    column = compared(full, empty)
    assert column.state == "values"
    assert column.distance is None
    assert column.notes == ["no distance: the new one has no values"]
    assert compared(empty, empty).state == "same"


def test_an_empty_table() -> None:
    full = numbers("x", [0.5, 1.5], EDGES)
    assert full.scalars is not None
    empty = ColumnProfile(
        "x", "number", "NUMBER", msgspec.structs.replace(full.scalars, rows=0, mean=None), full.counts
    )
    found = diff_of(profile(full), profile(empty))
    assert found.differs
    assert found.columns[0].distance is None
    assert measure(found.columns[0], "null rate") == Change("null rate", 0.0, None, True)
