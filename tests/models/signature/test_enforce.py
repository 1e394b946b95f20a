"""Data held against a signature: what passes, what is converted, and all that is told of what does not fit."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvent.errors import InvalidInput
from solvent.models.errors import BadInput
from solvent.models.signature.enforce import enforce, enforce_params
from solvent.models.signature.infer import infer_signature
from solvent.models.signature.signature import Signature

FRAME = pd.DataFrame({"age": [31, 45], "income": [1.5, 2.5], "city": ["Bern", "Ulm"]})
KNOWN = infer_signature(FRAME)
GAPS = infer_signature(pd.DataFrame({"n": pd.array([1, None], "Int64")}))


def refusal(data: Any, signature: Signature = KNOWN) -> str:
    with pytest.raises(BadInput) as caught:
        enforce(data, signature)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_all_that_is_wrong_is_told_at_once() -> None:
    data = pd.DataFrame(
        {"Age": [1, 2, 3], "income": ["1.5", "2.5", "x"], "city": pd.Series(["Bern", 3, 4], dtype=object)}
    )
    with pytest.raises(BadInput) as caught:
        enforce(data, KNOWN)
    assert str(caught.value) == (
        "the input does not fit the model's signature: "
        "column 'age': expected long, came no such column [nearest that came: 'Age']; "
        "column 'income': expected double, came str in 3 of 3 rows (first in row 0: '1.5') "
        "[texts are not read as numbers: convert the column first]; "
        "column 'city': expected string, came int in 2 of 3 rows (first in row 1: 3)"
    )
    problems: Any = caught.value.details["problems"]
    assert [(one["column"], one["count"], one["row"]) for one in problems] == [
        ("column 'age'", None, None),
        ("column 'income'", 3, 0),
        ("column 'city'", 2, 1),
    ]


def test_a_thousand_problems_are_one_line_of_twenty() -> None:
    wide = infer_signature(pd.DataFrame({f"c{number}": [1] for number in range(1000)}))
    said = refusal(pd.DataFrame({"z": [1]}), wide)
    assert said.endswith("; and 980 more")
    assert len(said) < 3000


def test_columns_come_in_order_and_others_are_left_out_with_one_warning() -> None:
    given_ = FRAME[["city", "income", "age"]].assign(z=1, y=2)
    with pytest.warns(UserWarning, match="left out: 'z', 'y'") as caught:
        found = enforce(given_, KNOWN)
    assert list(found.columns) == ["age", "income", "city"]
    assert len(caught) == 1
    assert caught[0].filename == __file__


def test_whole_numbers_with_gaps() -> None:
    for values in (pd.array([2, None], "Int64"), [2.0, None], pd.Series([2, None], dtype=object)):
        found = enforce(pd.DataFrame({"n": values}), GAPS)
        assert str(found["n"].dtype) == "Int64"
        assert found["n"].isna().tolist() == [False, True]
    assert str(enforce(pd.DataFrame({"n": [1, 2]}), GAPS)["n"].dtype) == "int64"
    assert str(enforce(pl.DataFrame({"n": [2**60 + 1, None]}), GAPS)["n"].dtype) == "Int64"
    assert enforce([{"n": 2**60 + 1}, {"n": None}], GAPS)["n"][0] == 2**60 + 1
    assert "came double (float64) in 2 of 2 rows" in refusal(pd.DataFrame({"n": [2.5, None]}), GAPS)


def test_a_gap_in_a_required_column_of_whole_numbers_says_what_to_do() -> None:
    said = refusal(FRAME.assign(age=[31, None]))
    assert "column 'age': expected long in each row, came nothing in 1 of 2 rows (first in row 1)" in said
    assert "infer the signature from data in which the column has some" in said
    assert "came nothing" in refusal([{"age": None, "income": 1.5, "city": "Bern"}])


def test_nothing_is_lost() -> None:
    assert "column 'income': expected double, exactly, came int in 1 of 1 rows" in refusal(
        pd.DataFrame({"age": [1], "income": [2**53 + 1], "city": ["x"]})
    )
    assert "expected long, came int" in refusal([{"age": 2**63, "income": 1.5, "city": "x"}])
    assert "expected long, came float" in refusal([{"age": 1.5, "income": 1.5, "city": "x"}])
    assert "expected long, came bool" in refusal([{"age": True, "income": 1.5, "city": "x"}])
    narrow = infer_signature(pd.DataFrame({"a": pd.Series([1.5], dtype="float32")}))
    assert "expected float, came double (float64)" in refusal(pd.DataFrame({"a": [0.1]}), narrow)


def test_categories_stay_categories() -> None:
    found = enforce(FRAME.astype({"city": "category"}), KNOWN)
    assert isinstance(found["city"].dtype, pd.CategoricalDtype)
    assert "column 'age': expected long, came category" in refusal(FRAME.assign(age=pd.Categorical(["a", "b"])))


def test_arrays_are_taken_by_position_if_they_are_as_wide() -> None:
    known = infer_signature(pd.DataFrame({"a": [1.5], "b": [2.5]}))
    assert enforce(np.array([[3.5, 4.5]]), known).to_dict("list") == {"a": [3.5], "b": [4.5]}
    assert enforce([[3.5, 4.5]], known).to_dict("list") == {"a": [3.5], "b": [4.5]}
    for wrong in (np.zeros((1, 3)), np.zeros((1, 1)), [[1.0, 2.0, 3.0]]):
        assert "the model takes 2 columns (a, b), and what has no names is taken by position" in refusal(wrong, known)
    assert "got one of shape (1, 2, 3)" in refusal(np.zeros((1, 2, 3)), known)
    unnamed = infer_signature(pd.DataFrame([[1.5, 2.5]]))
    assert "got 3 columns" in refusal(np.zeros((1, 3)), unnamed)


def test_polars_frames_become_pandas_ones() -> None:
    found = enforce(pl.DataFrame({"city": ["Bern", None], "income": [1, 2], "age": [3, 4]}), KNOWN)
    assert found["age"].tolist() == [3, 4]
    assert found["income"].tolist() == [1.0, 2.0]
    assert found["city"].isna().tolist() == [False, True]
    assert "column 'age': expected long, came str" in refusal(
        pl.DataFrame({"city": ["Bern"], "income": [1.5], "age": ["3"]})
    )


def test_dates() -> None:
    known = infer_signature(pd.DataFrame({"d": pd.to_datetime(["2026-01-01"])}))
    for value in (dt.date(2026, 5, 1), dt.datetime.fromisoformat("2026-05-01"), np.datetime64("2026-05-01")):
        assert enforce([{"d": value}], known)["d"][0] == pd.Timestamp("2026-05-01")
    assert "convert the column first, with pandas.to_datetime" in refusal([{"d": "2026-05-01"}], known)
    zoned = pd.DataFrame({"d": pd.to_datetime(["2026-01-01"], utc=True)})
    assert "tz_localize(None)" in refusal(zoned, known)
    assert "tz_localize(None)" in refusal(zoned.astype(object), known)
    assert "between the years 1678 and 2262" in refusal([{"d": dt.date(9999, 1, 1)}], known)


def test_what_is_within_values_is_told_with_its_path() -> None:
    known = infer_signature([{"a": {"k": [1, 2]}}])
    assert "column 'a'.k[1]: expected long, came str 'x' in 1 of 1 rows (first in row 0)" in refusal(
        [{"a": {"k": [1, "x"]}}], known
    )
    assert "column 'a'.z: expected one of the keys k" in refusal([{"a": {"k": [1], "z": 1}}], known)


def test_a_name_twice_in_the_data() -> None:
    twice = pd.concat([FRAME, FRAME[["age"]]], axis=1)
    assert "column 'age': expected one column, came 2 columns of that name" in refusal(twice)


def test_no_signature_and_one_that_knows_nothing_let_all_pass() -> None:
    data = object()
    assert enforce(data, None) is data
    assert enforce(data, Signature.from_dict({"inputs": '[{"type": "any", "required": true}]'})) is data
    assert enforce(data, infer_signature(None, [1])) is data


def test_what_is_no_table() -> None:
    assert "the model takes columns" in refusal(object())
    assert "columns of one length" in refusal({"age": [1, 2], "income": [1.5], "city": ["x"]})
    assert "rows of one length" in refusal([[1, 2.5, "x"], [1]])


def test_tensors() -> None:
    known = infer_signature({"x": np.zeros((2, 3), "float32"), "y": np.zeros(2)})
    said = refusal({"x": np.zeros((2, 4)), "z": 1}, known)
    assert "array 'x': expected the shape (-1, 3), came the shape (2, 4)" in said
    assert "array 'y': expected float64 (-1,), came no such array" in said
    assert "[convert it: .astype('float32')]" in refusal({"x": np.zeros((2, 3)), "y": np.zeros(2)}, known)
    with pytest.warns(UserWarning, match="left out: 'z'"):
        enforce({"x": np.zeros((1, 3), "float32"), "y": np.zeros(1), "z": np.zeros(1)}, known)


def test_params() -> None:
    known = infer_signature(params={"t": 0.5, "n": [1], "d": dt.date(2026, 1, 1)})
    assert enforce_params(None, known) == {"t": 0.5, "n": [1], "d": dt.date(2026, 1, 1)}
    assert enforce_params(None, Signature.from_dict(known.to_dict())) == enforce_params(None, known)
    assert enforce_params({"t": 1, "n": np.array([2]), "d": "2026-02-01"}, known) == {
        "t": 1.0, "n": [2], "d": dt.date(2026, 2, 1),
    }  # fmt: skip
    with pytest.raises(BadInput, match=r"param 't': expected double, came str 'x'; param 'n'\[1\]: expected long"):
        enforce_params({"t": "x", "n": [1, 2.5]}, known)
    with pytest.warns(UserWarning, match="left out: 'z'"):
        assert "z" not in enforce_params({"z": 1}, known)
    with pytest.warns(UserWarning, match="left out: 'z'"):
        assert enforce_params({"z": 1}, None) == {}


SCALARS = st.sampled_from(
    [
        st.integers(-(2**63), 2**63 - 1),
        st.floats(width=64),
        st.text(max_size=5),
        st.booleans(),
        st.binary(max_size=5),
        st.datetimes(dt.datetime.fromisoformat("1700-01-01"), dt.datetime.fromisoformat("2200-01-01")),
    ]
)


@st.composite
def records(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Rows of columns that each have one type, and gaps."""
    kinds = draw(st.dictionaries(st.text(min_size=1, max_size=3), SCALARS, min_size=1, max_size=4))
    count = draw(st.integers(1, 4))
    return [{name: draw(st.none() | kind) for name, kind in kinds.items()} for _ in range(count)]


