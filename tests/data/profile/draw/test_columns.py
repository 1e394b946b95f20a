from __future__ import annotations

import msgspec

from solvent.data.profile.draw.columns import HEADERS, heading, remarks, rows
from solvent.data.profile.model import ColumnProfile
from tests.data.profile.profiles import broken, numbers, profile, texts


def cells(column: ColumnProfile) -> dict[str, str]:
    return dict(zip(HEADERS, rows(profile(column))[0], strict=True))


def test_a_column_of_numbers() -> None:
    found = cells(numbers("x", [0.5, 1.5, 2.5], [0.0, 1.0, 2.0, 3.0], nulls=1, nans=2, positive_infinite=1))
    assert found == {
        "column": "x",
        "kind": "number",
        "nulls": "14.3% +2 NaN +1 inf",
        "distinct": "3",
        "least": "0.5",
        "mean": "1.5",
        "most": "2.5",
        "histogram": "███",
        "most frequent": "",
    }


def test_values_that_are_texts() -> None:
    found = cells(texts("t", {"\x1b[2J": 6, "": 3, "x" * 300: 1}))
    assert found["most frequent"] == "\\x1b[2J 60.0%, '' 30.0%, " + "x" * 23 + "… 10.0%"
    assert cells(texts("id", {str(place): 1 for place in range(20)}, others=100))["most frequent"] == "no value twice"


def test_dates_are_dates() -> None:
    column = numbers("day", [0.0, 86_400.0], [0.0, 86_400.0], kind="date")
    assert [cells(column)[name] for name in ("least", "mean", "most")] == ["1970-01-01", "1970-01-01", "1970-01-02"]


def test_what_failed_is_said_in_its_row_and_below() -> None:
    whole = profile(
        broken("shape", "no such\nfunction"), texts("t", {"a": 1}, others=5), notes=["tags: by length alone"]
    )
    assert rows(whole)[0] == ["shape", "other", "-", "-", "-", "-", "-", "failed", ""]
    assert remarks(whole) == [
        "shape could not be looked at: no such\\nfunction",
        "tags: by length alone",
        "least, mean and most are lengths: t",
        "~ is an estimate of the number of distinct values (standard error 3.25%)",
    ]


def test_the_heading_says_if_not_all_was_looked_at() -> None:
    whole = profile(texts("t", {"a": 1}))
    assert heading(whole, "a.csv") == "a.csv: 1 row, 1 column"
    sampled = msgspec.structs.replace(whole, rows=1_000_000, sampled=1000)
    assert heading(sampled, "a.csv") == "a.csv: 1,000,000 rows, 1,000 of them looked at, 1 column"
