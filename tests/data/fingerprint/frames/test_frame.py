"""Fingerprints of frames: the same in every library, and another one for other data."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy
import pandas
import polars
import pyarrow
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvent.data.errors import UnreadableData
from solvent.data.fingerprint.frames.frame import of_frame

UTC = dt.UTC
MOMENTS = [dt.datetime.fromisoformat("2026-01-02T03:04:05.000006"), dt.datetime.fromisoformat("1950-01-01"), None]
AWARE = [dt.datetime(2026, 7, 2, 3, 4, 5, 6, tzinfo=UTC), None]


def digest(frame: Any) -> str:
    return of_frame(frame).digest


def arrow(values: list[Any], kind: Any) -> pyarrow.Table:
    return pyarrow.table({"x": pyarrow.array(values, kind)})


def in_all(values: list[Any], kind: Any) -> set[str]:
    """The fingerprints of one column in Arrow, Polars and pandas with Arrow's types."""
    table = arrow(values, kind)
    with_arrow = table.to_pandas(types_mapper=pandas.ArrowDtype)
    chunked = pyarrow.concat_tables([table.slice(0, 1), table.slice(1)])
    return {digest(each) for each in (table, polars.from_arrow(table), with_arrow, chunked, table.to_batches()[0])}


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([1, None, -(2**63)], pyarrow.int64()),
        ([2**53 + 1, None, 0], pyarrow.uint64()),
        ([1, 2, 3], pyarrow.int8()),
        ([0.5, None, float("inf")], pyarrow.float64()),
        ([0.5, -0.0], pyarrow.float32()),
        ([True, None, False], pyarrow.bool_()),
        (["a", None, "", "ü\U0001f600"], pyarrow.string()),
        (["a"], pyarrow.large_string()),
        (MOMENTS, pyarrow.timestamp("us")),
        (MOMENTS, pyarrow.timestamp("ns")),
        (AWARE, pyarrow.timestamp("us", "Europe/Berlin")),
        ([dt.date(2026, 1, 1), None], pyarrow.date32()),
        ([dt.time(1, 2), None], pyarrow.time64("us")),
        ([dt.timedelta(days=1), None], pyarrow.duration("us")),
        ([Decimal("1.50"), None], pyarrow.decimal128(10, 2)),
        ([b"\x00", None], pyarrow.binary()),
        ([[1, None], None, []], pyarrow.list_(pyarrow.int64())),
        (
            [{"a": 1, "b": "x"}, {"a": None, "b": None}],
            pyarrow.struct([("a", pyarrow.int64()), ("b", pyarrow.string())]),
        ),
        ([None, None], pyarrow.string()),
        ([1], pyarrow.int32()),
    ],
    ids=lambda value: str(value) if isinstance(value, pyarrow.DataType) else "",
)
def test_it_is_the_same_in_every_library(values: list[Any], kind: Any) -> None:
    assert len(in_all(values, kind)) == 1


@pytest.mark.parametrize(
    ("own", "values", "kind"),
    [
        (pandas.Series([1, 2]), [1, 2], pyarrow.int64()),
        (pandas.Series([1, None], dtype="Int64"), [1, None], pyarrow.int64()),
        (pandas.Series([0.5, None]), [0.5, None], pyarrow.float64()),
        (pandas.Series([True, None], dtype="boolean"), [True, None], pyarrow.bool_()),
        (pandas.Series(["a", None]), ["a", None], pyarrow.string()),
        (pandas.Series(["a", None], dtype=object), ["a", None], pyarrow.string()),
        (pandas.Series(MOMENTS), MOMENTS, pyarrow.timestamp("us")),
        (pandas.Series(MOMENTS, dtype="datetime64[ns]"), MOMENTS, pyarrow.timestamp("us")),
        (pandas.Series(AWARE, dtype="datetime64[us, UTC]"), AWARE, pyarrow.timestamp("us", "UTC")),
        (
            pandas.Series(["a", "b", None], dtype="category"),
            ["a", "b", None],
            pyarrow.dictionary(pyarrow.int8(), pyarrow.string()),
        ),
        (pandas.Series([[1], [2, 3]]), [[1], [2, 3]], pyarrow.list_(pyarrow.int64())),
        (pandas.Series(numpy.array([1, 2], ">i4")), [1, 2], pyarrow.int32()),
    ],
    ids=str,
)
def test_pandas_own_types_are_the_same_too(own: Any, values: list[Any], kind: Any) -> None:
    assert digest(pandas.DataFrame({"x": own})) == digest(arrow(values, kind))


def test_categories_are_the_same_in_polars_and_pandas() -> None:
    ours = polars.DataFrame({"x": ["a", "b"]}, schema={"x": polars.Categorical})
    enum = polars.DataFrame({"x": ["a", "b"]}, schema={"x": polars.Enum(["b", "a"])})
    theirs = pandas.DataFrame({"x": pandas.Categorical(["a", "b"], categories=["b", "a", "c"])})
    assert digest(ours) == digest(enum) == digest(theirs)


