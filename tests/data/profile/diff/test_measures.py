from __future__ import annotations

from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon
from scipy.stats import chi2

from solvent.data.profile.diff.measures import jensen_shannon, psi, psi_by_chance

COUNTS = st.integers(1, 30).flatmap(
    lambda bins: st.tuples(*[st.lists(st.integers(0, 10**9), min_size=bins, max_size=bins).filter(sum)] * 2)
)


@given(COUNTS)
def test_jensen_shannon_is_scipys_to_base_2(counts: tuple[list[int], list[int]]) -> None:
    old, new = counts
    # The root makes of rounding (1e-16) a distance of 1e-8.
    assert jensen_shannon(old, new) == pytest.approx(jensenshannon(old, new, base=2), abs=1e-7, nan_ok=False)
    assert jensen_shannon(old, new) == pytest.approx(jensen_shannon(new, old), abs=1e-7)
    assert 0 <= jensen_shannon(old, new) <= 1


@given(COUNTS)
def test_psi_of_full_bins_is_its_formula_and_symmetric(counts: tuple[list[int], list[int]]) -> None:
    old, new = ([count + 1 for count in side] for side in counts)
    shares = [(x / sum(old), y / sum(new)) for x, y in zip(old, new, strict=True)]
    assert psi(old, new) == pytest.approx(sum((q - p) * log(q / p) for p, q in shares), rel=1e-9, abs=1e-15)
    assert psi(old, new) == pytest.approx(psi(new, old), rel=1e-9, abs=1e-15)
    assert psi(old, old) == 0


def test_an_empty_bin_is_half_a_row() -> None:
    assert psi([10, 0, 0], [10, 10, 0]) == pytest.approx((0.5 - 1) * log(0.5) + (0.5 - 0.05) * log(0.5 / 0.05))


@pytest.mark.parametrize("bins", [2, 3, 10, 22, 100])
def test_what_chance_does_is_near_the_quantile_of_chi_squared(bins: int) -> None:
    expected = (1 / 500 + 1 / 2000) * chi2.ppf(0.95, bins - 1)
    assert psi_by_chance(500, 2000, bins) == pytest.approx(expected, rel=0.025)


def test_one_bin_can_not_differ() -> None:
    assert psi_by_chance(10, 10, 1) == 0
    assert psi([7], [9]) == 0
    assert jensen_shannon([7], [9]) == 0
