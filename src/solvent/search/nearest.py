"""An order that an index holds without being sorted by it: the rows that may come next are picked there first."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from solvent.search.ordering import Column
from solvent.search.page import Reader, Row, Scan
from solvent.search.sql import Sql

_TRIES = (4, 64)
"""So many times the rows that are needed are picked: some may be deleted, or not hold the condition."""


class Nearest(NamedTuple):
    """``among`` is the scan of all rows, or of those in a selection of row ids.

    ``source`` and ``where`` are the index's entries with their row id and ``value``, which is the first
    column that varies.
    """

    among: Callable[[Sql | None], Scan]
    row_id: str
    source: str
    where: Sql
    value: Column

    @property
    def columns(self) -> Sequence[Column]:
        return self.among(None).columns

    def select(self, start: Sequence[Any] | None, limit: int) -> Sql:
        return self.among(None).select(start, limit)

    def rows(self, reader: Reader, start: Sequence[Any] | None, limit: int) -> list[Row]:
        for times in _TRIES:
            picked = reader.all(*self.picking(start, times * limit))
            complete = len(picked) < times * limit
            if not complete:  # of those that share the last value, some may be missing
                last = picked[-1][1]
                picked = [row for row in picked if row[1] != last]
            ids = Sql("SELECT value FROM json_each(?)", (json.dumps([row[0] for row in picked]),))
            rows = self.among(ids).rows(reader, start, limit)
            if complete or len(rows) == limit:
                return rows
        return self.among(None).rows(reader, start, limit)

    def picking(self, start: Sequence[Any] | None, limit: int) -> Sql:
        """Row ids and values of the entries that come next, whatever the rest of the query says of them."""
        text, args = f"SELECT {self.row_id}, {self.value.sql} {self.source} WHERE {self.where.text}", self.where.args
        if start is not None:
            place = next(at for at, column in enumerate(self.columns) if not column.constant)
            text += f" AND {self.value.sql} {'<=' if self.value.descending else '>='} ?"
            args = (*args, start[place])
        direction = " DESC" if self.value.descending else ""
        return Sql(f"{text} ORDER BY {self.value.sql}{direction} LIMIT ?", (*args, limit))
