from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvent.data.profile.edges import SHARES, edges


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=50), st.booleans())
def test_edges_rise_and_hold_the_sample(values: list[float], whole: bool) -> None:
    if whole:
        values = [float(round(value)) for value in values]
    with np.errstate(over="ignore", invalid="ignore"):
        quantiles = [float(each) for each in np.quantile(values, SHARES)] if values else []
    if not np.isfinite(quantiles).all():
        return
    found = edges(sorted(quantiles), whole)
    assert all(one < other for one, other in pairwise(found))
    if values:
        assert len(found) >= 2
        assert found[0] <= quantiles[0]
        assert quantiles[-1] <= found[-1]


@pytest.mark.parametrize(
    ("quantiles", "whole", "expected"),
    [
        ([], False, []),
        ([7.0] * 21, True, [7.0, 7.5]),
        ([0.1] * 21, False, [0.1, 0.10000000000000002]),
        ([0.0, 0.0, 1.0], True, [0.0, 1.0, 1.5]),
        ([0.0, 0.49999, 1.0003], False, [0.0, 0.5, 1.01]),
        ([1e9, 1e9 + 0.51, 1e9 + 1.02], False, [1e9, 1000000000.51, 1000000001.02]),
    ],
)
def test_examples(quantiles: list[float], whole: bool, expected: list[float]) -> None:
    assert edges(quantiles, whole) == expected
