"""What is refused before it is written, and what is not."""

from __future__ import annotations

import numpy
import pytest

from solvent.client.checks import check_artifact_path, check_key, to_float, to_int
from solvent.errors import InvalidInput


@pytest.mark.parametrize("key", ["a", "a/b", "val loss", "ä", "a:b", "a.b", "a-b", "x" * 250])
def test_names_that_are_good(key: str) -> None:
    assert check_key(key, "metric") == key


@pytest.mark.parametrize("key", ["", "a//b", "../a", "/a", "a/", ".", "a\n", "a\\b", "a%", "x" * 251, 5, None])
def test_names_that_are_not(key: object) -> None:
    with pytest.raises(InvalidInput, match="name"):
        check_key(key, "metric")


@pytest.mark.parametrize(
    ("value", "expected"),
    [(1, 1.0), (numpy.float32(0.5), 0.5), (numpy.int64(3), 3.0), (numpy.array([[2.0]]), 2.0), (True, 1.0)],
)
def test_numbers_of_all_kinds(value: object, expected: float) -> None:
    assert to_float("m", value) == expected


@pytest.mark.parametrize("value", [1.5, "1", None, 2**63, float("nan"), float("inf")])
def test_steps_that_are_none(value: object) -> None:
    with pytest.raises(InvalidInput, match="step must"):
        to_int(value, "step")


def test_steps() -> None:
    assert [to_int(value, "step") for value in (3, 3.0, numpy.int32(3), -1)] == [3, 3, 3, -1]


@pytest.mark.parametrize("path", ["", "/a", "../a", "a/../b", "a//b", "a/", "./a", "C:\\..\\x", "a\0"])
def test_artifact_paths_that_are_none(path: str) -> None:
    with pytest.raises(InvalidInput, match="Invalid artifact path"):
        check_artifact_path(path)
