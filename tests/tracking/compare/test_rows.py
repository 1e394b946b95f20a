"""Values side by side."""

from __future__ import annotations

from solvent.tracking.compare.rows import MAX_VALUE, metrics_of, rows_of


def test_what_differs_comes_first_and_a_missing_value_differs_from_an_empty_one() -> None:
    rows = rows_of([{"a": "1", "b": "2", "c": ""}, {"a": "1", "b": "3"}])
    assert [(row.key, row.differs) for row in rows] == [("b", True), ("c", True), ("a", False)]
    assert rows[1].values == ["", None]


def test_who_recorded_nothing_of_the_kind_differs_from_nobody() -> None:
    rows = rows_of([{"numpy": "2.1"}, None, {"numpy": "2.1", "scipy": "1.0"}])
    assert [(row.key, row.differs, row.values) for row in rows] == [
        ("scipy", True, [None, None, "1.0"]),
        ("numpy", False, ["2.1", None, "2.1"]),
    ]


def test_a_long_value_is_compared_whole_and_told_in_part() -> None:
    (row,) = rows_of([{"a": "x" * 10_000 + "1"}, {"a": "x" * 10_000 + "2"}])
    assert row.differs
    assert row.values[0] == "x" * MAX_VALUE + " … (10,001 characters in all)"


def test_metrics_are_compared_by_all_their_digits_and_nan_is_like_nan() -> None:
    close, odd = metrics_of(
        [
            {"close": (0.1234567, 0.0, 1.0), "odd": ("NaN", "NaN", "NaN")},
            {"close": (0.1234568, 0.0, 1.0), "odd": ("NaN", "NaN", "NaN")},
        ]
    )
    assert (close.differs, odd.differs) == (True, False)
    assert odd.difference == [None, None]


def test_a_metric_tells_how_far_each_run_is_from_the_first() -> None:
    (row,) = metrics_of([{"m": (2.0, 1.0, 3.0)}, {"m": (3.0, 1.0, 3.0)}, {}, {"m": ("Infinity", 1.0, "Infinity")}])
    assert row.difference == [0.0, 1.0, None, None]
    assert row.relative == [0.0, 0.5, None, None]
    (row,) = metrics_of([{"m": (0.0, 0.0, 0.0)}, {"m": (1e308, 0.0, 0.0)}])
    assert row.relative == [None, None]
    assert metrics_of([{"m": (-1e308,) * 3}, {"m": (1e308,) * 3}])[0].difference == [0.0, "Infinity"]
