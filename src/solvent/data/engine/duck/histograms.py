"""Counts on given edges."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from solvent.data.engine.duck.columns import each
from solvent.data.engine.duck.literals import double
from solvent.data.engine.duck.opened import Cell, Opened
from solvent.data.engine.duck.scalars import number_of, valued
from solvent.data.engine.protocol import Failed, Histogram

AT_ONCE = 100
"""Columns in one pass."""


def histograms(opened: Opened, edges: Mapping[str, Sequence[float]]) -> dict[str, Histogram | Failed]:
    """See ``Table.histograms``."""
    return each(opened, list(edges), AT_ONCE, lambda cells: _answers(opened, cells, edges))


def _answers(
    opened: Opened, cells: Sequence[Cell], edges: Mapping[str, Sequence[float]]
) -> Mapping[str, Histogram | Failed]:
    asked = {cell.name: _asked(cell, edges[cell.name]) for cell in cells}
    counts = {name: sql for name, sql in asked.items() if isinstance(sql, str)}
    row: Sequence[Any] = (
        opened.ask(f"SELECT {', '.join(counts.values())} FROM {valued(opened, cells)}")[0] if counts else ()
    )
    found: dict[str, Histogram | Failed] = {name: sql for name, sql in asked.items() if isinstance(sql, Failed)}
    for name, (bins, all_) in zip(counts, zip(row[::2], row[1::2], strict=True), strict=True):
        found[name] = _histogram(edges[name], bins or {}, all_)
    return found


def _asked(cell: Cell, edges: Sequence[float]) -> str | Failed:
    """DuckDB's bins are open below and closed above, ours the other way round: so the mirrored values are counted. The
    last edge belongs to its bin; so the bin ends at the number after it."""
    if cell.value is None:
        return Failed(f"values of type {cell.type} are not counted as numbers")
    if len(edges) < 2 or any(not one < other for one, other in pairwise(edges)) or not all(map(math.isfinite, edges)):
        return Failed("expected at least two finite edges, each above the one before")
    mirrored = [-edge for edge in reversed(_closed(edges))]
    value = number_of(cell)
    return f"histogram(-{value}, [{', '.join(map(double, mirrored))}]), count({value})"


def _closed(edges: Sequence[float]) -> list[float]:
    return [*edges[:-1], math.nextafter(edges[-1], math.inf)]


def _histogram(edges: Sequence[float], bins: Mapping[float, int], all_: int) -> Histogram:
    closed = _closed(edges)
    # The bin that ends at -e counts the values in [e, next edge).
    from_edge = [bins.get(-edge, 0) for edge in closed]
    below = all_ - sum(from_edge)
    return Histogram(list(edges), [below, *from_edge])
