"""Tables of databases, queries, and Arrow files: read into a table, or where they lie."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from solvent.data.engine.duck import frames
from solvent.data.engine.duck.literals import identifier, text
from solvent.data.engine.duck.opened import reason
from solvent.data.engine.duck.source import STREAMED, Source
from solvent.data.errors import NoSuchTable, UnreadableData
from solvent.errors import NotSupported

if TYPE_CHECKING:
    import duckdb

_STORED = "stored"
_LISTED = 10
"""Tables that an error names."""


def is_query(source: str) -> bool:
    return source.split(maxsplit=1)[:1] != [] and source.split(maxsplit=1)[0].lower() in ("select", "with", "from")


def query(connection: duckdb.DuckDBPyConnection, query: str) -> Source:
    """The result of a query that the user wrote, over files that it names; it is kept."""
    import duckdb

    try:
        statements = connection.extract_statements(query)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise UnreadableData("expected one query, got several statements; give one SELECT")
        relation = connection.execute(f"DESCRIBE {query}").fetchall()
        twice = [name for name, times in Counter(row[0] for row in relation).items() if times > 1]
        if twice:
            raise UnreadableData(f"the query gives more than one column named '{twice[0]}'; rename one")
        connection.execute(f"CREATE TABLE {_STORED} AS {query}")
    except duckdb.Error as error:
        raise UnreadableData(f"the query can't be answered: {reason(error)}") from error
    return Source(_STORED, [str(row[0]) for row in relation], "rowid")


def source(
    connection: duckdb.DuckDBPyConnection, kind: Literal["duckdb", "sqlite"], file: Path, table: str | None
) -> Source:
    """A table of a database file."""
    import duckdb

    if kind == "sqlite":
        raise NotSupported(
            f"'{file.name}' is an SQLite file, which is not read yet; export the table to CSV: "
            f"sqlite3 -header -csv {file.name} 'select * from ...' > table.csv"
        )
    try:
        connection.execute(f"ATTACH {text(str(file))} AS source (READ_ONLY)")
        found = connection.execute(
            "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'source' UNION ALL "
            "SELECT schema_name, view_name FROM duckdb_views() WHERE database_name = 'source' AND NOT internal"
        ).fetchall()
        schema, name = _chosen(file, table, found)
        rows = f"source.{identifier(schema)}.{identifier(name)}"
        names = [str(row[0]) for row in connection.execute(f"DESCRIBE SELECT * FROM {rows}").fetchall()]
    except duckdb.Error as error:
        raise UnreadableData(f"'{file.name}' can't be read as a DuckDB database: {reason(error)}") from error
    return Source(rows, names, STREAMED, (file,), table=_called(schema, name))


def _chosen(file: Path, table: str | None, found: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """The schema and the name of a table, which may be given as ``orders``, ``main.orders`` or ``sales.orders``.

    Raises:
        NoSuchTable: it is not there, or several are meant.
    """
    if table is None and len(found) == 1:
        return found[0]
    meant = [(schema, name) for schema, name in found if table in (_called(schema, name), f"{schema}.{name}")]
    if len(meant) == 1:
        return meant[0]
    tables = sorted({_called(schema, name) for schema, name in found})
    near = difflib.get_close_matches((table or "")[:200], tables, _LISTED, 0.5)
    listed = [*near, *(name for name in tables if name not in near)]
    more = f" and {len(listed) - _LISTED:,} more" if len(listed) > _LISTED else ""
    said = "several of that name" if meant else f"got '{table}'" if table else "got none"
    there = ", ".join(f"'{name}'" for name in listed[:_LISTED]) or "none"
    error = NoSuchTable(f"expected the name of a table in '{file.name}', {said}; there is {there}{more}")
    error.tables = tables
    raise error


def _called(schema: str, name: str) -> str:
    return name if schema == "main" else f"{schema}.{name}"


def arrow(connection: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> Source:
    """Arrow's own file format, through pyarrow or Polars, whichever is there."""
    if len(files) > 1:
        raise UnreadableData(f"expected one Arrow file, got {len(files)}; convert them to Parquet")
    try:
        return frames.source(connection, _read(files[0]))
    except (OSError, ValueError) as error:
        raise UnreadableData(f"'{files[0].name}' can't be read as Arrow: {reason(error)}") from error


def _read(file: Path) -> object:
    try:
        from pyarrow import ipc, memory_map
    except ImportError:
        pass
    else:
        return ipc.open_file(memory_map(str(file))).read_all()
    try:
        import polars
    except ImportError:
        raise NotSupported("Arrow files need pyarrow or polars: pip install pyarrow") from None
    try:
        return polars.read_ipc(file)
    except polars.exceptions.PolarsError as error:
        raise ValueError(str(error)) from error
