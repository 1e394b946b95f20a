"""The fingerprint of a frame: names, types, order and values of its columns, and the order of its rows."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from typing import Any, NamedTuple

from solvent.data.errors import UnreadableData
from solvent.data.fingerprint.frames.column import Column
from solvent.data.fingerprint.model import Fingerprint

FORM = "solvent frame 1"
"""Changes with the way in which frames are made bytes: then all fingerprints are new ones."""
_MODULES = {"pandas": "of_pandas", "polars": "of_polars", "pyarrow": "of_arrow"}
_FRAMES = {"pandas": ("DataFrame",), "polars": ("DataFrame",), "pyarrow": ("Table", "RecordBatch")}


def library_of(value: Any) -> str | None:
    """pandas, polars or pyarrow, if ``value`` is a data frame or table of theirs, or of a class made from one."""
    for kind in type(value).__mro__:
        library = kind.__module__.partition(".")[0]
        if kind.__name__ in _FRAMES.get(library, ()):
            return library
    return None


class Seen(NamedTuple):
    """A column as it was read: ``kind`` is our word for its type."""

    name: str
    kind: str
    missing: bool
    digest: str


class Frame(NamedTuple):
    fingerprint: Fingerprint
    rows: int
    columns: list[Seen]


def of_frame(frame: Any) -> Fingerprint:
    """The fingerprint of a frame; see ``look_at``."""
    return look_at(frame).fingerprint


def look_at(frame: Any) -> Frame:
    """The fingerprint of a pandas or Polars data frame, or of an Arrow table or record batch, and what was seen.

    Raises:
        UnreadableData: two columns have one name, or one holds objects of which nothing is known.
    """
    library = library_of(frame)
    if library is None:
        raise UnreadableData(
            f"a {type(frame).__module__}.{type(frame).__qualname__} has no fingerprint: "
            "give a pandas or Polars data frame (collect a lazy one first) or an Arrow table"
        )
    try:
        module = import_module(f"solvent.data.fingerprint.frames.{_MODULES[library]}")
        columns = [_seen(name, module.column(series, name)) for name, series in _columns(frame, library)]
    except ModuleNotFoundError as error:
        if error.name != "numpy":
            raise
        raise UnreadableData("fingerprints of frames need numpy: pip install 'solvent[data]'") from error
    rows = frame.num_rows if library == "pyarrow" else frame.shape[0]
    described = [[each.name, each.kind, each.digest] for each in columns]
    digest = hashlib.sha256(json.dumps([FORM, rows, described]).encode()).hexdigest()
    return Frame(Fingerprint("frame", digest), rows, columns)


def _seen(name: str, column: Column) -> Seen:
    return Seen(name, column.kind, column.missing, column.digest())


def _columns(frame: Any, library: str) -> Iterator[tuple[str, Any]]:
    """Names and columns, one by one."""
    names = [str(name) for name in (frame.schema.names if library == "pyarrow" else frame.columns)]
    repeated = [name for name, count in Counter(names).items() if count > 1]
    if repeated:
        raise UnreadableData(
            f"the frame has {len(repeated)} names twice, such as '{repeated[0]}': rename those columns"
        )
    for position, name in enumerate(names):
        yield name, _at(frame, library, position)


def _at(frame: Any, library: str, position: int) -> Any:
    if library == "pandas":
        return frame.iloc[:, position]
    if library == "polars":
        return frame.to_series(position)
    import pyarrow

    part = frame.column(position)
    return part if isinstance(part, pyarrow.ChunkedArray) else pyarrow.chunked_array([part])
