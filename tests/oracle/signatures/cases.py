"""Data whose signature both infer, and data that both hold against a signature.

Run in an environment of MLflow's as well, which has no Solvent.
"""

from __future__ import annotations

import datetime as dt
import decimal
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse

Made = Callable[[], Any]


def frame(**columns: Any) -> pd.DataFrame:
    return pd.DataFrame(columns)


def column(values: Any, dtype: Any = None) -> pd.DataFrame:
    return pd.DataFrame({"a": pd.Series(values, dtype=dtype)})


INFER: dict[str, Made] = {
    "ints": lambda: column([1, 2]),
    "int8": lambda: column([1, 2], "int8"),
    "int32": lambda: column([1, 2], "int32"),
    "uint8": lambda: column([1, 2], "uint8"),
    "uint32": lambda: column([1, 2], "uint32"),
    "uint64": lambda: column([1, 2], "uint64"),
    "Int64": lambda: column([1, 2], "Int64"),
    "Int64 with NA": lambda: column([1, None], "Int64"),
    "Int32 with NA": lambda: column([1, None], "Int32"),
    "ints with NaN": lambda: column([1, None]),
    "floats": lambda: column([1.5, 2.0]),
    "float32": lambda: column([1.5, None], "float32"),
    "float16": lambda: column([1.5], "float16"),
    "Float64 with NA": lambda: column([1.5, None], "Float64"),
    "complex": lambda: column([1j]),
    "booleans": lambda: column([True, False]),
    "boolean with NA": lambda: column([True, None], "boolean"),
    "booleans with None": lambda: column([True, None], object),
    "texts": lambda: column(["x", "y"]),
    "texts with None": lambda: column(["x", None]),
    "texts as objects": lambda: column(["x", None], object),
    "string": lambda: column(["x", None], "string"),
    "bytes": lambda: column([b"x", b"y"]),
    "category of texts": lambda: column(["x", "y", "x"], "category"),
    "category of ints": lambda: column([1, 2, 1], "category"),
    "datetimes": lambda: column(pd.to_datetime(["2026-01-01", None])),
    "datetimes in seconds": lambda: column(np.array(["2026-01-01"], "datetime64[s]")),
    "datetimes with zone": lambda: column(pd.to_datetime(["2026-01-01"], utc=True)),
    "dates as objects": lambda: column([dt.date(2026, 1, 1), None], object),
    "timedelta": lambda: column(pd.to_timedelta(["1D"])),
    "ints as objects": lambda: column([1, 2], object),
    "ints as objects with None": lambda: column([1, None], object),
    "mixed objects": lambda: column([1, "x"], object),
    "decimals": lambda: column([decimal.Decimal("1.5")], object),
    "nothing at all": lambda: column([None, None], object),
    "empty frame": lambda: column([], "int64"),
    "empty objects": lambda: column([], object),
    "lists": lambda: column([[1, 2], [3]], object),
    "lists with None": lambda: column([[1, None], None], object),
    "lists of texts and empty": lambda: column([["x"], []], object),
    "dicts": lambda: column([{"k": 1, "t": "x"}, {"k": 2}], object),
    "dicts in lists": lambda: column([[{"k": 1}], [{"k": 2, "m": 1.5}]], object),
    "dicts that differ": lambda: column([{"k": 1}, {"k": "x"}], object),
    "arrays": lambda: column([np.array([1.0, 2.0]), np.array([3.0])], object),
    "float32 arrays": lambda: column([np.array([1.0], "float32")], object),
    "many columns": lambda: frame(a=[1], b=[1.5], c=["x"], d=[True], e=[None]),
    "numbered columns": lambda: pd.DataFrame([[1, 2.5], [3, 4.5]]),
    "a name twice": lambda: pd.DataFrame([[1, 2]], columns=["a", "a"]),
    "levels of names": lambda: pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_tuples([("a", 1), ("a", 2)])),
    "series": lambda: pd.Series([1, 2], name="y"),
    "series without name": lambda: pd.Series([1.5, 2.5]),
    "series without name, with NaN": lambda: pd.Series([1.5, None]),
    "array": lambda: np.zeros((2, 3)),
    "array of one dimension": lambda: np.array([1, 2]),
    "array of float32": lambda: np.zeros((2, 3, 4), "float32"),
    "array of texts": lambda: np.array(["x", "yy"]),
    "array of bytes": lambda: np.array([b"x", b"yy"]),
    "array of objects": lambda: np.array([1, "x"], object),
    "array of booleans": lambda: np.array([True]),
    "array of datetimes": lambda: np.array(["2026-01-01"], "datetime64[ns]"),
    "array without dimensions": lambda: np.array(1.5),
    "arrays by name": lambda: {"x": np.zeros((2, 3)), "y": np.array([1, 2])},
    "csr": lambda: scipy.sparse.csr_matrix(np.eye(3)),
    "csc of float32": lambda: scipy.sparse.csc_matrix(np.eye(3, dtype="float32")),
    "csr array": lambda: scipy.sparse.csr_array(np.eye(3)),
    "dict of values": lambda: {"a": 1, "b": 2.5, "c": "x", "d": True, "e": None},
    "dict of lists": lambda: {"a": [1, 2], "b": ["x", None]},
    "dict of dicts": lambda: {"a": {"k": [1.5], "m": None}},
    "dict of empty lists": lambda: {"a": []},
    "dict of mixed lists": lambda: {"a": [1, "x"]},
    "dict with an int as key": lambda: {1: 2},
    "records": lambda: [{"a": 1, "b": "x"}, {"a": 2, "b": None}],
    "records with gaps": lambda: [{"a": 1}, {"b": 2.5}],
    "records of mixed values": lambda: [{"a": 1}, {"a": "x"}],
    "list of texts": lambda: ["x", "y"],
    "list of ints": lambda: [1, 2],
    "list of lists": lambda: [[1, 2], [3, 4]],
    "list of mixed values": lambda: [1, "x"],
    "list of int and float": lambda: [1, 2.5],
    "list of int16": lambda: [np.int16(1)],
    "list of float32": lambda: [np.float32(1)],
    "list of timestamps": lambda: [pd.Timestamp("2026-01-01")],
    "empty list": list,
    "text": lambda: "x",
    "number": lambda: 1.5,
    "bytes alone": lambda: b"x",
    "date": lambda: dt.date(2026, 1, 1),
    "tuple": lambda: (1, 2),
    "set": lambda: {1},
}
"""Told as inputs."""

