"""Columns of an Arrow table."""

from __future__ import annotations

from typing import Any

from solvent.data.fingerprint.frames.column import Column, numbers, objects, texts, timestamps


def column(chunks: Any, name: str) -> Column:
    """From a ChunkedArray."""
    import pyarrow
    from pyarrow import types

    kind = chunks.type
    missing = chunks.is_null().to_numpy() if chunks.null_count else None
    if types.is_boolean(kind):
        return numbers(chunks.fill_null(False).to_numpy(), missing)
    if types.is_integer(kind) or types.is_float32(kind) or types.is_float64(kind):
        return numbers(chunks.fill_null(0).to_numpy(), missing)
    if types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind):
        return texts(chunks.to_pylist())
    if types.is_dictionary(kind):
        return objects(chunks.cast(kind.value_type).to_pylist(), name, "categorical")
    if types.is_date32(kind):
        return numbers(chunks.cast(pyarrow.int32()).fill_null(0).to_numpy(), missing, "date")
    if types.is_timestamp(kind):
        values = chunks.cast(pyarrow.int64()).fill_null(0).to_numpy()
        return timestamps(values, missing, kind.unit, kind.tz)
    return objects(chunks.to_pylist(), name)
