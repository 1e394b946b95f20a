"""Every statistic is numpy's and scipy's."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from solvent.data.engine.duck.table import DuckEngine
from solvent.data.engine.protocol import Histogram, Scalars

NUMBERS = st.floats(-1e6, 1e6).map(lambda each: round(each, 3))


def scalars(values: list[float] | np.ndarray) -> Scalars:
    table = DuckEngine(threads=1).open(pd.DataFrame({"x": np.asarray(values, dtype=float)}))
    found = table.scalars(["x"])["x"]
    table.close()
    assert isinstance(found, Scalars)
    return found


@settings(max_examples=60, deadline=None)
@given(st.lists(NUMBERS, min_size=1, max_size=60))
def test_scalars_are_those_of_numpy_and_scipy(values: list[float]) -> None:
    found = scalars(values)
    assert (found.rows, found.least, found.most) == (len(values), min(values), max(values))
    assert found.mean == pytest.approx(np.mean(values), rel=1e-12, abs=1e-9)
    spread = np.ptp(values)
    if len(values) > 1:
        assert found.deviation == pytest.approx(np.std(values, ddof=1), rel=1e-9, abs=1e-9)
    else:
        assert found.deviation is None
    if spread == 0:
        assert (found.skewness, found.kurtosis) == (None, None)
        return
    # Centred by hand: scipy takes the mean as it is, and loses digits where it is large beside the spread.
    centred = (np.asarray(values) - np.mean(values)) / spread
    if len(values) > 2:
        assert found.skewness == pytest.approx(stats.skew(centred, bias=False), rel=1e-6, abs=1e-6)
    if len(values) > 3:
        assert found.kurtosis == pytest.approx(stats.kurtosis(centred, bias=False), rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("far", [1e9, -1e12, 1e15])
def test_noise_far_from_zero_keeps_its_digits(far: float) -> None:
    noise = np.round(np.random.default_rng(1).gamma(2, size=50_000) * 64) / 8  # exact beside 1e15
    found = scalars(far + noise)
    assert found.mean == pytest.approx(far + noise.mean(), rel=1e-15)
    assert found.deviation == pytest.approx(noise.std(ddof=1), rel=1e-9)
    assert found.skewness == pytest.approx(stats.skew(noise, bias=False), rel=1e-9)
    assert found.kurtosis == pytest.approx(stats.kurtosis(noise, bias=False), rel=1e-9)


@pytest.mark.parametrize("scale", [1e300, 1e150, 1e-150, 1e-290])
def test_powers_neither_overflow_nor_vanish(scale: float) -> None:
    values = np.array([1.0, 2.0, 4.0, 9.0, -3.0])
    found = scalars(values * scale)
    assert found.mean == pytest.approx(values.mean() * scale)
    assert found.deviation == pytest.approx(values.std(ddof=1) * scale)
    assert found.skewness == pytest.approx(stats.skew(values, bias=False))
    assert found.kurtosis == pytest.approx(stats.kurtosis(values, bias=False))


def test_the_largest_numbers_of_both_signs() -> None:
    most = 1.7976931348623157e308
    found = scalars([-most, most, 0.0, most])
    assert (found.least, found.most) == (-most, most)
    assert found.mean is not None
    assert math.isfinite(found.mean)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.one_of(NUMBERS, st.sampled_from([0.0, -0.0, 1.0, 2.0, math.inf, -math.inf])), min_size=1, max_size=60),
    st.lists(st.one_of(NUMBERS, st.sampled_from([0.0, 1.0, 2.0])), min_size=2, max_size=8, unique=True).map(sorted),
)
def test_histograms_are_numpys(values: list[float], edges: list[float]) -> None:
    table = DuckEngine(threads=1).open(pd.DataFrame({"x": values}))
    found = table.histograms({"x": edges})["x"]
    table.close()
    assert isinstance(found, Histogram)
    finite = np.asarray([each for each in values if math.isfinite(each)])
    counts, _ = np.histogram(finite, edges)
    assert list(found.counts) == [int((finite < edges[0]).sum()), *counts, int((finite > edges[-1]).sum())]
