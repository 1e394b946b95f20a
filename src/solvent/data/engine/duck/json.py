"""JSON lines, or one JSON array of objects: read into a table, its columns and their types found in all rows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from solvent.data.engine.duck.literals import text
from solvent.data.engine.duck.opened import reason
from solvent.data.engine.duck.source import Source
from solvent.data.errors import UnreadableData

if TYPE_CHECKING:
    import duckdb

_STORED = "stored"


def source(connection: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> Source:
    """A key that only later rows have is a column too; values of several types are text (type JSON).

    Raises:
        UnreadableData: malformed; the message names the line.
    """
    import duckdb

    paths = ", ".join(text(str(file)) for file in files)
    read = f"read_json([{paths}], format = 'auto', records = true, sample_size = -1, maximum_object_size = 67108864)"
    try:
        connection.execute(f"CREATE TABLE {_STORED} AS SELECT * FROM {read}")
        columns = connection.execute(f"DESCRIBE {_STORED}").fetchall()
    except duckdb.Error as error:
        said = reason(error)
        if "expected records" in said:
            said = 'expected an object on each line, such as {"age": 41}'
        for file in files:
            said = said.replace(str(file), file.name)
        raise UnreadableData(f"'{files[0].name}' can't be read as JSON lines: {said}") from error
    names = [str(row[0]) for row in columns]
    notes = [f"column '{row[0]}' holds JSON values of several types" for row in columns if row[1] == "JSON"]
    return Source(_STORED, names, "rowid", (), notes)
