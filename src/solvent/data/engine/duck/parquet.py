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
    paths = ", ".join(text(str(path)) for path in readable)
    if len(files) == 1 and "file_row_number" in map(str.lower, names):  # then its rows are numbered as they come
        return Source(f"read_parquet([{paths}], hive_partitioning = false)", names, STREAMED, readable)
    if len(files) == 1:
        rows = f"read_parquet([{paths}], file_row_number = true, hive_partitioning = false)"
        return Source(rows, names, "file_row_number", readable)
    _told_apart(names, files)
    notes = _types(connection, files, readable, names)
    by_name = ", union_by_name = true" if notes else ""
    rows = f"read_parquet([{paths}]{_folders(names, files)}{by_name})"
    return Source(rows, names, STREAMED, readable, notes)


def _told_apart(names: Sequence[str], files: Sequence[Path]) -> None:
    """Between files, columns are found by their names, and upper and lower case are not looked at."""
    twice = [name for name, times in Counter(map(str.lower, names)).items() if times > 1]
    if twice:
        raise UnreadableData(
            f"'{files[0].name}' has columns that differ in upper and lower case alone ('{twice[0]}'), which can't be "
            "told apart in several files; rename one, or give one file"
        )


def _folders(names: Sequence[str], files: Sequence[Path]) -> str:
    """Whether folders such as year=2024 are columns: not if the files have these columns themselves.

    Raises:
        UnreadableData: the files have some of them.
    """
    keys = {part.partition("=")[0].lower() for file in files for part in file.parent.parts if "=" in part}
    own = [name for name in names if name.lower() in keys]
    if not own:
        return ""
    if len(own) < len(keys):
        raise UnreadableData(
            f"'{own[0]}' is a column of the files and of their folders ('{own[0]}=...'); rename one, or give one file"
        )
    return ", hive_partitioning = false"


def _types(
    connection: duckdb.DuckDBPyConnection, files: Sequence[Path], readable: Sequence[Path], names: Sequence[str]
) -> list[str]:
    """A note on each column whose type differs between files: it is read as one that has room for all values."""
    import duckdb

    first: dict[str, tuple[str, Path]] = {}
    notes: dict[str, str] = {}
    for file, path in zip(files, readable, strict=True):
        try:
            found = connection.execute(
                f"DESCRIBE SELECT * FROM read_parquet({text(str(path))}, hive_partitioning = false)"
            ).fetchall()
        except duckdb.Error as error:
            raise UnreadableData(f"'{file.name}' can't be read as Parquet: {_said(error, path)}") from error
        for name, kind in (row[:2] for row in found):
            before, where = first.setdefault(name, (kind, file))
            if before != kind and name not in notes:
                notes[name] = f"column '{name}' is {before} in {where.name} and {kind} in {file.name}"
    return [notes[name] for name in names if name in notes]


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
    # Folders such as year=2024 are a column.
    partitions = [part for part in file.parent.parts if "=" in part]
    link = folder.joinpath("links", str(number), *partitions, "data.parquet")
    link.parent.mkdir(parents=True)
    link.symlink_to(file)
    return link


def _said(error: Exception, path: Path) -> str:
    return reason(error).replace(str(path), path.name)
