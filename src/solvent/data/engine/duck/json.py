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
_NESTED = re.compile(r'Duplicate name "(.*)" in struct')


def source(connection: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> Source:
    """A key that only later rows have is a column too; values of several types are text (type JSON).

    Raises:
        UnreadableData: malformed; the message names the line. Or keys that differ only in case can't be told apart.
    """
    import duckdb

    paths = ", ".join(text(str(file)) for file in files)
    try:
        _store(connection, paths)
        columns = connection.execute(f"DESCRIBE {_STORED}").fetchall()
    except duckdb.Error as error:
        raise UnreadableData(f"'{files[0].name}' can't be read as JSON lines: {_said(error, files)}") from error
    names = _own_names(connection, [str(row[0]) for row in columns], paths)
    notes = [
        f"column '{name}' holds JSON values of several types"
        for name, row in zip(names, columns, strict=True)
        if row[1] == "JSON"
    ]
    return Source(_STORED, names, "rowid", (), notes)


def _store(connection: duckdb.DuckDBPyConnection, paths: str) -> None:
    """DuckDB takes an object of many or rare keys for a map, which is no row: then it is told to look for none."""
    import duckdb

    read = f"format = 'auto', records = true, sample_size = -1, {_LARGEST}"
    try:
        connection.execute(f"CREATE TABLE {_STORED} AS SELECT * FROM read_json([{paths}], {read})")
    except duckdb.BinderException:
        no_maps = "map_inference_threshold = -1, field_appearance_threshold = 0"
        connection.execute(f"CREATE TABLE {_STORED} AS SELECT * FROM read_json([{paths}], {read}, {no_maps})")


def _said(error: Exception, files: Sequence[Path]) -> str:
    said = reason(error).removeprefix("Invalid Input Error: ")
    if "expected records" in said:
        return 'expected an object on each line, such as {"age": 41}'
    if nested := _NESTED.search(said):
        return f"keys inside a nested value differ only in case ('{nested[1]}'), and can't be told apart; rename one"
    said = said.split(" Try increasing ", 1)[0]
    if "Malformed" in said:
        said = f"{said.rstrip('.')}; mend that line, or leave it out"
    for file in files:
        said = said.replace(str(file), file.name)
    return said


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
    if len(set(own)) < len(own) or set(own) != keys:
        same = sorted(key for key in keys if any(key != one and key.casefold() == one.casefold() for one in keys))
        listed = ", ".join(f"'{key}'" for key in same[:4])
        raise UnreadableData(
            f"keys of the JSON objects differ only in case ({listed}), and can't be told apart; rename one"
        )
    return own
