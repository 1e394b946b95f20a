"""Parquet files: read where they lie."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from solvent.data.engine.duck.literals import text
from solvent.data.engine.duck.opened import reason
from solvent.data.engine.duck.source import STREAMED, Source
from solvent.data.errors import UnreadableData

if TYPE_CHECKING:
    import duckdb


def source(connection: duckdb.DuckDBPyConnection, folder: Path, files: Sequence[Path]) -> Source:
    """One or several files of one schema.

    Raises:
        UnreadableData: a file is damaged, has two columns of one name, or other columns than the first.
    """
    import duckdb

    readable = [_plain(file, folder, number) for number, file in enumerate(files)]
    names: list[str] = []
    for file, path in zip(files, readable, strict=True):
        try:
            found = _columns(connection, path)
        except duckdb.Error as error:
            raise UnreadableData(f"'{file.name}' can't be read as Parquet: {_said(error, path)}") from error
        twice = [name for name, times in Counter(found).items() if times > 1]
        if twice:
            raise UnreadableData(f"'{file.name}' has more than one column named '{twice[0]}'; rename one")
        if names and set(found) != set(names):
            only = sorted(set(found) ^ set(names))
            raise UnreadableData(
                f"'{file.name}' has not the columns of '{files[0].name}': only one of them has {', '.join(only[:5])}"
            )
        names = names or found
    if not names:
        raise UnreadableData(f"'{files[0].name}' has no columns")
    several = len(files) > 1
    paths = ", ".join(text(str(path)) for path in readable)
    rows = f"read_parquet([{paths}]{'' if several else ', file_row_number = true, hive_partitioning = false'})"
    return Source(rows, names, STREAMED if several else "file_row_number", readable)


def _columns(connection: duckdb.DuckDBPyConnection, path: Path) -> list[str]:
    """Names of the top level: the schema is listed depth first, each with the number of its children."""
    nodes = connection.execute(f"SELECT name, num_children FROM parquet_schema({text(str(path))})").fetchall()
    names: list[str] = []
    inner = 0
    for name, children in nodes[1:]:
        if inner:
            inner -= 1
        else:
            names.append(name)
        inner += children or 0
    return names


def _plain(file: Path, folder: Path, number: int) -> Path:
    """A path without the characters of patterns, which DuckDB would look for."""
    if not set("*?[]{}") & set(str(file)):
        return file
    link = folder / f"{number}.parquet"
    link.symlink_to(file)
    return link


def _said(error: Exception, path: Path) -> str:
    return reason(error).replace(str(path), path.name)
