"""Numbers as people read them: the same in the terminal and on the page."""

from __future__ import annotations

import json
from pathlib import Path

from solvent.data.profile.draw.numbers import percent, short

CASES = json.loads((Path(__file__).parents[4] / "web" / "src" / "lib" / "numbers.cases.json").read_text("utf-8"))


def test_numbers_are_written_as_on_the_page() -> None:
    assert [short(value) for value, _ in CASES["short"]] == [text for _, text in CASES["short"]]


def test_shares_are_written_as_on_the_page() -> None:
    assert [percent(share) for share, _ in CASES["percent"]] == [text for _, text in CASES["percent"]]


def test_little_is_never_nothing() -> None:
    assert percent(2 / 200_000) == "<0.01%"
    assert percent(1 - 2 / 200_000) == ">99.99%"
