"""Sketches of distinct values: of each register the least hash, whose leading zeros are the rank."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from solvent.data.engine.duck.columns import each
from solvent.data.engine.duck.opened import CELLS, Cell, Opened
from solvent.data.engine.hyperloglog import REGISTERS, P, sketch
from solvent.data.engine.protocol import Failed, Sketch

WIDE = 100
"""Columns of a table from which their hashes are laid beside each other first: a question to a wide table is dear."""
ROOM = 4_000_000
"""Hashes that are laid there at a time."""


def sketches(opened: Opened, columns: Sequence[str], rows: int) -> dict[str, Sketch | Failed]:
    """See ``Table.distinct``."""
    name = _hash(opened)
    if len(opened.cells) <= WIDE:
        return each(opened, columns, 1, lambda cells: {cells[0].name: _of(opened, cells[0], name, CELLS)})
    return each(opened, columns, at_once(rows), lambda cells: _many(opened, cells, name))


def at_once(rows: int) -> int:
    """Columns that are laid beside each other."""
    return max(1, min(WIDE, ROOM // max(1, rows)))


def _many(opened: Opened, cells: Sequence[Cell], name: str) -> dict[str, Sketch | Failed]:
    hashes = ", ".join(f"CASE WHEN {each.sql} IS NOT NULL THEN {_hashed(each)} END AS {each.sql}" for each in cells)
    opened.ask(f"CREATE OR REPLACE TEMP TABLE hashes AS SELECT {hashes} FROM {opened.beside(cells)}")
    try:
        return {each.name: _least(opened, each.sql, each.sql, name, "hashes") for each in cells}
    finally:
        opened.ask("DROP TABLE hashes")


def _of(opened: Opened, cell: Cell, name: str, table: str) -> Sketch:
    return _least(opened, cell.sql, _hashed(cell), name, table)


def _hashed(cell: Cell) -> str:
    return f"hash({cell.canonical})"


def _least(opened: Opened, column: str, hashed: str, name: str, table: str) -> Sketch:
    found = opened.ask(
        f"SELECT h & {REGISTERS - 1}, min(h >> {P}) FROM "
        f"(SELECT {hashed} AS h FROM {table} WHERE {column} IS NOT NULL) GROUP BY ALL"
    )
    return sketch(name, ((int(register), int(rest)) for register, rest in found))


def _hash(opened: Opened) -> str:
    """A name that changes when DuckDB's hash does: hashes of known values stand in it."""
    row: Sequence[Any] = opened.ask(
        "SELECT hash('solvent'), hash('a text that is longer than what is kept in place'), hash(42::BIGINT), "
        "hash(0.5::DOUBLE), hash(true), hash(DATE '2000-01-01'), hash([1]), hash(1.5::DECIMAL(18, 3))"
    )[0]
    return "duckdb-" + hashlib.sha256(repr(row).encode()).hexdigest()[:12]
