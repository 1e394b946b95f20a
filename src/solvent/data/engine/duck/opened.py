"""What every way of opening gives: a connection with the views that the questions ask."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from solvent.data.engine.duck import types
from solvent.data.engine.protocol import Column, Failed, Kind

if TYPE_CHECKING:
    import duckdb

DATA = "data"
"""View with the columns by their own names, for SQL of contracts."""
CELLS = "cells"
"""View with the columns as c0, c1, ...: no name of a column takes part in our own SQL."""
NUMBERED = "numbered"
"""The same with the number of each row as n."""


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


class Opened:
    """An open table: ``cells`` in the order of its columns, and a private folder that goes when it is closed."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, folder: Path, cells: Sequence[Cell]) -> None:
        self.connection = connection
        self.folder = folder
        self.cells = {cell.name: cell for cell in cells}
        self.columns = [Column(cell.name, cell.kind, cell.type) for cell in cells]
        self.notes: list[str] = []

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(query).fetchall()

    def close(self) -> None:
        self.connection.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def reason(error: Exception) -> str:
    """An error of DuckDB in one line, its excerpt of our SQL left out."""
    line = str(error).split("\n\nLINE ", 1)[0].strip()
    return " ".join(line.split())[:300]


def failed(error: Exception) -> Failed:
    return Failed(reason(error))
