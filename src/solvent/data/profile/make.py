"""A profile from a table: what an engine counted, in the form that is kept."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from solvent.data.engine.hyperloglog import estimate
from solvent.data.engine.protocol import Categories, Column, Engine, Failed, Histogram, Scalars, Sketch, Table
from solvent.data.errors import UnreadableData
from solvent.data.profile import edges as edging
from solvent.data.profile.model import MOST_TOP, VERSION, CategoryCounts, ColumnProfile, NumberCounts, Profile
from solvent.data.profile.small import shortened, top_within

FEW = 40
"""Estimated distinct values of a column of numbers up to which its values are counted one by one."""
SIGNIFICANT = 12
"""Digits of moments: the last ones depend on the order in which threads add."""
_LENGTHS = ("list", "binary")
_ALWAYS_COUNTED = ("boolean", "text")

Progress = Callable[[str, int, int], None]
"""What is done now, which step it is, of how many."""
STEPS = ("statistics", "distinct values", "edges", "histograms", "frequent values")


def profile(
    source: object,
    table: str | None = None,
    sample: int | None = None,
    *,
    edges: Mapping[str, Sequence[float]] | None = None,
    engine: Engine | None = None,
    progress: Progress | None = None,
) -> Profile:
    """The profile of a path, a frame, a database's table or a query; of at most ``sample`` rows, if that is given.

    ``edges`` of a reference's profile (``edges_of``) make both comparable bin by bin.

    Raises:
        UnreadableData: see ``Engine.open``.
    """
    chosen = engine or _duck()
    opened = chosen.open(source, table=table)
    try:
        return of_rows(opened, sample, chosen.name, edges, progress)
    finally:
        opened.close()


def of_rows(
    table: Table,
    sample: int | None,
    engine: str = "",
    given: Mapping[str, Sequence[float]] | None = None,
    progress: Progress | None = None,
) -> Profile:
    """The profile of an open table, or of ``sample`` of its rows if it has more."""
    rows = table.rows()
    if sample is None or rows <= sample:
        return of_table(table, engine, given, progress)
    part = _sampled(engine, table, sample)
    try:
        found = of_table(part, engine, given, progress)
        notes = [*table.notes, f"{part.rows():,} of {rows:,} rows were looked at"]
        return msgspec.structs.replace(found, rows=rows, sampled=part.rows(), notes=notes)
    finally:
        part.close()


def edges_of(profile: Profile) -> dict[str, Sequence[float]]:
    """The edges that a profile was counted on, by column."""
    return {column.name: column.counts.edges for column in profile.columns if column.counts}


def of_table(
    table: Table,
    engine: str = "",
    given: Mapping[str, Sequence[float]] | None = None,
    progress: Progress | None = None,
) -> Profile:
    """The profile of an open table."""
    step = _Steps(progress)
    names = [column.name for column in table.columns]
    step("statistics")
    scalars = table.scalars(names)
    step("distinct values")
    sketches = table.distinct(names)
    step("edges")
    chosen = _edges(table, given or {})
    step("histograms")
    histograms = table.histograms(chosen)
    step("frequent values")
    categories = table.categories(
        [each.name for each in table.columns if _is_counted(each, sketches[each.name])], MOST_TOP
    )
    columns = [
        _column(each, scalars[each.name], histograms.get(each.name), categories.get(each.name), sketches[each.name])
        for each in table.columns
    ]
    return Profile(VERSION, table.rows(), columns, engine, None, [*table.notes, *_notes(table.columns)])


class _Steps:
    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress

    def __call__(self, step: str) -> None:
        if self._progress:
            self._progress(step, STEPS.index(step) + 1, len(STEPS))


def _duck() -> Engine:
    from solvent.data.engine.duck.table import DuckEngine

    return DuckEngine()


def _sampled(engine: str, table: Table, rows: int) -> Table:
    part = getattr(table, "part", None)
    if part is None:
        raise UnreadableData(f"the engine {engine} can't look at a part of a table; leave the sample out")
    found: Table = part(rows)
    return found


def _edges(table: Table, given: Mapping[str, Sequence[float]]) -> dict[str, Sequence[float]]:
    """Those that are given, and others from the table's own sample."""
    asked = [column for column in table.columns if column.name not in given and column.kind not in ("struct", "other")]
    quantiles = table.quantiles([column.name for column in asked], edging.SHARES)
    found: dict[str, Sequence[float]] = {each.name: given[each.name] for each in table.columns if each.name in given}
    for column in asked:
        shares = quantiles[column.name]
        if not isinstance(shares, Failed):
            made = edging.edges(shares, column.kind in ("integer", "text", "boolean", *_LENGTHS))
            if made:
                found[column.name] = made
    return found


def _is_counted(column: Column, sketch: Sketch | Failed) -> bool:
    if column.kind in _ALWAYS_COUNTED:
        return True
    if column.kind in ("list", "struct", "other", "binary") or isinstance(sketch, Failed):
        return False
    return estimate(sketch) <= FEW


def _column(
    column: Column,
    scalars: Scalars | Failed,
    histogram: Histogram | Failed | None,
    categories: Categories | Failed | None,
    sketch: Sketch | Failed,
) -> ColumnProfile:
    failed = next((each.reason for each in (scalars, histogram, categories, sketch) if isinstance(each, Failed)), None)
    if failed is not None or isinstance(scalars, Failed):
        return ColumnProfile(column.name, column.kind, column.type, failed=failed)
    exact = isinstance(categories, Categories) and categories.complete
    kept = None if exact else sketch
    return ColumnProfile(
        name=column.name,
        kind=column.kind,
        type=column.type[:200],
        scalars=_short(scalars),
        counts=NumberCounts(list(histogram.edges), list(histogram.counts))
        if isinstance(histogram, Histogram)
        else None,
        categories=_categories(categories) if isinstance(categories, Categories) else None,
        distinct=len(categories.top) if isinstance(categories, Categories) and exact else _estimate(sketch, scalars),
        distinct_exact=exact,
        sketch=kept if isinstance(kept, Sketch) else None,
    )


def _estimate(sketch: Sketch | Failed, scalars: Scalars) -> int | None:
    """There can't be more than there are values."""
    return None if isinstance(sketch, Failed) else min(estimate(sketch), scalars.rows - scalars.nulls)


def _categories(found: Categories) -> CategoryCounts:
    top = top_within(found.top, complete=found.complete)
    dropped = sum(count for _, count in found.top) - sum(count for _, count in top)
    return CategoryCounts(top, found.others + dropped, found.complete and not dropped)


def _short(scalars: Scalars) -> Scalars:
    changes: dict[str, Any] = {
        name: _rounded(getattr(scalars, name)) for name in ("mean", "deviation", "skewness", "kurtosis")
    }
    for name in ("first", "last"):
        value = getattr(scalars, name)
        changes[name] = None if value is None else shortened(value)
    return msgspec.structs.replace(scalars, **changes)


def _rounded(value: float | None) -> float | None:
    return value if value is None or not math.isfinite(value) else float(f"{value:.{SIGNIFICANT}g}")


def _notes(columns: Sequence[Column]) -> list[str]:
    by_length = [each.name for each in columns if each.kind in _LENGTHS]
    by_nulls = [each.name for each in columns if each.kind in ("struct", "other")]
    notes = []
    if by_length:
        notes.append(f"looked at by length and nulls alone: {_listed(by_length)}")
    if by_nulls:
        notes.append(f"looked at by nulls and distinct values alone: {_listed(by_nulls)}")
    return notes


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - 10} more" if len(names) > 10 else ""
    return ", ".join(names[:10]) + more
