"""Frames of pandas, Polars and Arrow, and whatever narwhals can make one of these."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from solvent.data.engine.duck.source import Source
from solvent.data.errors import UnreadableData
from solvent.errors import NotSupported

if TYPE_CHECKING:
    import duckdb

NAME = "frame"


class _Stream:
    """Only the stream of an Arrow producer: DuckDB then asks for no pyarrow."""

    def __init__(self, producer: Any) -> None:
        self._producer = producer

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._producer.__arrow_c_stream__(requested_schema)


def source(connection: duckdb.DuckDBPyConnection, frame: object) -> Source:
    """A frame in memory, which is not copied; a lazy one is collected.

    Raises:
        UnreadableData: it is no frame, or has two columns of one name.
    """
    notes: list[str] = []
    _once(frame)
    native = _native(frame, notes)
    names = [str(name) for name in _names(native)]
    _distinct(names)
    if not names:
        raise UnreadableData("the frame has no columns")
    if _library(native) == "pandas":
        native = _readable(connection, _by_position(native, notes), names, notes)
    elif _library(native) == "polars":
        plain = _typed(_without_objects(native, notes), notes).clone()
        plain.columns = [f"c{place}" for place in range(len(names))]  # a NUL in a name ends the process
        native = _Stream(plain)
    elif not hasattr(native, "to_reader"):
        native = _Stream(native)
    connection.register(NAME, native)
    return Source(NAME, names, notes=notes)


def _native(frame: object, notes: list[str]) -> Any:
    """The frame of pandas, Polars or pyarrow that it is or becomes."""
    try:
        import narwhals
    except ImportError:
        raise NotSupported(
            "this needs narwhals, which comes with the extra [data]: pip install 'solvent[data]'"
        ) from None
    if _library(frame) == "pandas" and hasattr(frame, "columns"):
        return frame
    try:
        seen = narwhals.from_native(frame)  # type: ignore[call-overload]
    except TypeError:
        if hasattr(frame, "__arrow_c_stream__"):
            return frame
        raise UnreadableData(
            f"expected a path or a frame of pandas, Polars or Arrow, got {type(frame).__name__}"
        ) from None
    if isinstance(seen, narwhals.LazyFrame):
        notes.append("the lazy frame was collected")
        seen = seen.collect()
    if seen.implementation in (narwhals.Implementation.POLARS, narwhals.Implementation.PYARROW):
        return seen.to_native()
    return seen.to_arrow()


def _library(frame: object) -> str:
    return type(frame).__module__.partition(".")[0]


def _names(native: Any) -> Sequence[object]:
    if hasattr(native, "column_names"):
        return list(native.column_names)
    if hasattr(native, "columns"):
        return list(native.columns)
    raise UnreadableData(f"expected a frame with columns, got {type(native).__name__}")


def _once(frame: object) -> None:
    """A stream that can be read only once can't be asked several questions."""
    if hasattr(frame, "read_next_batch"):
        raise UnreadableData(
            "expected a table, got a stream that can be read only once; read it with .read_all() first"
        )


def _distinct(names: Sequence[str]) -> None:
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        raise UnreadableData(f"the frame has more than one column named '{twice[0]}'; rename one")


def _by_position(frame: Any, notes: list[str]) -> Any:
    """A shallow copy with plain names, and columns of Python objects that are not all of one type as texts."""
    plain = frame.copy(deep=False)
    plain.columns = [f"c{place}" for place in range(len(frame.columns))]
    for name, own in zip(plain.columns, frame.columns, strict=True):
        if plain[name].dtype != object:
            continue
        kinds = {type(value) for value in plain[name] if not _missing(value)}
        if len(kinds) > 1 and not kinds <= {int, float} and not kinds <= {list, tuple}:
            said = ", ".join(sorted(kind.__name__ for kind in kinds))
            notes.append(f"column '{own}' holds values of several types ({said}) and was read as text")
            plain[name] = plain[name].map(_as_text).astype("string")
    return plain


def _readable(connection: duckdb.DuckDBPyConnection, frame: Any, names: Sequence[str], notes: list[str]) -> Any:
    """Columns of types that DuckDB does not know (periods, intervals, complex numbers) as texts."""
    import duckdb

    for name, own in zip(frame.columns, names, strict=True):
        if frame[name].dtype.kind in "biufMm" and not hasattr(frame[name].dtype, "freq"):
            continue
        try:
            connection.register("one", frame[[name]].head(1))
        except (duckdb.Error, TypeError, ValueError):
            notes.append(f"column '{own}' is of type {frame[name].dtype} and was read as text")
            frame[name] = frame[name].astype(object).map(_as_text).astype("string")
        else:
            connection.unregister("one")
    return frame


def _without_objects(frame: Any, notes: list[str]) -> Any:
    """Columns of Python objects as texts: their Arrow form is addresses."""
    import polars

    for name, kind in frame.schema.items():
        if kind == polars.Object:
            notes.append(f"column '{name}' holds Python objects and was read as text")
            texts = [None if value is None else str(value) for value in frame[name]]
            frame = frame.with_columns(polars.Series(name, texts, dtype=polars.String))
    return frame


def _typed(frame: Any, notes: list[str]) -> Any:
    """Columns without a type, which hold nulls alone, with one: DuckDB refuses the Arrow form that Polars gives them."""
    import polars

    for name, kind in frame.schema.items():
        known = _known(kind)
        if known != kind:
            if kind == polars.Null:
                notes.append(f"column '{name}' has no value, and no type")
            frame = frame.with_columns(polars.col(name).cast(known))
    return frame


def _known(kind: Any) -> Any:
    """A type of Polars, with whole numbers in place of Null."""
    import polars

    if kind == polars.Null:
        return polars.Int32
    if isinstance(kind, polars.List):
        return polars.List(_known(kind.inner))
    if isinstance(kind, polars.Array):
        return polars.Array(_known(kind.inner), kind.size)
    if isinstance(kind, polars.Struct):
        return polars.Struct({field.name: _known(field.dtype) for field in kind.fields})
    return kind


def _as_text(value: Any) -> Any:
    return None if _missing(value) else str(value)


def _missing(value: Any) -> bool:
    """None, NaN, pandas' NA and NaT."""
    return (
        value is None or type(value).__name__ in ("NAType", "NaTType") or (isinstance(value, float) and value != value)
    )
