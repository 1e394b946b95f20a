"""Columns of a Polars data frame."""

from __future__ import annotations

from typing import Any

from solvent.data.fingerprint.frames.column import Column, numbers, objects, texts, timestamps


def column(series: Any, name: str) -> Column:
    import polars

    kind = series.dtype
    missing = series.is_null().to_numpy() if series.null_count() else None
    word = str(kind).lower()
    if kind == polars.Boolean:
        return numbers(series.fill_null(False).to_numpy(), missing)
    if (kind.is_integer() or kind.is_float()) and not word.endswith("128"):
        return numbers(series.fill_null(0).to_numpy(), missing)
    if kind == polars.String:
        return texts(series.to_list())
    if kind in (polars.Categorical, polars.Enum):
        return objects(series.cast(polars.String).to_list(), name, "categorical")
    if kind == polars.Date:
        return numbers(series.to_physical().fill_null(0).to_numpy(), missing, "date")
    if kind == polars.Datetime:
        return timestamps(series.to_physical().fill_null(0).to_numpy(), missing, kind.time_unit, kind.time_zone)
    return objects(series.to_list(), name)
