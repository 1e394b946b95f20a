"""The most frequent values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from solvent.data.engine.duck.columns import each
from solvent.data.engine.duck.opened import CELLS, Cell, Opened
from solvent.data.engine.duck.sketch import WIDE, at_once
from solvent.data.engine.protocol import Categories, Failed
from solvent.data.engine.texts import text_of


def categories(opened: Opened, columns: Sequence[str], most: int, rows: int) -> dict[str, Categories | Failed]:
    """See ``Table.categories``."""
    if len(opened.cells) <= WIDE:
        return each(opened, columns, 1, lambda cells: {cells[0].name: _answer(opened, cells[0], most, CELLS)})
    return each(opened, columns, at_once(rows), lambda cells: _many(opened, cells, most))


def _many(opened: Opened, cells: Sequence[Cell], most: int) -> dict[str, Categories | Failed]:
    opened.ask(
        f"CREATE OR REPLACE TEMP TABLE beside AS SELECT {', '.join(cell.sql for cell in cells)} FROM {opened.beside(cells)}"
    )
    try:
        return {cell.name: _answer(opened, cell, most, "beside") for cell in cells}
    finally:
        opened.ask("DROP TABLE beside")


def _answer(opened: Opened, cell: Cell, most: int, table: str) -> Categories | Failed:
    if cell.kind in ("list", "struct", "other"):
        return Failed(f"values of type {cell.type} are looked at by length alone")
    value = cell.canonical
    shown = "v::VARCHAR" if cell.kind in ("date", "time", "timestamp") else "v"
    top: Sequence[Any] = opened.ask(
        f"SELECT {shown}, times, (sum(times) OVER ())::BIGINT, count(*) OVER () "
        f"FROM (SELECT {value} AS v, count(*) AS times FROM {table} WHERE {cell.sql} IS NOT NULL GROUP BY ALL) "
        f"ORDER BY times DESC, {_as_text('v', cell)} LIMIT {int(most)}"
    )
    total = top[0][2] if top else 0
    complete = not top or top[0][3] <= most
    pairs = sorted(((text_of(row[0]), int(row[1])) for row in top), key=lambda pair: (-pair[1], pair[0]))
    return Categories(pairs, int(total) - sum(count for _, count in pairs), complete)


def _as_text(value: str, cell: Cell) -> str:
    """What equally frequent values are ordered by."""
    return f"{value}::VARCHAR" if cell.kind != "text" else value
