"""How values are shown."""

from __future__ import annotations

import pytest

from solvent.cli.output import duration


@pytest.mark.parametrize(
    ("milliseconds", "shown"),
    [
        (0, "0.0s"),
        (450, "0.5s"),
        (9_960, "10.0s"),
        (59_400, "59s"),
        (59_600, "1m00s"),
        (3_725_000, "1h02m"),
        (-5, "0.0s"),
    ],
)
def test_durations(milliseconds: int, shown: str) -> None:
    assert duration(1_000, 1_000 + milliseconds) == shown


def test_what_lasts_has_no_duration() -> None:
    assert duration(1_000, None) == ""
