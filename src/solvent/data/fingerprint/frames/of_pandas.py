"""Columns of a pandas data frame. Its index does not count."""

from __future__ import annotations

from typing import Any

from solvent.data.fingerprint.frames.column import Column, numbers, objects, texts, timestamps


def column(series: Any, name: str) -> Column:
    import numpy
    import pandas

    kind = series.dtype
    if isinstance(kind, numpy.dtype):
        return _of_numpy(series, name)
    if isinstance(kind, pandas.StringDtype):
        values = series.to_numpy(dtype=object)
        return texts([None if missing else value for value, missing in zip(values, series.isna(), strict=True)])
    if isinstance(kind, pandas.DatetimeTZDtype):
        plain = series.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy()
        return _times(plain, str(kind.tz))
    if isinstance(kind, pandas.CategoricalDtype):
        return objects(series.astype(object), name, "categorical")
    if isinstance(kind, pandas.ArrowDtype):
        import pyarrow

        from solvent.data.fingerprint.frames import of_arrow

        array = series.array.__arrow_array__()
        return of_arrow.column(
            array if isinstance(array, pyarrow.ChunkedArray) else pyarrow.chunked_array([array]), name
        )
    if hasattr(kind, "numpy_dtype") and kind.numpy_dtype.kind in "iufb":  # Int64, Float64, boolean
        missing = series.isna().to_numpy()
        values = series.to_numpy(dtype=kind.numpy_dtype, na_value=kind.numpy_dtype.type(0))
        return numbers(values, missing)
    return objects(series.astype(object), name)


def _of_numpy(series: Any, name: str) -> Column:
    values = series.to_numpy()
    if values.dtype.kind in "iufb":
        return numbers(values)
    if values.dtype.kind == "M":
        return _times(values, None)
    return objects(series.astype(object), name)


def _times(values: Any, zone: str | None) -> Column:
    import numpy

    values = values.astype(values.dtype.newbyteorder("="))
    return timestamps(values.view("int64"), numpy.isnat(values), numpy.datetime_data(values.dtype)[0], zone)
