"""Patterns of other dialects: told from those that an engine can use, which are put into a group of ours."""

from __future__ import annotations

import time
import warnings

import pytest

from solvent.data.contract.patterns import LONGEST, problem_of


@pytest.mark.parametrize(
    "pattern",
    [r"\p{L}+", r"[*+]+", r"[+*?}]+x", r"\[*+?"[:-2], r"[[:alpha:]]+", r"\(\)", r"[(]", r"[)]+", r"[]+]+", r"\x{41}+", r"\\+",
     r"(?i:a)(b)", r"[a-z&&[^b]]"],
)  # fmt: skip
def test_what_an_engine_can_use(pattern: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert problem_of(pattern) is None


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        (r"\pL)|(?:", "brackets don't close"),
        (r"\pL(", "brackets don't close"),
        (r"a++", "possessive"),
        (r"a{2}+", "possessive"),
        (r"[ab]*+", "possessive"),
        (r"\\(?=a)", "looks ahead"),
        (r"(a)\1", "refers back"),
    ],
)
def test_what_none_can(pattern: str, problem: str) -> None:
    assert problem in (problem_of(pattern) or "")


@pytest.mark.parametrize("part", ["[", "(", r"\p{", "[[:", "a|", "(a{1,9}"])
def test_to_look_at_a_pattern_takes_bounded_time(part: str) -> None:
    began = time.process_time()
    problem_of((part * LONGEST)[:LONGEST])
    assert "longer than 10,000" in (problem_of(part * 3_000_000) or "")
    assert time.process_time() - began < 10
