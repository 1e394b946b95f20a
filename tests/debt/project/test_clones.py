"""Copies of runs of units."""

from __future__ import annotations

from solvent.debt.project.clones import Copied, Run, copies


def test_a_run_that_two_files_share_is_a_copy() -> None:
    first = [1, 2, *range(100, 120), 3]
    later = [7, *range(100, 120), 8, 9]

    assert list(copies([first, later], 12)) == [Copied(Run(0, 2, 22), Run(1, 1, 21), 20, 20)]


def test_small_changes_do_not_end_it() -> None:
    first = list(range(100, 130))
    later = [*range(100, 110), 7, *range(112, 130)]

    (copied,) = copies([first, later], 12)

    assert (copied.later, copied.equal) == (Run(1, 0, 29), 28)


def test_what_is_short_or_monotonous_is_none() -> None:
    assert list(copies([list(range(11)), list(range(11))], 12)) == []
    assert list(copies([[1, 2] * 30, [1, 2] * 30], 12)) == []


def test_two_copies_in_one_pair_of_files_are_two() -> None:
    first = [*range(100, 120), *range(20), *range(200, 220)]
    later = [*range(200, 220), *range(500, 520), *range(100, 120)]

    assert [each.later for each in copies([first, later], 12)] == [Run(1, 0, 20), Run(1, 40, 60)]