PARAMS: dict[str, Any] = {
    "number": {"t": 0.5},
    "int": {"n": 3},
    "text": {"s": "x"},
    "boolean": {"b": True},
    "list": {"l": [1, 2]},
    "list of texts": {"l": ["x"]},
    "array": {"l": np.array([1.5, 2.5])},
    "array of int32": {"l": np.array([1, 2], "int32")},
    "numpy's": {"n": np.int64(3), "f": np.float32(1.5)},
    "date": {"d": dt.date(2026, 1, 1)},
    "datetime": {"d": dt.datetime.fromisoformat("2026-01-01T12:00:00")},
    "list of dates": {"d": [dt.datetime.fromisoformat("2026-01-01T12:00:00")]},
    "dict": {"d": {"k": 1, "m": [1.5]}},
    "none": {"n": None},
    "bytes": {"b": b"x"},
    "list of lists": {"l": [[1]]},
    "mixed list": {"l": [1, "x"]},
    "int and float": {"l": [1, 2.5]},
    "empty list": {"l": []},
}

_MANY = frame(a=[1, 2], b=[1.5, 2.5], c=["x", "y"])

ENFORCE: dict[str, tuple[Made, Made]] = {
    "the same": (lambda: _MANY, lambda: _MANY),
    "in another order": (lambda: _MANY, lambda: _MANY[["c", "a", "b"]]),
    "one more": (lambda: _MANY, lambda: _MANY.assign(z=1)),
    "one less": (lambda: _MANY, lambda: _MANY.drop(columns="b")),
    "an optional one less": (lambda: frame(a=[1], b=[None]), lambda: frame(a=[1])),
    "an index of its own": (lambda: _MANY, lambda: _MANY.set_axis([7, 9])),
    "no rows": (lambda: _MANY, lambda: _MANY.iloc[:0]),
    "long: int32": (lambda: column([1]), lambda: column([1], "int32")),
    "long: uint32": (lambda: column([1]), lambda: column([1], "uint32")),
    "long: uint64": (lambda: column([1]), lambda: column([1], "uint64")),
    "long: floats": (lambda: column([1]), lambda: column([1.0])),
    "long: floats with NaN": (lambda: column([1]), lambda: column([1.0, None])),
    "long: texts": (lambda: column([1]), lambda: column(["1"])),
    "long: texts as objects": (lambda: column([1]), lambda: column(["1"], object)),
    "long: booleans": (lambda: column([1]), lambda: column([True])),
    "long: Int64": (lambda: column([1]), lambda: column([1], "Int64")),
    "long: Int64 with NA": (lambda: column([1]), lambda: column([1, None], "Int64")),
    "long: objects": (lambda: column([1]), lambda: column([1, 2], object)),
    "long: objects with None": (lambda: column([1]), lambda: column([1, None], object)),
    "optional long: Int64 with NA": (lambda: column([1, None], "Int64"), lambda: column([2, None], "Int64")),
    "optional long: floats with NaN": (lambda: column([1, None], "Int64"), lambda: column([2.0, None])),
    "optional long: fractions": (lambda: column([1, None], "Int64"), lambda: column([2.5, None])),
    "optional long: ints": (lambda: column([1, None], "Int64"), lambda: column([2, 3])),
    "integer: ints": (lambda: column([1], "int32"), lambda: column([1])),
    "integer: int8": (lambda: column([1], "int32"), lambda: column([1], "int8")),
    "integer: uint32": (lambda: column([1], "int32"), lambda: column([1], "uint32")),
    "integer: objects": (lambda: column([1], "int32"), lambda: column([1], object)),
    "double: ints": (lambda: column([1.5]), lambda: column([1, 5])),
    "double: zeros and ones": (lambda: column([1.5]), lambda: column([1, 0])),
    "double: large ints": (lambda: column([1.5]), lambda: column([2**53 + 1])),
    "double: int32": (lambda: column([1.5]), lambda: column([5], "int32")),
    "double: float32": (lambda: column([1.5]), lambda: column([1.5], "float32")),
    "double: NaN": (lambda: column([1.5]), lambda: column([None, 1.5])),
    "double: texts": (lambda: column([1.5]), lambda: column(["1.5"])),
    "double: texts as objects": (lambda: column([1.5]), lambda: column(["1.5"], object)),
    "double: decimals": (lambda: column([1.5]), lambda: column([decimal.Decimal("1.5")], object)),
    "double: nothing": (lambda: column([1.5]), lambda: column([None], object)),
    "double: booleans": (lambda: column([1.5]), lambda: column([True])),
    "double: Float64 with NA": (lambda: column([1.5]), lambda: column([1.5, None], "Float64")),
    "float: double": (lambda: column([1.5], "float32"), lambda: column([1.5])),
    "float: float16": (lambda: column([1.5], "float32"), lambda: column([1.5], "float16")),
    "float: ints": (lambda: column([1.5], "float32"), lambda: column([7])),
    "float: int16": (lambda: column([1.5], "float32"), lambda: column([7], "int16")),
    "float: zeros and ones": (lambda: column([1.5], "float32"), lambda: column([1, 0])),
    "boolean: booleans": (lambda: column([True]), lambda: column([False])),
    "boolean: ints": (lambda: column([True]), lambda: column([1])),
    "boolean: with None": (lambda: column([True]), lambda: column([True, None], object)),
    "boolean: NA": (lambda: column([True]), lambda: column([True, None], "boolean")),
    "boolean: texts": (lambda: column([True]), lambda: column(["true"], object)),
    "string: objects": (lambda: column(["x"]), lambda: column(["y", None], object)),
    "string: string": (lambda: column(["x"]), lambda: column(["y", None], "string")),
    "string: ints": (lambda: column(["x"]), lambda: column([1])),
    "string: ints as objects": (lambda: column(["x"]), lambda: column([1, "y"], object)),
    "string: category": (lambda: column(["x"]), lambda: column(["x", "y"], "category")),
    "binary: bytes": (lambda: column([b"x"]), lambda: column([b"y", None], object)),
    "binary: texts": (lambda: column([b"x"]), lambda: column(["y"], object)),
    "category of ints, as trained": (lambda: column([1, 2], "category"), lambda: column([1, 1], "category")),
    "datetime: the same": (
        lambda: column(pd.to_datetime(["2026-01-01"])),
        lambda: column(pd.to_datetime(["2026-05-01", None])),
    ),
    "datetime: seconds": (
        lambda: column(pd.to_datetime(["2026-01-01"])),
        lambda: column(np.array(["2026-01-01"], "datetime64[s]")),
    ),
    "datetime: with zone": (
        lambda: column(pd.to_datetime(["2026-01-01"])),
        lambda: column(pd.to_datetime(["2026-01-01"], utc=True)),
    ),
    "datetime: texts": (lambda: column(pd.to_datetime(["2026-01-01"])), lambda: column(["2026-01-01"])),
    "datetime: texts as objects": (
        lambda: column(pd.to_datetime(["2026-01-01"])),
        lambda: column(["2026-01-01"], object),
    ),
    "datetime: dates": (lambda: column(pd.to_datetime(["2026-01-01"])), lambda: column([dt.date(2026, 1, 1)], object)),
    "datetime: ints": (lambda: column(pd.to_datetime(["2026-01-01"])), lambda: column([1])),
    "any: whatever": (lambda: column([None], object), lambda: column([1, "x"], object)),
    "lists: the same": (lambda: column([[1, 2]], object), lambda: column([[3], [4, 5]], object)),
    "lists: of texts": (lambda: column([[1, 2]], object), lambda: column([["x"]], object)),
    "lists: no list": (lambda: column([[1, 2]], object), lambda: column([3])),
    "lists: empty": (lambda: column([[1, 2]], object), lambda: column([[]], object)),
    "lists: with None": (lambda: column([[1, 2]], object), lambda: column([[1, None]], object)),
    "lists of doubles: ints": (lambda: column([[1.5]], object), lambda: column([[2, 3]], object)),
    "lists of doubles: NaN": (lambda: column([[1.5]], object), lambda: column([[2.0, None]], object)),
    "arrays: the same": (lambda: column([np.array([1.5])], object), lambda: column([np.array([2.5, 3.5])], object)),
    "arrays: float32": (
        lambda: column([np.array([1.5])], object),
        lambda: column([np.array([2.5], "float32")], object),
    ),
    "dicts: the same": (lambda: column([{"k": 1}], object), lambda: column([{"k": 2}], object)),
    "dicts: one more key": (lambda: column([{"k": 1}], object), lambda: column([{"k": 2, "m": 1}], object)),
    "dicts: one less key": (lambda: column([{"k": 1, "m": 2}], object), lambda: column([{"k": 2}], object)),
    "dicts: optional key": (lambda: column([{"k": 1, "m": 2}, {"k": 1}], object), lambda: column([{"k": 2}], object)),
    "dicts: another type": (lambda: column([{"k": 1}], object), lambda: column([{"k": "x"}], object)),
    "dicts: None for a required key": (lambda: column([{"k": 1}], object), lambda: column([{"k": None}], object)),
    "dicts: None for an optional key": (
        lambda: column([{"k": 1}, {"k": None}], object),
        lambda: column([{"k": None}], object),
    ),
    "array for a column": (lambda: column([1.5]), lambda: np.array([[2.5], [3.5]])),
    "array for columns": (lambda: frame(a=[1.5], b=[2.5]), lambda: np.array([[2.5, 3.5]])),
    "array for numbered columns": (lambda: pd.DataFrame([[1.5, 2.5]]), lambda: np.array([[3.5, 4.5]])),
    "array that is too narrow": (lambda: frame(a=[1.5], b=[2.5]), lambda: np.array([[2.5]])),
    "array that is too wide": (lambda: frame(a=[1.5]), lambda: np.array([[2.5, 3.5]])),
    "dict of lists for columns": (lambda: _MANY[["a", "b"]], lambda: {"a": [1, 2], "b": [2.5, 3.5]}),
    "dict of values for columns": (lambda: _MANY, lambda: {"a": 1, "b": 2.5, "c": "x"}),
    "dict of lists of texts": (lambda: frame(c=["x"]), lambda: {"c": ["x", "y"]}),
    "dict of several lengths": (lambda: _MANY[["a", "b"]], lambda: {"a": [1, 2], "b": [2.5]}),
    "records for columns": (lambda: _MANY, lambda: [{"a": 1, "b": 2.5, "c": "x"}, {"c": "y", "a": 2, "b": 1.5}]),
    "records that lack one": (lambda: _MANY, lambda: [{"a": 1, "c": "x"}]),
    "series for a column": (lambda: column([1.5]), lambda: pd.Series([2.5], name="a")),
    "list for a list": (lambda: [1, 2], lambda: [3, 4]),
    "texts for a list of texts": (lambda: ["x"], lambda: ["y", "z"]),
    "text for a list of texts": (lambda: ["x"], lambda: "y"),
    "lists for a list of lists": (lambda: [[1, 2]], lambda: [[3, 4]]),
    "sparse for columns": (lambda: column([1.5]), lambda: scipy.sparse.csr_matrix(np.eye(1))),
    "tensor: the same": (lambda: np.zeros((2, 3)), lambda: np.ones((5, 3))),
    "tensor: another shape": (lambda: np.zeros((2, 3)), lambda: np.ones((5, 4))),
    "tensor: more dimensions": (lambda: np.zeros((2, 3)), lambda: np.ones((5, 3, 1))),
    "tensor: another dtype": (lambda: np.zeros((2, 3)), lambda: np.ones((5, 3), "float32")),
    "tensor: ints": (lambda: np.zeros((2, 3)), lambda: np.ones((5, 3), "int64")),
    "tensor: texts": (lambda: np.array(["x"]), lambda: np.array(["yyy", "z"])),
    "tensor: list": (lambda: np.zeros((2, 3)), lambda: [[1.0, 2.0, 3.0]]),
    "tensor: frame": (lambda: np.zeros((2, 3)), lambda: pd.DataFrame(np.ones((2, 3)))),
    "tensor: frame of ints": (lambda: np.zeros((2, 3)), lambda: pd.DataFrame(np.ones((2, 3), "int64"))),
    "tensor: frame of another width": (lambda: np.zeros((2, 3)), lambda: pd.DataFrame(np.ones((2, 2)))),
    "tensor: empty frame": (lambda: np.zeros((2, 3)), lambda: pd.DataFrame()),
    "tensor: column of lists": (lambda: np.zeros((2, 2, 2)), lambda: column([[1.0, 2.0, 3.0, 4.0]], object)),
    "tensor: column of ragged lists": (lambda: np.zeros((2, 3)), lambda: column([[1.0], [2.0, 3.0]], object)),
    "tensor: column of ints": (lambda: np.zeros((2, 1)), lambda: column([1, 2])),
    "tensor of ints: column of fractions": (lambda: np.zeros((2,), "int64"), lambda: column([1.5, 2.5])),
    "tensor: sparse": (lambda: np.zeros((2, 3)), lambda: scipy.sparse.csr_matrix(np.ones((2, 3)))),
    "tensor: objects": (lambda: np.array([1, "x"], object), lambda: np.array(["x", 2, None], object)),
    "sparse: the same": (lambda: scipy.sparse.csr_matrix(np.eye(3)), lambda: scipy.sparse.csr_matrix(np.eye(3))),
    "sparse: another width": (lambda: scipy.sparse.csr_matrix(np.eye(3)), lambda: scipy.sparse.csr_matrix(np.eye(2))),
    "tensors by name: the same": (
        lambda: {"x": np.zeros((2, 3)), "y": np.zeros(2)},
        lambda: {"y": np.ones(1), "x": np.ones((1, 3))},
    ),
    "tensors by name: one less": (lambda: {"x": np.zeros((2, 3)), "y": np.zeros(2)}, lambda: {"x": np.ones((1, 3))}),
    "tensors by name: one more": (lambda: {"x": np.zeros(2)}, lambda: {"x": np.ones(1), "z": np.ones(1)}),
    "tensors by name: lists": (lambda: {"x": np.zeros(2)}, lambda: {"x": [1.0]}),
    "tensors by name: frame": (
        lambda: {"x": np.zeros(2), "y": np.zeros((2, 2))},
        lambda: frame(x=[1.0, 2.0], y=[[1.0, 2.0], [3.0, 4.0]]),
    ),
    "tensors by name: array": (lambda: {"x": np.zeros(2)}, lambda: np.zeros(2)),
}
"""Of what the signature is inferred, and what is held against it."""

