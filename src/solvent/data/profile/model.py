"""The form of a profile. Version 1; a reader refuses a newer one and still reads all older ones."""

from __future__ import annotations

import msgspec

from solvent.data.engine.protocol import Kind, Scalars, Sketch

VERSION = 1
MOST_TOP = 20
"""Most frequent values that are kept of a column; exactly all of them, if there are no more."""
BINS = 20
"""Bins of a histogram between the least and the largest value of the reference's sample."""
MAX_BYTES_PER_COLUMN = 2_000


class NumberCounts(msgspec.Struct, frozen=True, tag="numbers"):
    """See ``engine.protocol.Histogram``."""

    edges: list[float]
    counts: list[int]


class CategoryCounts(msgspec.Struct, frozen=True, tag="categories"):
    """See ``engine.protocol.Categories``."""

    top: list[tuple[str, int]]
    others: int
    complete: bool


class ColumnProfile(msgspec.Struct, frozen=True, omit_defaults=True):
    """One column. ``failed`` is the reason if it could not be looked at: then nothing but name, kind and type is known.

    ``distinct`` is exact if ``distinct_exact``, else the sketch's estimate (standard error 3.25 %).
    """

    name: str
    kind: Kind
    type: str
    scalars: Scalars | None = None
    counts: NumberCounts | None = None
    categories: CategoryCounts | None = None
    distinct: int | None = None
    distinct_exact: bool = False
    sketch: Sketch | None = None
    failed: str | None = None


class Profile(msgspec.Struct, frozen=True, omit_defaults=True):
    """A table. ``sampled`` is the number of rows that were looked at if not all were; ``engine`` with its version.

    ``notes`` are what the reader must know, such as columns of nested values that were looked at by length alone.
    """

    version: int
    rows: int
    columns: list[ColumnProfile]
    engine: str = ""
    sampled: int | None = None
    notes: list[str] = []
