"""What a way of opening finds: SQL that gives the rows, the names of the columns, how rows are numbered."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

STREAMED = "row_number() OVER () - 1"
"""The number of a row where the source has none: in the order in which it is read."""


class Source(msgspec.Struct, frozen=True):
    """``rows`` is a table, a view or a table function with the columns in order, and after them whatever ``number``
    needs. ``readable`` are the files that it is read from while it is open. ``table`` is what a database calls it."""

    rows: str
    names: Sequence[str]
    number: str = STREAMED
    readable: Sequence[Path] = ()
    notes: Sequence[str] = ()
    table: str | None = None
