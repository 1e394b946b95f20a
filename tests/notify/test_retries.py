"""What becomes of a delivery after an attempt."""

from __future__ import annotations

import pytest

from solvent.notify.retries import MAX_ATTEMPTS, is_delivered, wait_after


@pytest.mark.parametrize("status", [None, 408, 425, 429, 500, 502, 503, 504, 599])
def test_what_may_pass_is_tried_again_a_bounded_number_of_times(status: int | None) -> None:
    waits = [wait_after(attempt, status, 0) for attempt in range(1, MAX_ATTEMPTS + 1)]
    assert waits[-1] is None
    given = [wait for wait in waits if wait is not None]
    assert len(given) == MAX_ATTEMPTS - 1
    assert given == sorted(given)


@pytest.mark.parametrize("status", [300, 301, 302, 307, 308, 400, 401, 403, 404, 410, 422])
def test_what_would_be_the_same_again_is_given_up(status: int) -> None:
    assert wait_after(1, status, 0) is None


def test_waits_are_spread() -> None:
    assert wait_after(1, 500, 0) != wait_after(1, 500, 1)


def test_only_a_success_is_a_delivery() -> None:
    assert [code for code in (199, 200, 204, 299, 300, 404) if is_delivered(code)] == [200, 204, 299]
