"""The parts are what the model may assume of them."""

from __future__ import annotations

import pytest

import data


@pytest.fixture(scope="module")
def parts() -> data.Parts:
    return data.load()


def test_every_row_is_in_exactly_one_part(parts: data.Parts) -> None:
    rows = [set(part.features.index) for part in (parts.train, parts.validation, parts.test)]
    assert [len(part) for part in rows] == [341, 114, 114]
    assert len(set.union(*rows)) == 569


def test_the_parts_have_the_same_share_of_malignant_tumours(parts: data.Parts) -> None:
    shares = [part.malignant.mean() for part in (parts.train, parts.validation, parts.test)]
    assert shares == pytest.approx([0.3726] * 3, abs=0.005)


def test_nothing_is_missing_and_measures_are_not_negative(parts: data.Parts) -> None:
    for part in (parts.train, parts.validation, parts.test):
        assert part.features.shape[1] == 31
        assert part.features.notna().all(axis=None)
        assert (part.features >= 0).all(axis=None)


def test_the_split_is_the_same_every_time(parts: data.Parts) -> None:
    assert data.load().test.features.equals(parts.test.features)


def test_the_variation_of_sizes_is_at_least_one(parts: data.Parts) -> None:
    assert (parts.train.features["size_variation"] >= 1).all()
