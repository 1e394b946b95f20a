"""What a caller gives, as a pandas frame whose columns stand as the signature says."""

from __future__ import annotations

from typing import Any

from solvent.models.errors import BadInput, DependencyMissing
from solvent.models.signature.infer import EXPECTED
from solvent.models.signature.schema import Column, Schema
from solvent.models.signature.types import Scalar
from solvent.models.signature.values import module, shown


def table(data: Any, schema: Schema) -> Any:
    """Whatever has names keeps them; what has none (arrays, lists of lists) gets the signature's, by position.

    Raises:
        BadInput: no table can be made of it, or it has no names and another number of columns.
        DependencyMissing: pandas is not installed.
    """
    try:
        import pandas as pd
    except ImportError as wrong:
        raise DependencyMissing("the model takes columns, which needs pandas: install pandas") from wrong
    numpy, polars = module("numpy"), module("polars")
    if isinstance(data, pd.DataFrame):
        return data
    if isinstance(data, pd.Series):
        return _by_position(data.to_frame(), schema) if data.name is None else data.to_frame()
    if polars is not None and isinstance(data, polars.DataFrame):
        return pd.DataFrame({one.name: _from_polars(one, pd) for one in data.get_columns()})
    if polars is not None and isinstance(data, polars.Series):
        frame = pd.DataFrame({data.name: _from_polars(data, pd)})
        return frame if data.name else _by_position(frame, schema)
    if numpy is not None and isinstance(data, numpy.ndarray) and data.ndim:
        return _of_array(data, schema, pd)
    if isinstance(data, dict):
        return _of_dict(data, schema, pd)
    if isinstance(data, list):
        return _of_list(data, schema, pd)
    if isinstance(data, str | bytes | bool | int | float) or type(data).__module__ == "numpy":
        return _by_position(pd.DataFrame({0: pd.Series([data], dtype=object)}), schema)
    raise BadInput(f"the model takes columns: expected {EXPECTED}; got {type(data).__name__} {shown(data)}")


def _from_polars(series: Any, pd: Any) -> Any:
    """Without pyarrow, and whole numbers with gaps stay whole."""
    import polars as pl

    dtype = series.dtype
    if dtype in (pl.Categorical, pl.Enum):
        return pd.Series(pd.Categorical(series.cast(pl.String).to_list()))
    if dtype.is_integer() and series.null_count():
        return pd.Series(series.to_list(), dtype=str(dtype))
    if dtype.is_numeric() and not dtype.is_decimal():
        return pd.Series(series.to_numpy())
    if isinstance(dtype, pl.Datetime) and dtype.time_zone is None:
        return pd.Series(series.to_numpy())
    if dtype == pl.Boolean and not series.null_count():
        return pd.Series(series.to_numpy())
    return pd.Series(series.to_list(), dtype=object)


def _of_array(array: Any, schema: Schema, pd: Any) -> Any:
    if array.dtype.names:
        return pd.DataFrame(array)
    if array.ndim > 2:
        raise BadInput(
            f"the model takes columns: expected an array of rows and columns, got one of shape {array.shape}"
        )
    return _by_position(pd.DataFrame(array), schema)


def _by_position(frame: Any, schema: Schema) -> Any:
    """
    Raises:
        BadInput: it is not as wide as the signature.
    """
    columns = schema.columns
    if len(frame.columns) != len(columns):
        named = f" ({', '.join(str(one.name) for one in columns[:10])}{' ...' if len(columns) > 10 else ''})"
        raise BadInput(
            f"the model takes {len(columns)} columns{named if schema.named else ''}, and what has no names is taken by "
            f"position: got {len(frame.columns)} columns; give a frame with names, or that many columns"
        )
    return frame.set_axis([one.name for one in columns], axis=1) if schema.named else frame


def _of_dict(data: dict[Any, Any], schema: Schema, pd: Any) -> Any:
    """One row, unless a column of scalars is given many values."""
    kinds = {one.name: one for one in schema.columns}
    if not any(_many(value) and _is_scalar(kinds.get(name)) for name, value in data.items()):
        return _objects([data], list(data), pd)
    lengths = {name: len(value) if _many(value) else None for name, value in data.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"'{name}': {'one value' if count is None else count}" for name, count in lengths.items())
        raise BadInput(f"columns of one length are expected; got {told[:500]}")
    return pd.DataFrame({name: _column(value, pd) for name, value in data.items()})


def _column(value: Any, pd: Any) -> Any:
    """Lists keep their values as they are: pandas would turn whole numbers with gaps into floating point ones."""
    if isinstance(value, list | tuple):
        return pd.Series(list(value), dtype=object)
    if getattr(value, "ndim", 1) > 1:
        return pd.Series(list(value), dtype=object)
    return pd.Series(value)


def _many(value: Any) -> bool:
    return isinstance(value, list | tuple) or (hasattr(value, "__array__") and getattr(value, "ndim", 0) > 0)


def _is_scalar(column: Column | None) -> bool:
    return column is not None and isinstance(column.type, Scalar)


def _of_list(data: list[Any], schema: Schema, pd: Any) -> Any:
    if data and all(isinstance(one, dict) for one in data) and schema.named:
        return _objects(data, list(dict.fromkeys(name for one in data for name in one)), pd)
    rows = data and all(isinstance(one, list | tuple) for one in data)
    if rows and (len(schema.columns) > 1 or _is_scalar(schema.columns[0])):
        widths = {len(one) for one in data}
        if len(widths) > 1:
            raise BadInput(f"rows of one length are expected; got rows of {', '.join(map(str, sorted(widths)[:5]))}")
        width = widths.pop()
        return _by_position(
            pd.DataFrame({place: pd.Series([row[place] for row in data], dtype=object) for place in range(width)}),
            schema,
        )
    return _by_position(pd.DataFrame({0: pd.Series(data, dtype=object)}), schema)


def _objects(records: list[dict[Any, Any]], names: list[Any], pd: Any) -> Any:
    return pd.DataFrame({name: pd.Series([one.get(name) for one in records], dtype=object) for name in names})
