"""Rows spread over the table, and the quantiles of their numbers."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from solvent.data.engine.duck.columns import each
from solvent.data.engine.duck.opened import CELLS, DATA, NUMBERED, Cell, Opened, Rows, reason
from solvent.data.engine.nearest import no_column
from solvent.data.engine.protocol import Failed
from solvent.data.engine.spread import FACTOR, block
from solvent.data.errors import UnreadableData

ROWS = 10_000
"""Of the sample that quantiles are of."""
AT_ONCE = 100
"""Columns in one pass."""


def sample(opened: Opened, rows: int, columns: Sequence[str] | None, all_: int) -> dict[str, list[Any]]:
    """See ``Table.sample``.

    Raises:
        UnreadableData: a column is not there, or can't be read.
    """
    import duckdb

    names = list(opened.cells) if columns is None else list(columns)
    for name in names:
        if name not in opened.cells:
            raise UnreadableData(no_column(name, opened.cells).reason)
    cells = [opened.cells[name] for name in names]
    listed = ", ".join(cell.sql for cell in cells)
    try:
        found = opened.ask(f"SELECT {listed} FROM ({taken(opened, cells, block(all_, rows))}) ORDER BY n")
    except duckdb.Error as error:
        raise UnreadableData(f"no sample can be taken: {reason(error)}") from error
    return {name: [row[place] for row in found] for place, name in enumerate(names)}


def part(opened: Opened, rows: int, all_: int) -> Opened:
    """A table of the sample, on a cursor of the same database, where temporary views hide those of the whole."""
    cells = list(opened.cells.values())
    listed = ", ".join(cell.sql for cell in cells)
    opened.ask(f"CREATE OR REPLACE TABLE part AS {taken(opened, cells, block(all_, rows))} ORDER BY n")
    cursor = opened.connection.cursor()
    named = ", ".join(f"{cell.sql} AS {opened.sql_names[cell.name]}" for cell in opened.cells.values())
    cursor.execute(f"CREATE TEMP VIEW {CELLS} AS SELECT {listed} FROM part")
    cursor.execute(f"CREATE TEMP VIEW {NUMBERED} AS SELECT rowid AS n, {listed} FROM part")
    cursor.execute(f"CREATE TEMP VIEW {DATA} AS SELECT {named} FROM part")
    return Opened(cursor, opened.folder / "part", cells, Rows("part", [cell.sql for cell in cells], "rowid"))


def taken(opened: Opened, cells: Sequence[Cell], size: int) -> str:
    """The rows of ``spread.takes``, numbered."""
    listed = ", ".join(cell.sql for cell in cells)
    chosen = f"n % {size} = ((n // {size}) * {FACTOR} >> 7) % {size}" if size > 1 else "true"
    return f"SELECT n, {listed} FROM {opened.numbered(cells)} WHERE {chosen}"


def quantiles(
    opened: Opened, columns: Sequence[str], shares: Sequence[float], all_: int
) -> dict[str, Sequence[float] | Failed]:
    """See ``Table.quantiles``; none where there is no finite number."""
    return each(opened, columns, AT_ONCE, lambda cells: _answers(opened, cells, shares, all_))


def _answers(
    opened: Opened, cells: Sequence[Cell], shares: Sequence[float], all_: int
) -> Mapping[str, Sequence[float] | Failed]:
    import numpy

    found: dict[str, Sequence[float] | Failed] = {
        cell.name: Failed(f"values of type {cell.type} are not counted as numbers") for cell in cells if not cell.value
    }
    asked = [cell for cell in cells if cell.value]
    if not asked:
        return found
    inner = taken(opened, asked, block(all_, ROWS))
    listed = ", ".join(f"{cell.value} AS {cell.sql}" for cell in asked)
    columns = opened.connection.execute(f"SELECT {listed} FROM ({inner})").fetchnumpy()
    for cell in asked:
        values = numpy.ma.masked_invalid(columns[cell.sql]).compressed()
        found[cell.name] = _of(values, shares) if len(values) else []
    return found


def _of(values: Any, shares: Sequence[float]) -> list[float]:
    """NumPy's; of halves where the difference of two values would be infinite."""
    import numpy

    factor = 2.0 if float(numpy.abs(values).max()) > sys.float_info.max / 4 else 1.0
    return [float(each) * factor for each in numpy.quantile(values / factor, shares)]
