"""What becomes of a delivery after an attempt."""

from __future__ import annotations

_WAITS = (2, 10, 60, 300, 1_800, 7_200, 21_600)  # seconds; together about 8.6 hours
_PASSING = {408, 425, 429}

MAX_ATTEMPTS = len(_WAITS) + 1


def is_delivered(status: int) -> bool:
    return 200 <= status < 300


def wait_after(attempts: int, status: int | None, spread: float) -> float | None:
    """Seconds to wait before the next attempt; None if there is none.

    Tried again are what had no answer (``status`` None), what the receiver says is passing, and its
    own failures; a redirect or a refusal would be the same again.

    Args:
        attempts: how many there were.
        status: of the last answer.
        spread: a random number from 0 to 1: so that many don't come back at the same moment.

    >>> wait_after(1, 503, 0.5), wait_after(1, 404, 0.5)
    (2.5, None)
    """
    passing = status is None or status in _PASSING or status >= 500
    if not passing or attempts > len(_WAITS):
        return None
    return _WAITS[attempts - 1] * (1 + spread / 2)
