"""Reading one page: scans in order, each entered after the last row of the page before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from solvent.search.ordering import Column, after, order_by
from solvent.search.sql import Sql

Row = tuple[Any, ...]


class Reader(Protocol):
    """What runs SQL: the store's transaction."""

    def all(self, sql: str, args: Sequence[object] = ()) -> list[Row]: ...


class Rows(Protocol):
    """Rows in the order of their columns."""

    @property
    def columns(self) -> Sequence[Column]: ...

    def select(self, start: Sequence[Any] | None, limit: int) -> Sql:
        """Row id and sort keys, in order, after ``start``."""
        ...

    def rows(self, reader: Reader, start: Sequence[Any] | None, limit: int) -> list[Row]:
        """What ``select`` finds, in whichever way."""
        ...


class Scan(NamedTuple):
    """``source`` is FROM with its joins, ``where`` the condition; ``row_id`` names the integer key."""

    row_id: str
    source: Sql
    where: Sql
    columns: Sequence[Column]

    def select(self, start: Sequence[Any] | None, limit: int) -> Sql:
        """Row id and sort keys, in order, after ``start``."""
        keys = ", ".join(column.sql for column in self.columns)
        text = f"SELECT {self.row_id}, {keys} {self.source.text} WHERE {self.where.text}"
        args = self.source.args + self.where.args
        if start is not None:
            beyond = after(self.columns, start)
            text, args = f"{text} AND {beyond.text}", args + beyond.args
        return Sql(f"{text} {order_by(self.columns)} LIMIT ?", (*args, limit))

    def rows(self, reader: Reader, start: Sequence[Any] | None, limit: int) -> list[Row]:
        return reader.all(*self.select(start, limit))

    def counting(self) -> Sql:
        return Sql(f"SELECT count(*) {self.source.text} WHERE {self.where.text}", self.source.args + self.where.args)


class Segment(NamedTuple):
    """A stretch of the results. The scans of one segment are merged, those of the next come after it.

    ``rank`` is the value of the first column where it is the same throughout: None where it is not.
    """

    scans: Sequence[Rows]
    rank: int | None = None


def read_page(reader: Reader, segments: Sequence[Segment], start: Sequence[Any] | None, limit: int) -> list[Row]:
    """At most ``limit`` rows of (row id, sort keys...) after ``start``."""
    rows: list[Row] = []
    for segment in segments:
        entered = start
        if start is not None and segment.rank is not None:
            if start[0] > segment.rank:
                continue
            entered = start if start[0] == segment.rank else None
        rows += _merged(reader, segment, entered, limit - len(rows))
        if len(rows) >= limit:
            break
    return rows


def _merged(reader: Reader, segment: Segment, start: Sequence[Any] | None, limit: int) -> list[Row]:
    rows: list[Row] = []
    for scan in segment.scans:
        rows += scan.rows(reader, start, limit)
    if len(segment.scans) > 1:  # sorted as SQLite does: text by code points, which UTF-8 keeps
        columns = segment.scans[0].columns
        for index, column in reversed(list(enumerate(columns, 1))):
            if not column.constant:
                rows.sort(key=lambda row, at=index: _key(row[at]), reverse=column.descending)  # type: ignore[misc]
    return rows[:limit]


def _key(value: Any) -> tuple[bool, Any]:
    """A missing value only meets its like: the rank column stands before it."""
    return value is None, 0 if value is None else value
