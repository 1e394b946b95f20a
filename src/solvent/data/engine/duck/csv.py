"""CSV: every cell is read as text first, and becomes something else only if the whole column can without loss.

DuckDB's own sniffer decides by the first rows; after them, it stops at an odd value, or rounds it. Here a column of numbers
with one "abc" in its last row is text, and a note names the row. Leading zeros, numbers that are too long and dates in
other orders than ISO 8601 stay text. An empty cell is missing; in a column of numbers, so are the ``WORDS``, which is noted.
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from solvent.data.engine.duck.literals import text
from solvent.data.engine.duck.opened import reason
from solvent.data.engine.duck.source import Source
from solvent.data.errors import UnreadableData

if TYPE_CHECKING:
    import duckdb

WORDS = ("NA", "N/A", "NULL", "Null", "null", "None", "NaN", "nan", "<NA>", "#N/A")
"""What other programs write for a missing number."""
FIRST = 2_000
"""Rows that suggest each column's type, before all rows are asked."""
QUOTE = '"'
LONGEST = 16_777_216
"""Bytes of a line; a longer one is refused, so that a file of one endless line can't fill the memory."""
Found = TypeVar("Found")
_STORED = "stored"
_DAY = r"\d{4}-\d{2}-\d{2}"
_CLOCK = r"\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?"
_REAL = r"[+-]?((0|[1-9]\d*)(\.\d*)?|\.\d+)([eE][+-]?\d+)?|[+-]?(?i:inf|infinity)"
_TESTS = {
    "BOOLEAN": "regexp_full_match({c}, '(?i)true|false')",
    "BIGINT": "TRY_CAST({c} AS BIGINT)::VARCHAR = {c}",
    "HUGEINT": "length({c}) > 15 AND TRY_CAST({c} AS HUGEINT)::VARCHAR = {c} OR TRY_CAST({c} AS BIGINT)::VARCHAR = {c}",
    "DOUBLE": f"regexp_full_match({{c}}, {text(_REAL)}) AND NOT regexp_full_match({{c}}, '[+-]?\\d{{16,}}') "
    "AND (isfinite(TRY_CAST({c} AS DOUBLE)) OR regexp_matches({c}, '(?i)inf'))",
    "DATE": f"regexp_full_match({{c}}, {text(_DAY)}) AND TRY_CAST({{c}} AS DATE) IS NOT NULL",
    "TIMESTAMP": f"regexp_full_match({{c}}, {text(_DAY + '([ T]' + _CLOCK + ')?')}) "
    "AND TRY_CAST({c} AS TIMESTAMP) IS NOT NULL",
    "TIMESTAMPTZ": f"regexp_full_match({{c}}, {text(_DAY + '[ T]' + _CLOCK + '(Z|[+-][0-9]{2}(:?[0-9]{2})?)')}) "
    "AND TRY_CAST({c} AS TIMESTAMPTZ) IS NOT NULL",
    "TIME": f"regexp_full_match({{c}}, {text(_CLOCK)}) AND TRY_CAST({{c}} AS TIME) IS NOT NULL",
}
"""A cell that passes can become the type, and back, without loss. In the order of preference."""
_NUMBERS = ("BIGINT", "HUGEINT", "DOUBLE")


def source(connection: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> Source:
    """Files with one header, read into a table.

    Raises:
        UnreadableData: no header, two columns of one name, a row with more or fewer cells, or not UTF-8.
    """
    import duckdb

    names: list[str] = []
    delimiter = ""
    for file in files:
        delimiter = delimiter or _delimiter(file)
        header = _header(file, delimiter)
        if names and header != names:
            raise UnreadableData(f"'{file.name}' has not the header of '{files[0].name}'; columns must be in one order")
        names = header
    cells = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(len(names)))
    paths = ", ".join(text(str(file)) for file in files)
    read = (
        f"read_csv([{paths}], auto_detect = false, header = true, columns = {{{cells}}}, delim = {text(delimiter)}, quote = {text(QUOTE)}, "
        f"escape = {text(QUOTE)}, "
        f"nullstr = '', max_line_size = {LONGEST})"
    )
    notes: list[str] = []
    try:
        connection.execute(f"CREATE TABLE raw AS SELECT * FROM {read}")
        chosen = _types(connection, names, notes)
        connection.execute(f"CREATE TABLE {_STORED} AS SELECT {', '.join(chosen)} FROM raw")
        connection.execute("DROP TABLE raw")
    except duckdb.Error as error:
        raise UnreadableData(_said(error, files)) from error
    return Source(_STORED, names, "rowid", (), notes)


def _delimiter(file: Path) -> str:
    """That of , ; tab | which makes the most of the header; rows are then held to it."""

    def best(lines: Iterator[str]) -> str:
        first = next(lines, "")
        return max(",;\t|", key=lambda each: _cells(first, each))

    return _first(file, best)


def _cells(line: str, delimiter: str) -> int:
    """How many there are; none where a wrong delimiter makes a cell of more than the csv module reads."""
    try:
        return len(next(csv.reader([line], delimiter=delimiter), []))
    except csv.Error:
        return 0


def _first(file: Path, read: Callable[[Iterator[str]], Found]) -> Found:
    try:
        with (
            gzip.open(file) if file.suffix.lower() == ".gz" else file.open("rb") as opened,
            io.TextIOWrapper(opened, encoding="utf-8-sig", newline="") as lines,
        ):
            return read(_bounded(lines, file))
    except UnicodeDecodeError as error:
        raise UnreadableData(f"'{file.name}' is not UTF-8 ({error.reason}); save it as UTF-8") from error
    except (OSError, EOFError, zlib.error, csv.Error) as error:
        raise UnreadableData(f"'{file.name}' can't be read: {error}") from error


