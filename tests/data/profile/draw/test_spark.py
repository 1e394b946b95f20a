from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from solvent.data.profile.draw.even import even
from solvent.data.profile.draw.spark import BLOCKS, PLAIN, column_spark, spark
from tests.data.profile.profiles import numbers, texts


@given(st.lists(st.integers(0, 10**12), max_size=30))
def test_what_is_there_is_seen_and_the_largest_is_the_highest(counts: list[int]) -> None:
    line = spark(counts)
    assert [char == " " for char in line] == [count == 0 for count in counts]
    if any(counts):
        assert line[counts.index(max(counts))] == BLOCKS[-1]
    assert spark(counts, plain=True).isascii()
    assert len(BLOCKS) == len(PLAIN)


@given(st.lists(st.integers(-(10**6), 10**6), min_size=2, max_size=20, unique=True).map(sorted), st.data())
def test_even_bins_hold_the_same_rows(edges: list[float], data: st.DataObject) -> None:
    counts = data.draw(st.lists(st.integers(0, 1000), min_size=len(edges) + 1, max_size=len(edges) + 1))
    new, spread = even(edges, counts)
    assert len(spread) == len(new) + 1
    assert abs(sum(spread) - sum(counts)) < 1e-6 * (1 + sum(counts))
    assert (new[0], new[-1]) == (edges[0], edges[-1])


def test_bins_of_equal_counts_are_not_drawn_as_if_they_were_of_equal_width() -> None:
    """Quantiles as edges: the same number of rows in each bin, and yet the data lies at the left."""
    values = [place**3 for place in range(1, 101)]
    edges = [1, *(values[place - 1] for place in range(10, 101, 10))]
    line = column_spark(numbers("x", values, [float(edge) for edge in edges]))
    assert len(line) == 20
    assert line[0] == "█"
    assert line[-1] == "▁"


def test_texts_are_drawn_by_their_most_frequent_values() -> None:
    assert column_spark(texts("t", {"a": 8, "b": 4, "c": 1})) == "█▄▁"
