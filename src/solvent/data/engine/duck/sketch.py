"""Sketches of distinct values: of each register the least hash, whose leading zeros are the rank."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from solvent.data.engine.duck.columns import each
from solvent.data.engine.duck.opened import CELLS, Cell, Opened
from solvent.data.engine.hyperloglog import REGISTERS, P, sketch
from solvent.data.engine.protocol import Failed, Sketch


def sketches(opened: Opened, columns: Sequence[str]) -> dict[str, Sketch | Failed]:
    """See ``Table.distinct``."""
    name = _hash(opened)
    return each(opened, columns, 1, lambda cells: {cells[0].name: _answer(opened, cells[0], name)})


def _answer(opened: Opened, cell: Cell, name: str) -> Sketch:
    found: Sequence[Any] = opened.ask(
        f"SELECT h & {REGISTERS - 1}, min(h >> {P}) FROM "
        f"(SELECT hash({cell.canonical}) AS h FROM {CELLS} WHERE {cell.sql} IS NOT NULL) GROUP BY ALL"
    )
    return sketch(name, ((int(register), int(rest)) for register, rest in found))


def _hash(opened: Opened) -> str:
    """A name that changes when DuckDB's hash does: hashes of known values stand in it."""
    row: Sequence[Any] = opened.ask(
        "SELECT hash('solvent'), hash('a text that is longer than what is kept in place'), hash(42::BIGINT), "
        "hash(0.5::DOUBLE), hash(true), hash(DATE '2000-01-01'), hash([1]), hash(1.5::DECIMAL(18, 3))"
    )[0]
    return "duckdb-" + hashlib.sha256(repr(row).encode()).hexdigest()[:12]
