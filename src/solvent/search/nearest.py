"""An order that an index holds without being sorted by it: the rows that may come next are picked there first."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from solvent.search.ordering import Column
from solvent.search.page import Reader, Row, Scan
from solvent.search.sql import Sql

_FIRST, _MORE = 4, 16
"""First so many times the rows that are needed are picked, as some may be deleted or not hold the condition;
then up to so many times as many, if what was found promises enough."""


class Nearest(NamedTuple):
    """``among`` is the scan of all rows, or of those in a selection of row ids.

    ``source`` (FROM ... WHERE ...) are the entries of the index, of which those that hold ``where`` are
    picked by ``value``, the first column that varies.
    """

    among: Callable[[Sql | None], Scan]
    row_id: str
    source: Sql
    where: Sql
    value: Column

    @property
    def columns(self) -> Sequence[Column]:
        return self.among(None).columns

    def select(self, start: Sequence[Any] | None, limit: int) -> Sql:
        return self.among(None).select(start, limit)

    def rows(self, reader: Reader, start: Sequence[Any] | None, limit: int) -> list[Row]:
        picked = _FIRST * limit
        for _ in range(2):
            ids, complete = self._pick(reader, start, picked)
            rows = self.among(ids).rows(reader, start, limit)
            if complete or len(rows) == limit:
                return rows
            if len(rows) * _MORE < limit:
                break
            picked = min(_MORE, 2 * limit // len(rows)) * picked
        return self.among(None).rows(reader, start, limit)

    def _pick(self, reader: Reader, start: Sequence[Any] | None, limit: int) -> tuple[Sql, bool]:
        """The entries that come next, and whether they are all. Those that share a value come together or not at all."""
        picked = reader.all(*self.picking(start, limit))
        complete = len(picked) < limit
        ids = [row[0] for row in picked if complete or row[1] != picked[-1][1]]
        return Sql("SELECT value FROM json_each(?)", (json.dumps(ids),)), complete

    def picking(self, start: Sequence[Any] | None, limit: int) -> Sql:
        """Row ids and values of the entries that come next, whatever the rest of the query says of them."""
        text = f"SELECT {self.row_id}, {self.value.sql} {self.source.text} AND {self.where.text}"
        args = self.source.args + self.where.args
        if start is not None:
            place = next(at for at, column in enumerate(self.columns) if not column.constant)
            text += f" AND {self.value.sql} {'<=' if self.value.descending else '>='} ?"
            args = (*args, start[place])
        direction = " DESC" if self.value.descending else ""
        return Sql(f"{text} ORDER BY {self.value.sql}{direction} LIMIT ?", (*args, limit))
