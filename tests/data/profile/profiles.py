"""Profiles made by hand, of whose counts every number is known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from solvent.data.engine.protocol import Kind, Scalars
from solvent.data.profile.model import VERSION, CategoryCounts, ColumnProfile, NumberCounts, Profile


def profile(*columns: ColumnProfile, rows: int | None = None, **more: Any) -> Profile:
    counted = next((column.scalars.rows for column in columns if column.scalars), 0)
    return Profile(version=VERSION, rows=counted if rows is None else rows, columns=list(columns), **more)


def histogram(values: Sequence[float], edges: Sequence[float]) -> NumberCounts:
    """Counted by numpy."""
    numbers = np.asarray(values, float)
    inner = np.histogram(numbers, edges)[0]
    below, above = int((numbers < edges[0]).sum()), int((numbers > edges[-1]).sum())
    return NumberCounts(edges=list(edges), counts=[below, *map(int, inner), above])


def numbers(
    name: str, values: Sequence[float], edges: Sequence[float], *, nulls: int = 0, kind: Kind = "number", **more: Any
) -> ColumnProfile:
    array = np.asarray(values, float)
    scalars = Scalars(
        rows=len(values) + nulls + sum(more.values()),
        nulls=nulls,
        least=float(array.min()),
        most=float(array.max()),
        mean=float(array.mean()),
        deviation=float(array.std(ddof=1)) if len(values) > 1 else None,
        **more,
    )
    distinct = len(set(values))
    return ColumnProfile(
        name, kind, kind.upper(), scalars, histogram(values, edges), distinct=distinct, distinct_exact=True
    )


def texts(name: str, counts: dict[str, int], *, others: int = 0, nulls: int = 0) -> ColumnProfile:
    rows = sum(counts.values()) + others
    lengths = [len(value) for value in counts]
    scalars = Scalars(rows=rows + nulls, nulls=nulls, least=min(lengths, default=None), most=max(lengths, default=None))
    categories = CategoryCounts(top=list(counts.items()), others=others, complete=not others)
    distinct = len(counts) if not others else 1000
    return ColumnProfile(name, "text", "VARCHAR", scalars, None, categories, distinct, distinct_exact=not others)


def broken(name: str, reason: str) -> ColumnProfile:
    return ColumnProfile(name, "other", "GEOMETRY", failed=reason)
