"""The statistics of columns in two passes: what is there, then powers of the distance from the mean.

One pass over the powers of the values themselves loses all digits where the mean is large beside the deviation. The
distances are divided by a power of two, so that no power of them overflows; dividing so rounds nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from solvent.data.engine.duck.columns import each
from solvent.data.engine.duck.literals import double
from solvent.data.engine.duck.opened import Cell, Opened
from solvent.data.engine.duck.types import is_floating
from solvent.data.engine.moments import Moments
from solvent.data.engine.protocol import Failed, Scalars
from solvent.data.engine.texts import text_of

AT_ONCE = 100
"""Columns in one pass."""
ORDERED = ("boolean", "integer", "number", "text", "date", "time", "timestamp")


def scalars(opened: Opened, columns: Sequence[str], rows: int) -> dict[str, Scalars | Failed]:
    """See ``Table.scalars``."""
    return each(opened, columns, AT_ONCE, lambda cells: _answers(opened, cells, rows))


def _answers(opened: Opened, cells: Sequence[Cell], rows: int) -> Mapping[str, Scalars | Failed]:
    counted = _first(opened, cells)
    moments = _second(opened, cells, counted)
    return {cell.name: _scalars(cell, rows, counted[cell.name], moments.get(cell.name)) for cell in cells}


def _first(opened: Opened, cells: Sequence[Cell]) -> dict[str, dict[str, Any]]:
    found = _ask(opened, cells, _asked)
    # Most columns have no such values, and each of them costs a pass over the column.
    odd = [cell for cell in cells if is_floating(cell.type) and found[cell.name]["finite"] != found[cell.name]["known"]]
    for name, counts in (_ask(opened, odd, _odd) if odd else {}).items():
        found[name] |= counts
    return found


def _ask(opened: Opened, cells: Sequence[Cell], what: Callable[[Cell], dict[str, str]]) -> dict[str, dict[str, Any]]:
    asked = {(cell.name, key): sql for cell in cells for key, sql in what(cell).items()}
    row = opened.ask(f"SELECT {', '.join(asked.values())} FROM {valued(opened, cells)}")[0]
    found: dict[str, dict[str, Any]] = {cell.name: {} for cell in cells}
    for (name, key), value in zip(asked, row, strict=True):
        found[name][key] = value
    return found


def valued(opened: Opened, cells: Sequence[Cell]) -> str:
    """The cells with their finite numbers as v0, v1, ...: made once, however many aggregates use them."""
    values = [f"{cell.value} AS {number_of(cell)}" for cell in cells if cell.value is not None]
    return f"(SELECT {', '.join([*(cell.sql for cell in cells), *values])} FROM {opened.beside(cells)})"


def number_of(cell: Cell) -> str:
    return f"v{cell.sql[1:]}"


def _asked(cell: Cell) -> dict[str, str]:
    asked = {"known": f"count({cell.sql})"}
    if cell.kind in ORDERED and not is_floating(cell.type):
        asked |= {"first": _end("min", cell), "last": _end("max", cell)}
    if cell.value is not None:
        value = number_of(cell)
        asked |= {
            "least": f"min({value})",
            "most": f"max({value})",
            "sum": f"sum({value})",
            "finite": f"count({value})",
        }
        asked["zeros"] = f"coalesce(count_if({value} = 0), 0)"
    return asked


def _end(of: str, cell: Cell) -> str:
    """The least or the largest value itself."""
    if cell.kind == "text" and cell.type != "VARCHAR":
        return f"{of}({cell.sql}::VARCHAR)"
    if cell.kind in ("date", "timestamp"):
        return f"({of}({cell.sql}) FILTER (WHERE isfinite({cell.sql})))::VARCHAR"
    return f"{of}({cell.sql}){'::VARCHAR' if cell.kind == 'time' else ''}"


def _odd(cell: Cell) -> dict[str, str]:
    return {
        "nans": f"coalesce(count_if(isnan({cell.sql})), 0)",
        "positive": f"coalesce(count_if({cell.sql} = 'inf'::{cell.type}), 0)",
        "negative": f"coalesce(count_if({cell.sql} = '-inf'::{cell.type}), 0)",
    }


def _second(opened: Opened, cells: Sequence[Cell], counted: Mapping[str, Mapping[str, Any]]) -> dict[str, Moments]:
    """Sums of the powers of (value - shift) / scale."""
    distances: list[str] = []
    of: list[tuple[str, float, float]] = []
    for cell in cells:
        found = counted[cell.name]
        if not found.get("finite") or found["least"] == found["most"]:
            continue
        least, most = found["least"], found["most"]
        shift = found["sum"] / found["finite"]
        if not (math.isfinite(shift) and least <= shift <= most):
            shift = least / 2 + most / 2
        scale = Moments.scale(least, most, shift)
        distances.append(f"({cell.value}) * {double(scale)} - {double(shift * scale)} AS d{len(of)}")
        of.append((cell.name, shift, scale))
    if not of:
        return {}
    powers = ", ".join(
        f"sum(d{place}), sum(d{place} * d{place}), sum(d{place} * d{place} * d{place}), "
        f"sum((d{place} * d{place}) * (d{place} * d{place}))"
        for place in range(len(of))
    )
    inner = f"SELECT {', '.join(distances)} FROM {opened.beside(cells)}"
    row: Sequence[Any] = opened.ask(f"SELECT {powers} FROM ({inner})")[0]
    return {
        name: Moments(counted[name]["finite"], shift, scale, *row[4 * place : 4 * place + 4])
        for place, (name, shift, scale) in enumerate(of)
    }


def _scalars(cell: Cell, rows: int, found: Mapping[str, Any], moments: Moments | None) -> Scalars:
    finite = found.get("finite", 0)
    least, most = (None if found.get(end) is None else found[end] + 0.0 for end in ("least", "most"))  # no -0.0
    mean = moments.mean if moments else least
    deviation = moments.deviation if moments else (0.0 if finite > 1 else None)
    first, last = found.get("first"), found.get("last")
    if is_floating(cell.type):
        first, last = least, most
    return Scalars(
        rows=rows,
        nulls=rows - found["known"],
        nans=found.get("nans", 0),
        positive_infinite=found.get("positive", 0),
        negative_infinite=found.get("negative", 0),
        zeros=found.get("zeros", 0),
        least=least,
        most=most,
        mean=mean,
        deviation=deviation,
        skewness=moments.skewness if moments else None,
        kurtosis=moments.kurtosis if moments else None,
        first=None if first is None else text_of(first),
        last=None if last is None else text_of(last),
    )