def _bounded(lines: io.TextIOWrapper, file: Path) -> Iterator[str]:
    while line := lines.readline(LONGEST + 1):
        if len(line) > LONGEST:
            raise UnreadableData(f"'{file.name}' has a line of more than {LONGEST:,} characters: is it a CSV file?")
        yield line


def _header(file: Path, delimiter: str) -> list[str]:
    header = _first(file, lambda lines: next(csv.reader(lines, delimiter=delimiter), []))
    if not any(header):
        raise UnreadableData(f"expected the names of columns in the first line of '{file.name}', got an empty line")
    named = [name or f"column{place}" for place, name in enumerate(header)]
    twice = [name for name, times in Counter(named).items() if times > 1]
    if twice:
        raise UnreadableData(f"'{file.name}' has more than one column named '{twice[0]}'; rename one")
    return named


def _types(connection: duckdb.DuckDBPyConnection, names: Sequence[str], notes: list[str]) -> list[str]:
    """For each column the expression that makes its values of its text."""
    places = range(len(names))
    first = _passing(connection, {place: tuple(_TESTS) for place in places}, f"(FROM raw LIMIT {FIRST})")
    wanted = {place: _worth(first[place]) for place in places}
    whole = _passing(connection, {place: tests for place, tests in wanted.items() if tests}, "raw")
    chosen = []
    for place in places:
        chosen_type = next((test for test in wanted[place] if whole[place][test]), None)
        if chosen_type is None and wanted[place] and whole[place]["any"]:
            notes += _odd(connection, place, names[place], wanted[place][0])
        elif chosen_type in _NUMBERS and whole[place]["words"]:
            notes.append(
                f"column '{names[place]}': {whole[place]['words']} cells such as NA or null are missing values"
            )
        chosen.append(_cast(place, chosen_type if whole.get(place, {}).get("any") else None))
    return chosen


def _worth(passed: dict[str, int]) -> tuple[str, ...]:
    """The types to ask all rows for: those that the first rows allow, and what is wider."""
    found = tuple(test for test in _TESTS if passed[test])
    if not passed["any"]:
        return tuple(_TESTS)
    if found and found[0] in _NUMBERS:
        return _NUMBERS[_NUMBERS.index(found[0]) :]
    return ("TIMESTAMP",) if found == ("TIMESTAMP",) else found


def _passing(
    connection: duckdb.DuckDBPyConnection, wanted: dict[int, tuple[str, ...]], rows: str
) -> dict[int, dict[str, int]]:
    """Whether all cells pass each test; how many are words for missing; whether any is something else."""
    asked = [(place, test) for place, tests in wanted.items() for test in (*tests, "words", "any")]
    if not asked:
        return {}
    parts = []
    for place, test in asked:
        cell = f"c{place}"
        if test in _TESTS:
            known = f"{cell} IS NULL" + (f" OR {cell} IN {_words()}" if test in _NUMBERS else "")
            passes = _TESTS[test].replace("{c}", cell)
            parts.append(f"coalesce(bool_and({known} OR coalesce({passes}, false)), true)::INTEGER")
        elif test == "words":
            parts.append(f"count(*) FILTER (WHERE {cell} IN {_words()})")
        else:
            parts.append(f"(count({cell}) > 0)::INTEGER")
    found: dict[int, dict[str, int]] = {place: {} for place in wanted}
    for begin in range(0, len(parts), 500):
        row = connection.execute(f"SELECT {', '.join(parts[begin : begin + 500])} FROM {rows}").fetchone() or ()
        for (place, test), value in zip(asked[begin : begin + 500], row, strict=True):
            found[place][test] = value
    return found


def _words() -> str:
    return f"({', '.join(map(text, WORDS))})"


def _cast(place: int, type: str | None) -> str:
    cell = f"c{place}"
    if type is None:
        return cell
    if type in _NUMBERS:
        return f"CASE WHEN {cell} IN {_words()} THEN NULL ELSE {cell} END::{type} AS {cell}"
    return f"{cell}::{type} AS {cell}"


def _odd(connection: duckdb.DuckDBPyConnection, place: int, name: str, type: str) -> list[str]:
    """The note on the first cell that spoils a type."""
    cell = f"c{place}"
    known = f"{cell} IS NULL" + (f" OR {cell} IN {_words()}" if type in _NUMBERS else "")
    passes = _TESTS["DOUBLE" if type in _NUMBERS else type].replace("{c}", cell)
    found = connection.execute(
        f"SELECT rowid + 1, left({cell}, 40) FROM raw WHERE NOT ({known} OR coalesce({passes}, false)) ORDER BY 1 LIMIT 1"
    ).fetchone()
    what = {"BOOLEAN": "true or false", "DATE": "a date", "TIME": "a time"}.get(type, "a number")
    what = "a timestamp" if type.startswith("TIMESTAMP") else what
    return [f"column '{name}' was read as text: row {found[0]} is '{found[1]}', not {what}"] if found else []


def _said(error: Exception, files: Sequence[Path]) -> str:
    """DuckDB's reason without its advice on options, and what to do about the most frequent one."""
    lines = [line for line in str(error).split("\nPossible", 1)[0].splitlines() if line.strip()]
    line = reason(Exception(f"{lines[0]}: {lines[-1]}" if len(lines) > 1 else lines[0]))
    for file in files:
        line = line.replace(str(file), file.name)
    name = "" if any(file.name in line for file in files) else f"'{files[0].name}': "
    hint = "; mend that line: cells that hold the separator need quotes" if "Number of Columns" in line else ""
    return f"{name}{line.removeprefix('Invalid Input Error: ')}{hint}"
