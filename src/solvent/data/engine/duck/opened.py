"""What every way of opening gives: a connection with the views that the questions ask."""

from __future__ import annotations

import shutil
import weakref
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from solvent.data.engine.duck import types
from solvent.data.engine.duck.literals import identifier
from solvent.data.engine.protocol import Column, Failed, Kind

if TYPE_CHECKING:
    import duckdb

DATA = "data"
"""View with the columns by their own names, for SQL of contracts."""
CELLS = "cells"
"""View with the columns as c0, c1, ...: no name of a column takes part in our own SQL."""
NUMBERED = "numbered"
"""The same with the number of each row as n."""
WIDE = 1_000
"""Columns from which a question names those that it is about: to expand the views of all takes DuckDB longer than to
count."""


class Cell(msgspec.Struct, frozen=True):
    """A column of ``CELLS``. ``value`` is its finite number in SQL, if it has one."""

    sql: str
    name: str
    kind: Kind
    type: str

    @property
    def value(self) -> str | None:
        return types.number(self.sql, self.kind, self.type)

    @property
    def canonical(self) -> str:
        return types.canonical(self.sql, self.kind, self.type)


def sql_names(cells: Sequence[Cell]) -> dict[str, str]:
    """What SQL calls each column: its name, quoted.

    SQL does not look at upper and lower case. Columns that differ in nothing else get their place beside their name:
    DuckDB would call the second one ``A_1``, and so may another column be called.
    """
    times = Counter(identifier(cell.name).lower() for cell in cells)
    taken, found = set(times), {}
    for place, cell in enumerate(cells, 1):
        called = identifier(cell.name)
        if times[called.lower()] > 1:
            name = f"{cell.name} (column {place})"
            while (called := identifier(name)).lower() in taken:
                name += "_"
            taken.add(called.lower())
        found[cell.name] = called
    return found


class Rows(NamedTuple):
    """What the views are made of: SQL that gives the rows, what each column is called there, and the row's number."""

    sql: str
    columns: Sequence[str]
    number: str


class Opened:
    """An open table: ``cells`` in the order of its columns, and a private folder that goes when it is closed.

    ``sql_seconds`` is what the SQL of others has taken so far.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, folder: Path, cells: Sequence[Cell], rows: Rows | None = None
    ) -> None:
        self.connection = connection
        self.folder = folder
        self.cells = {cell.name: cell for cell in cells}
        self.sql_names = sql_names(cells)
        self.columns = [Column(cell.name, cell.kind, cell.type) for cell in cells]
        self.notes: list[str] = []
        self.table: str | None = None
        self.sql_seconds = 0.0
        wide = rows is not None and len(cells) > WIDE and all(map(_is_plain, rows.columns))
        self._rows = rows if wide else None
        self._called = {cell.sql: name for cell, name in zip(cells, rows.columns, strict=True)} if rows and wide else {}
        # The folder goes too when nobody closes the table.
        self._tidy = weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)

    def beside(self, cells: Iterable[Cell]) -> str:
        """What is asked about these columns: ``CELLS``, or as much of it."""
        return CELLS if self._rows is None else f"(SELECT {self._named(cells)} FROM {self._rows.sql})"

    def numbered(self, cells: Iterable[Cell]) -> str:
        """The same of ``NUMBERED``."""
        if self._rows is None:
            return NUMBERED
        return f"(SELECT {self._rows.number} AS n, {self._named(cells)} FROM {self._rows.sql})"

    @property
    def is_wide(self) -> bool:
        return self._rows is not None

    def _named(self, cells: Iterable[Cell]) -> str:
        return ", ".join(
            f"{identifier(self._called[sql])} AS {sql}" for sql in dict.fromkeys(each.sql for each in cells)
        )

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(query).fetchall()

    def close(self) -> None:
        self.connection.close()
        self._tidy()


def _is_plain(name: str) -> bool:
    return name != "" and "\0" not in name


def reason(error: Exception) -> str:
    """An error of DuckDB in one line, its excerpt of our SQL left out."""
    line = str(error).split("\n\nLINE ", 1)[0].strip()
    return " ".join(line.split())[:300]


def failed(error: Exception) -> Failed:
    return Failed(reason(error))
