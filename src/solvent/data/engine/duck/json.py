"""JSON lines, or one JSON array of objects: read into a table, its columns and their types found in all rows."""

from __future__ import annotations

import re
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
_LARGEST = "maximum_object_size = 67108864"
_NUMBERED = re.compile(r"(.+)_\d+", re.DOTALL)


def source(connection: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> Source:
    """A key that only later rows have is a column too; values of several types are text (type JSON).

    Raises:
        UnreadableData: malformed; the message names the line. Or keys that differ only in case can't be told apart.
    """
    import duckdb

    paths = ", ".join(text(str(file)) for file in files)
    read = f"read_json([{paths}], format = 'auto', records = true, sample_size = -1, {_LARGEST})"
    try:
        connection.execute(f"CREATE TABLE {_STORED} AS SELECT * FROM {read}")
        columns = connection.execute(f"DESCRIBE {_STORED}").fetchall()
    except duckdb.Error as error:
        said = reason(error).removeprefix("Invalid Input Error: ")
        if "expected records" in said:
            said = 'expected an object on each line, such as {"age": 41}'
        elif "Malformed" in said:
            said = f"{said.rstrip('.')}; mend that line, or leave it out"
        for file in files:
            said = said.replace(str(file), file.name)
        raise UnreadableData(f"'{files[0].name}' can't be read as JSON lines: {said}") from error
    names = _own_names(connection, [str(row[0]) for row in columns], paths)
    notes = [
        f"column '{name}' holds JSON values of several types"
        for name, row in zip(names, columns, strict=True)
        if row[1] == "JSON"
    ]
    return Source(_STORED, names, "rowid", (), notes)


def _own_names(connection: duckdb.DuckDBPyConnection, names: list[str], paths: str) -> list[str]:
    """The keys as they stand in the files: of two that differ only in case, DuckDB calls one ``ID_1``."""
    lower = {name.casefold() for name in names}
    matches = {name: found[1] for name in names if (found := _NUMBERED.fullmatch(name))}
    suspects = {name: base for name, base in matches.items() if base.casefold() in lower}
    if not suspects:
        return names
    objects = f"read_json_objects([{paths}], format = 'auto', {_LARGEST})"
    keys = {row[0] for row in connection.execute(f"SELECT DISTINCT unnest(json_keys(json)) FROM {objects}").fetchall()}
    own = [suspects[name] if name in suspects and name not in keys else name for name in names]
    if len(set(own)) < len(own) or not set(own) <= keys:
        raise UnreadableData("keys of the JSON objects differ only in case, and can't be told apart; rename one")
    return own
