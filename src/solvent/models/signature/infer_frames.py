"""Columns inferred from frames: pandas' and polars'."""

from __future__ import annotations

from typing import Any

from solvent.errors import InvalidInput
from solvent.models.signature.infer_values import infer_values
from solvent.models.signature.schema import Column, Name
from solvent.models.signature.types import (
    ANY,
    BINARY,
    BOOLEAN,
    DATETIME,
    DOUBLE,
    FLOAT,
    INTEGER,
    LONG,
    STRING,
    Array,
    Property,
    Type,
    object_of,
)
from solvent.models.signature.values import module, scalar_of_dtype, shown


def pandas_columns(frame: Any) -> list[Column]:
    """
    Raises:
        InvalidInput: names the column.
    """
    return [pandas_column(frame.iloc[:, place], column_name(name)) for place, name in enumerate(frame.columns)]


def column_name(name: Any) -> Name:
    """
    Raises:
        InvalidInput: neither text nor whole number, such as a level of several.
    """
    numpy = module("numpy")
    if isinstance(name, str) or type(name) is int:
        return name
    if numpy is not None and isinstance(name, numpy.integer):
        return int(name)
    raise InvalidInput(f"a column is named {shown(name)}: names must be texts or whole numbers; rename it")


def pandas_column(series: Any, name: Name) -> Column:
    where = f"column '{name}'" if name is not None else "the series"
    return Column(_pandas_type(series, where), name, not bool(series.isna().any()))


def _pandas_type(series: Any, where: str) -> Type:
    pandas = module("pandas")
    if isinstance(series.dtype, pandas.CategoricalDtype):
        series = series.drop_duplicates()
    elif series.dtype.kind == "O" and not _whole_with_gaps(series, pandas):
        series = series.infer_objects()
    if isinstance(series.dtype, pandas.StringDtype):
        return STRING if series.notna().any() else ANY
    if series.dtype.kind == "O":
        return _of_objects(series, where, pandas)
    dtype = getattr(series.dtype, "subtype", series.dtype)
    kind = scalar_of_dtype(dtype.kind, dtype.itemsize)
    if kind is None:
        raise InvalidInput(f"{where} is of type {series.dtype}, for which a signature has none: {_instead(dtype)}")
    return kind


def _whole_with_gaps(series: Any, pandas: Any) -> bool:
    """pandas would make floating point numbers of them, which have fewer digits."""
    return bool(pandas.api.types.infer_dtype(series, skipna=True) == "integer" and series.isna().any())


def _instead(dtype: Any) -> str:
    return "convert it to int64 or float64" if dtype.kind in "uf" else "convert it, or leave it out"


def _of_objects(series: Any, where: str, pandas: Any) -> Type:
    if pandas.api.types.infer_dtype(series, skipna=True) == "string":
        return STRING
    kind = infer_values(series.to_list(), where)
    if kind is None:
        raise InvalidInput(f"{where} has no values: a signature is inferred from some")
    return kind


def polars_columns(frame: Any) -> list[Column]:
    """
    Raises:
        InvalidInput: names the column.
    """
    return [polars_column(series, series.name) for series in frame.get_columns()]


def polars_column(series: Any, name: Name) -> Column:
    where = f"column '{name}'" if name is not None else "the series"
    return Column(_polars_type(series, where), name, _all_there(series))


def _all_there(series: Any) -> bool:
    nan = series.dtype.is_float() and series.is_nan().any()
    return not (series.null_count() or nan)


def _polars_type(series: Any, where: str) -> Type:
    polars = module("polars")
    dtype = series.dtype
    scalar = _polars_scalars(polars).get(dtype.base_type())
    if scalar is not None:
        return scalar
    if dtype.base_type() in (polars.List, polars.Array):
        return Array(_polars_type(series.drop_nulls().explode(), where))
    if dtype.base_type() == polars.Struct:
        there = series.drop_nulls()
        fields = (there.struct.field(one.name) for one in dtype.fields)
        return object_of(Property(one.name, _polars_type(one, where), _all_there(one)) for one in fields)
    raise InvalidInput(f"{where} is of type {dtype}, for which a signature has none: convert it, or leave it out")


def _polars_scalars(polars: Any) -> dict[Any, Type]:
    return {
        polars.Boolean: BOOLEAN,
        **dict.fromkeys((polars.Int8, polars.Int16, polars.Int32, polars.UInt8, polars.UInt16), INTEGER),
        **dict.fromkeys((polars.Int64, polars.UInt32), LONG),
        polars.Float32: FLOAT,
        polars.Float64: DOUBLE,
        **dict.fromkeys((polars.String, polars.Categorical, polars.Enum), STRING),
        polars.Binary: BINARY,
        **dict.fromkeys((polars.Date, polars.Datetime), DATETIME),
        polars.Null: ANY,
    }
