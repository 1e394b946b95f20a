"""From a path, a frame, a database or a query to an open table."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from solvent.data.engine.duck import csv, databases, frames, json, parquet
from solvent.data.engine.duck.database import connect, lock
from solvent.data.engine.duck.opened import CELLS, DATA, NUMBERED, Cell, Opened, Rows, reason, sql_names
from solvent.data.engine.duck.paths import Format, files_of
from solvent.data.engine.duck.source import Source
from solvent.data.engine.duck.types import kind_of
from solvent.data.errors import UnreadableData

if TYPE_CHECKING:
    import duckdb


def opened(source: object, table: str | None, memory: str | None, threads: int | None) -> Opened:
    """See ``Engine.open``."""
    connection, folder = connect(memory, threads)
    try:
        return _views(connection, folder, _source(connection, folder, source, table))
    except BaseException:
        connection.close()
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _source(connection: duckdb.DuckDBPyConnection, folder: Path, source: object, table: str | None) -> Source:
    if not isinstance(source, str | os.PathLike):
        return _of_frame(connection, source)
    path = str(source)
    if isinstance(source, str) and databases.is_query(path) and not os.path.lexists(path):
        return databases.query(connection, path)
    kind, files, notes = files_of(path.removeprefix("sqlite:///").removeprefix("duckdb:///"))
    if kind in ("duckdb", "sqlite"):
        return databases.source(connection, kind, files[0], table)
    if table is not None:
        raise UnreadableData(f"'{files[0].name}' is a file of one table; leave the name of the table ('{table}') out")
    found = _of_files(connection, folder, kind, files)
    return msgspec.structs.replace(found, notes=[*found.notes, *notes])


def _of_frame(connection: duckdb.DuckDBPyConnection, frame: object) -> Source:
    import duckdb

    try:
        return frames.source(connection, frame)
    except duckdb.Error as error:
        raise UnreadableData(
            f"the frame can't be read: {reason(error)}; convert the column of that type, or leave it out"
        ) from error


def _of_files(connection: duckdb.DuckDBPyConnection, folder: Path, kind: Format, files: Sequence[Path]) -> Source:
    if kind == "parquet":
        return parquet.source(connection, folder, files)
    if kind == "arrow":
        return databases.arrow(connection, files)
    return csv.source(connection, files) if kind == "csv" else json.source(connection, files)


def _views(connection: duckdb.DuckDBPyConnection, folder: Path, source: Source) -> Opened:
    import duckdb

    try:
        described = connection.execute(f"DESCRIBE SELECT * FROM {source.rows}").fetchall()
        names = [*source.names, *(row[0] for row in described[len(source.names) :] if row[0] != source.number)]
        cells = [
            Cell(f"c{place}", name, kind_of(row[1]), row[1])
            for place, (name, row) in enumerate(zip(names, described, strict=False))
        ]
        inner = ", ".join(cell.sql for cell in cells)
        number = f", {source.number}" if source.number == "file_row_number" else ""
        connection.execute(f"CREATE VIEW {CELLS} AS SELECT {inner} FROM {source.rows} AS rows({inner}{number})")
        spoken = sql_names(cells)
        outer = ", ".join(f"{cell.sql} AS {spoken[cell.name]}" for cell in cells)
        connection.execute(f"CREATE VIEW {DATA} AS SELECT {outer} FROM {CELLS}")
        connection.execute(
            f"CREATE VIEW {NUMBERED} AS SELECT {source.number} AS n, {inner} FROM {source.rows} AS rows({inner}{number})"
        )
        lock(connection, folder, source.readable)
    except duckdb.Error as error:
        raise UnreadableData(f"the table can't be read: {reason(error)}") from error
    found = Opened(
        connection, folder, cells, Rows(source.rows, [row[0] for row in described[: len(cells)]], source.number)
    )
    found.notes += source.notes
    found.table = source.table
    return found