TOLD: dict[str, tuple[Any, Any]] = {
    "none": ({"t": 0.5, "n": 3}, None),
    "some": ({"t": 0.5, "n": 3}, {"n": 4}),
    "unknown": ({"t": 0.5}, {"z": 1}),
    "int for double": ({"t": 0.5}, {"t": 1}),
    "text for double": ({"t": 0.5}, {"t": "1"}),
    "float for long": ({"n": 3}, {"n": 3.0}),
    "boolean for long": ({"n": 3}, {"n": True}),
    "int for text": ({"s": "x"}, {"s": 1}),
    "numpy's for double": ({"t": 0.5}, {"t": np.float32(1.5)}),
    "none for double": ({"t": 0.5}, {"t": None}),
    "list": ({"l": [1, 2]}, {"l": [3]}),
    "array for list": ({"l": [1, 2]}, {"l": np.array([3, 4])}),
    "value for list": ({"l": [1, 2]}, {"l": 3}),
    "list for value": ({"n": 1}, {"n": [3]}),
    "texts for list of ints": ({"l": [1, 2]}, {"l": ["x"]}),
    "text for date": ({"d": dt.datetime.fromisoformat("2026-01-01T00:00:00")}, {"d": "2026-02-01T00:00:00"}),
    "no date": ({"d": dt.datetime.fromisoformat("2026-01-01T00:00:00")}, {"d": "soon"}),
    "dict": ({"d": {"k": 1}}, {"d": {"k": 2}}),
    "dict of another type": ({"d": {"k": 1}}, {"d": {"k": "x"}}),
    "no dict of params": ({"t": 0.5}, [1]),
}
"""Params: their defaults, and what is given."""