FRAME = polars.DataFrame({"a": [1, 2, 3], "b": ["x", "yz", None]})


@pytest.mark.parametrize(
    "other",
    [
        FRAME.select("b", "a"),
        FRAME.rename({"a": "c"}),
        FRAME.cast({"a": polars.Int32}),
        FRAME.cast({"a": polars.Float64}),
        FRAME.reverse(),
        FRAME.head(2),
        FRAME.with_columns(a=polars.Series([1, 2, 4])),
        FRAME.with_columns(a=polars.Series([1, 2, None])),
        FRAME.with_columns(b=polars.Series(["xy", "z", None])),
        FRAME.with_columns(b=polars.Series(["x", "yz", ""])),
        FRAME.with_columns(c=1),
        FRAME.drop("b"),
    ],
    ids=lambda frame: str(frame.to_dict(as_series=False)),
)
def test_any_difference_shows(other: polars.DataFrame) -> None:
    assert digest(other) != digest(FRAME)


def test_the_index_and_the_layout_do_not_count() -> None:
    frame = pandas.DataFrame({"a": [1, 2], "b": [0.5, 1.5]})
    assert digest(frame) == digest(frame.set_index(pandas.Index(["p", "q"])))
    assert digest(frame) == digest(
        pandas.DataFrame(numpy.array([[1.0, 0.5], [2.0, 1.5]], order="F"), columns=["a", "b"]).astype({"a": "int64"})
    )
    assert digest(frame) == digest(pandas.concat([frame, frame]).iloc[:2])


def test_it_is_what_it_was() -> None:
    """A stored fingerprint must not change with a version of ours or of a library."""
    more = FRAME.with_columns(
        f=polars.Series([0.5, None, 2.0]), t=polars.Series(MOMENTS), o=polars.Series([[1], None, []])
    )
    assert (digest(FRAME), digest(more)) == PINNED


def test_units_of_time_do_not_count_but_what_they_hold_does() -> None:
    exact = [pandas.Timestamp("2026-01-01"), None]
    assert len({digest(arrow(exact, pyarrow.timestamp(unit))) for unit in ("s", "ms", "us", "ns")}) == 1
    finer = pandas.DataFrame({"x": pandas.Series([1, 2], dtype="datetime64[ns]")})
    assert digest(finer) != digest(pandas.DataFrame({"x": pandas.Series([0, 0], dtype="datetime64[ns]")}))
    far = arrow([2**62], pyarrow.timestamp("s"))
    assert digest(far) != digest(arrow([2**62 + 1], pyarrow.timestamp("s")))


@given(st.lists(st.one_of(st.none(), st.text()), min_size=1), st.lists(st.one_of(st.none(), st.text()), min_size=1))
def test_texts_are_never_mistaken(one: list[Any], other: list[Any]) -> None:
    first, second = (digest(polars.DataFrame({"x": values}, schema={"x": polars.String})) for values in (one, other))
    assert (first == second) == (one == other)


VALUES = st.recursive(
    st.one_of(st.none(), st.integers(), st.text(max_size=3), st.booleans(), st.binary(max_size=3)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=2), inner, max_size=2)),
    max_leaves=6,
)


def _exact(value: Any) -> str:
    """Equal for equal values of equal types: True is not 1 here."""
    return repr(value)


@given(st.lists(VALUES, min_size=1, max_size=4), st.lists(VALUES, min_size=1, max_size=4))
def test_objects_are_never_mistaken(one: list[Any], other: list[Any]) -> None:
    frames = (pandas.DataFrame({"x": pandas.Series(values, dtype=object)}) for values in (one, other))
    first, second = map(digest, frames)
    assert (first == second) == (_exact(one) == _exact(other))


class Thing:
    pass


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (pandas.DataFrame([[1, 2]], columns=["a", "a"]), "'a': rename"),
        (pandas.DataFrame({"x": [Thing()]}), "column 'x' holds a .*Thing"),
        (FRAME.lazy(), "collect a lazy one first"),
        ([1, 2], "builtins.list has no fingerprint"),
    ],
)
def test_what_has_no_fingerprint_is_refused(frame: Any, message: str) -> None:
    with pytest.raises(UnreadableData, match=message):
        of_frame(frame)


def test_a_circle_is_refused() -> None:
    circle: list[Any] = []
    circle.append(circle)
    with pytest.raises(UnreadableData, match="nested more than 50 deep"):
        of_frame(pandas.DataFrame({"x": pandas.Series([circle], dtype=object)}))


def test_empty_frames_differ_by_their_columns() -> None:
    empty = [polars.DataFrame(), FRAME.head(0), FRAME.head(0).cast({"a": polars.Int8})]
    assert len({digest(frame) for frame in empty}) == 3
    assert digest(FRAME.head(0)) == digest(FRAME.head(0).to_arrow())


PINNED = (
    "d3408d667d769ede82c10f5b0c840beba07c2de0ed995e6f3d9980f569f58aca",
    "81b0623195bc9fa32bb750b5310874073deab82465868232a99745e8dabc182d",
)