def same(one: Any, other: Any) -> bool:
    if one is None or one is pd.NA or one is pd.NaT or one != one:
        return other is None or other is pd.NA or other is pd.NaT or other != other
    return bool(one == other)


@given(records())
def test_what_a_signature_was_inferred_from_fits_it_and_keeps_its_values(rows: list[dict[str, Any]]) -> None:
    found = enforce(rows, infer_signature(rows))
    for name in rows[0]:
        assert all(same(row[name], value) for row, value in zip(rows, found[name], strict=True))


@given(records())
def test_frames_fit_the_signature_that_was_inferred_from_them(rows: list[dict[str, Any]]) -> None:
    frame = pd.DataFrame({name: pd.Series([row[name] for row in rows], dtype=object) for name in rows[0]})
    known = infer_signature(frame)
    assert Signature.from_dict(known.to_dict()) == known
    once = enforce(frame, known)
    pd.testing.assert_frame_equal(enforce(once, known), once)


@given(records(), records())
def test_other_data_is_refused_or_fits_without_loss(one: list[dict[str, Any]], other: list[dict[str, Any]]) -> None:
    rows = [dict(zip(one[0], row.values(), strict=False)) for row in other]
    try:
        found = enforce(rows, infer_signature(one))
    except BadInput:
        return
    for name in found:
        assert all(same(row.get(name), value) for row, value in zip(rows, found[name], strict=True))


@given(st.lists(SCALARS.flatmap(lambda kind: kind), min_size=1, max_size=6))
def test_mixed_columns_are_inferred_or_refused_in_one_line(values: list[Any]) -> None:
    frame = pd.DataFrame({"a": pd.Series(values, dtype=object)})
    try:
        enforce(frame, infer_signature(frame))
        refused = ""
    except InvalidInput as wrong:
        refused = str(wrong)
    assert "\n" not in refused
    assert refused == "" or "column 'a'" in refused