def told(value: Any) -> Any:
    """What came of it, as JSON."""
    if isinstance(value, pd.DataFrame):
        columns = [[_plain(one) for one in value.iloc[:, place]] for place in range(len(value.columns))]
        return {"names": [_plain(name) for name in value.columns], "index": list(value.index), "columns": columns}
    if scipy.sparse.issparse(value):
        return {"sparse": told(value.toarray())}
    if isinstance(value, np.ndarray):
        return {"dtype": value.dtype.name, "shape": list(value.shape), "values": _plain(value.tolist())}
    if isinstance(value, dict) and any(isinstance(one, np.ndarray) for one in value.values()):
        return {name: told(one) for name, one in sorted(value.items())}
    return _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return [_plain(one) for one in value.tolist()]
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and value != value):
        return None
    if isinstance(value, bytes | dt.date):
        return str(value)
    return value.item() if isinstance(value, np.generic) else value


EXAMPLES: dict[str, tuple[Made, dict[str, Any] | None]] = {
    "frame": (lambda: _MANY, None),
    "frame with gaps": (lambda: frame(a=[1.5, None], c=["x", None]), None),
    "frame with nullable numbers": (lambda: column([1, None], "Int64"), None),
    "frame of dates": (lambda: column(pd.to_datetime(["2026-01-01T00:00:00", "2026-05-01T12:30:00"])), None),
    "frame of bytes": (lambda: column([b"x", b"y"]), None),
    "frame of float32": (lambda: column([0.1, 0.2], "float32"), None),
    "frame of lists": (lambda: column([[1, 2], [3]], object), None),
    "frame of dicts": (lambda: column([{"k": 1.5}], object), None),
    "numbered frame": (lambda: pd.DataFrame([[1.5, 2.5]]), None),
    "frame and params": (lambda: _MANY, {"t": 0.5}),
    "array": (lambda: np.array([[1.5, 2.5], [3.5, 4.5]]), None),
    "array of float32 and params": (lambda: np.zeros((2, 3, 4), "float32"), {"n": 3}),
    "array with NaN": (lambda: np.array([1.5, np.nan]), None),
    "array of texts": (lambda: np.array(["x", "yy"]), None),
    "arrays by name": (lambda: {"x": np.zeros((2, 3)), "y": np.array([1, 2])}, None),
    "csr": (lambda: scipy.sparse.csr_matrix(np.eye(3)), None),
    "csc": (lambda: scipy.sparse.csc_matrix(np.eye(3)), None),
    "dict": (lambda: {"a": 1, "b": [1.5], "c": None}, None),
    "chat": (lambda: {"messages": [{"role": "user", "content": "x"}]}, {"t": 0.5}),
    "records": (lambda: [{"a": 1, "b": "x"}], None),
    "list": (lambda: ["x", "y"], None),
    "text": (lambda: "x", None),
    "date": (lambda: dt.datetime.fromisoformat("2026-01-01T12:00:00"), None),
}
"""Input examples, and their params."""
