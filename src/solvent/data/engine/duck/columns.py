"""Many columns in one question, and one by one where that fails: a bad column never stops the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from solvent.data.engine.duck.opened import Cell, Opened, failed
from solvent.data.engine.nearest import no_column
from solvent.data.engine.protocol import Failed

Answer = TypeVar("Answer")


def each(
    opened: Opened,
    columns: Sequence[str],
    at_once: int,
    ask: Callable[[Sequence[Cell]], Mapping[str, Answer | Failed]],
) -> dict[str, Answer | Failed]:
    """The answers of ``ask`` to ``at_once`` columns at a time, in the order asked."""
    cells = [opened.cells[name] for name in columns if name in opened.cells]
    found: dict[str, Answer | Failed] = {}
    for begin in range(0, len(cells), at_once):
        found |= _some(cells[begin : begin + at_once], ask)
    return {name: found[name] if name in found else no_column(name, opened.cells) for name in columns}


def _some(
    cells: Sequence[Cell], ask: Callable[[Sequence[Cell]], Mapping[str, Answer | Failed]]
) -> Mapping[str, Answer | Failed]:
    import duckdb

    try:
        return ask(cells)
    except duckdb.Error as error:
        if len(cells) == 1:
            return {cells[0].name: failed(error)}
    half = len(cells) // 2
    return {**_some(cells[:half], ask), **_some(cells[half:], ask)}
