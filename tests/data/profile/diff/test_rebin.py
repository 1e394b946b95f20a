from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvent.data.profile.diff.rebin import rebin
from tests.data.profile.profiles import histogram

FINITE = st.floats(-1e6, 1e6)
EDGES = st.lists(st.integers(-1000, 1000).map(float), min_size=2, max_size=30, unique=True).map(sorted)


@given(st.lists(FINITE, min_size=1, max_size=200), EDGES, EDGES)
def test_no_row_is_lost_and_no_count_is_negative(values: list[float], old: list[float], new: list[float]) -> None:
    counts = rebin(old, histogram(values, old).counts, new, min(values), max(values))
    assert len(counts) == len(new) + 1
    assert sum(counts) == pytest.approx(len(values))
    assert min(counts) >= -1e-9


@given(st.lists(st.floats(-2000, 2000), min_size=1, max_size=200), EDGES)
def test_the_same_edges_give_the_same_counts(values: list[float], edges: list[float]) -> None:
    counts = histogram(values, edges).counts
    assert rebin(edges, counts, edges, min(values), max(values)) == pytest.approx(counts)


def test_smooth_data_is_estimated_well() -> None:
    values = np.random.default_rng(1).normal(size=100_000)
    old, new = list(np.linspace(-3, 3, 41)), list(np.linspace(-2.5, 2.5, 17))
    estimated = rebin(old, histogram(list(values), old).counts, new, values.min(), values.max())
    assert np.abs(np.array(estimated) - histogram(list(values), new).counts).max() < 600
