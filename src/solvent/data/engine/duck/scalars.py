"""The statistics of columns in two passes: what is there, then powers of the distance from the mean.

One pass over the powers of the values themselves loses all digits where the mean is large beside the deviation. The
distances are divided by a power of two, so that no power of them overflows; dividing so rounds nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from solvent.data.engine.duck.columns import each
from solvent.data.engine.duck.literals import double
from solvent.data.engine.duck.opened import CELLS, Cell, Opened
from solvent.data.engine.duck.types import is_floating
from solvent.data.engine.moments import Moments
from solvent.data.engine.protocol import Failed, Scalars
from solvent.data.engine.texts import text_of

AT_ONCE = 100
"""Columns in one pass."""
_ORDERED = ("boolean", "integer", "number", "text", "date", "time", "timestamp")


def scalars(opened: Opened, columns: Sequence[str], rows: int) -> dict[str, Scalars | Failed]:
    """See ``Table.scalars``."""
    return each(opened, columns, AT_ONCE, lambda cells: _answers(opened, cells, rows))


def _answers(opened: Opened, cells: Sequence[Cell], rows: int) -> Mapping[str, Scalars | Failed]:
    counted = _first(opened, cells)
    moments = _second(opened, cells, counted)
    return {cell.name: _scalars(cell, rows, counted[cell.name], moments.get(cell.name)) for cell in cells}


def _first(opened: Opened, cells: Sequence[Cell]) -> dict[str, dict[str, Any]]:
    asked = {(cell.name, key): sql for cell in cells for key, sql in _asked(cell).items()}
    row = opened.ask(f"SELECT {', '.join(asked.values())} FROM {CELLS}")[0]
    found: dict[str, dict[str, Any]] = {cell.name: {} for cell in cells}
    for (name, key), value in zip(asked, row, strict=True):
        found[name][key] = value
    return found


def _asked(cell: Cell) -> dict[str, str]:
    asked = {"known": f"count({cell.sql})"}
    if cell.kind in _ORDERED and cell.kind != "number":
        plain = cell.sql if cell.type != "JSON" and not cell.type.startswith("ENUM") else f"{cell.sql}::VARCHAR"
        asked |= {"first": f"min({plain})", "last": f"max({plain})"}
        if cell.kind in ("date", "timestamp"):
            finite = f"FILTER (WHERE isfinite({cell.sql}))"
            asked = {**asked, "first": f"min({plain}) {finite}::VARCHAR", "last": f"max({plain}) {finite}::VARCHAR"}
        if cell.kind == "time":
            asked = {**asked, "first": f"min({plain})::VARCHAR", "last": f"max({plain})::VARCHAR"}
    elif cell.kind == "number" and not is_floating(cell.type):
        asked |= {"first": f"min({cell.sql})", "last": f"max({cell.sql})"}
    value = cell.value
    if value is not None:
        asked |= {
            "least": f"min({value})",
            "most": f"max({value})",
            "sum": f"sum({value})",
            "finite": f"count({value})",
        }
        asked["zeros"] = f"count(*) FILTER (WHERE {value} = 0)"
    if is_floating(cell.type):
        asked |= {
            "nans": f"count(*) FILTER (WHERE isnan({cell.sql}))",
            "positive": f"count(*) FILTER (WHERE {cell.sql} = 'inf'::{cell.type})",
            "negative": f"count(*) FILTER (WHERE {cell.sql} = '-inf'::{cell.type})",
        }
    return asked


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
    row: Sequence[Any] = opened.ask(f"SELECT {powers} FROM (SELECT {', '.join(distances)} FROM {CELLS})")[0]
    return {
        name: Moments(counted[name]["finite"], shift, scale, *row[4 * place : 4 * place + 4])
        for place, (name, shift, scale) in enumerate(of)
    }


def _scalars(cell: Cell, rows: int, found: Mapping[str, Any], moments: Moments | None) -> Scalars:
    finite = found.get("finite", 0)
    least, most = found.get("least"), found.get("most")
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
