"""Values of several runs side by side, what differs first."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from solvent.wire.base import Number, from_number, to_number
from solvent.wire.compare import ComparedMetric, ComparedRow

MAX_VALUE = 4_000
"""Characters of a value that are told; all of them are compared."""

Column = Mapping[str, str | None]
Numbers = tuple[Number, Number, Number]
"""The latest, the smallest and the largest value of a metric."""


def rows_of(columns: Sequence[Column | None], keys: Iterable[str] | None = None) -> list[ComparedRow]:
    """One row per key, in the order of ``keys`` or sorted.

    A column that is None is of a run that recorded nothing of the kind: it differs from nobody.
    """
    if keys is None:
        keys = sorted({key for column in columns if column is not None for key in column})
    rows = [_row(key, columns) for key in keys]
    rows = [row for row in rows if any(value is not None for value in row.values)]
    return sorted(rows, key=lambda row: not row.differs)


def _row(key: str, columns: Sequence[Column | None]) -> ComparedRow:
    values = [None if column is None else column.get(key) for column in columns]
    known = {value for value, column in zip(values, columns, strict=True) if column is not None}
    return ComparedRow(key=cut(key), differs=len(known) > 1, values=[value and cut(value) for value in values])


def metrics_of(columns: Sequence[Mapping[str, Numbers]]) -> list[ComparedMetric]:
    """One row per metric. NaN is like NaN."""
    keys = sorted({key for column in columns for key in column})
    rows = [_metric(key, [column.get(key) for column in columns]) for key in keys]
    return sorted(rows, key=lambda row: not row.differs)


def _metric(key: str, found: Sequence[Numbers | None]) -> ComparedMetric:
    last, least, most = ([None if numbers is None else numbers[place] for numbers in found] for place in range(3))
    return ComparedMetric(
        key=key,
        differs=len(set(found)) > 1,
        last=last,
        min=least,
        max=most,
        difference=[difference(last[0], value) for value in last],
        relative=[relative(last[0], value) for value in last],
    )


def difference(first: Number | None, value: Number | None) -> Number | None:
    """``value`` - ``first``; None unless both are finite.

    >>> difference(0.5, 0.75), difference(0.5, "NaN"), difference(None, 1.0)
    (0.25, None, None)
    """
    if first is None or value is None:
        return None
    one, other = from_number(first), from_number(value)
    return to_number(other - one) if math.isfinite(one) and math.isfinite(other) else None


def relative(first: Number | None, value: Number | None) -> Number | None:
    """The difference as a part of ``first``; None if there is none, or ``first`` is 0.

    >>> relative(-0.5, -0.25), relative(0.0, 1.0)
    (0.5, None)
    """
    absolute = difference(first, value)
    if absolute is None or not first:
        return None
    return to_number(from_number(absolute) / abs(from_number(first)))


def cut(value: str) -> str:
    """The value, shortened if it is very long, and of valid Unicode."""
    if len(value) > MAX_VALUE:
        value = f"{value[:MAX_VALUE]} … ({len(value):,} characters in all)"
    return value.encode("utf-8", "backslashreplace").decode()
