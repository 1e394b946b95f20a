"""What every form of a difference says in words."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from math import ceil, floor

from solvent.data.profile.diff.model import Bin, Change, ColumnDiff, Diff, Text
from solvent.data.profile.draw.even import even_bins
from solvent.data.profile.draw.numbers import percent, short, valued
from solvent.data.profile.draw.plain import cut, visible
from solvent.data.profile.draw.spark import spark
from solvent.data.profile.draw.values import LONGEST, by_value, named, of_values, some

_RANK = {"failed": 0, "removed": 1, "added": 2, "type": 3, "values": 4, "same": 5}
_WORDS = {"type": "other type", "values": "changed", "same": "same"}
_SHOWN = ("null rate", "NaN rate", "infinite rate")
_MEANS = ("mean", "length: mean")
"""The measures of the overview; all are in the details, and in JSON. Of values that are compared one by one, a mean (that of
texts is of their lengths) says less than they do."""
_WHOLE = frozenset({"integer", "text", "list", "binary"})
"""Kinds that are counted as whole numbers: the values themselves, or their lengths."""
_MOST = 5


def ordered(diff: Diff) -> list[ColumnDiff]:
    """What needs a look first: what can't be compared, then what came, went or has another type, then by distance."""

    def key(column: ColumnDiff) -> tuple[int, bool, float]:
        distance = column.distance
        return (
            _RANK[column.state],
            distance is None or not distance.beyond_chance,
            -(distance.jensen_shannon if distance else 0.0),
        )

    return sorted(diff.columns, key=key)


def summary(diff: Diff) -> str:
    """How many columns of which state, in one line."""
    parts = [
        f"{number:,} {word}"
        for state, word in (
            ("failed", "not comparable"),
            ("removed", "removed"),
            ("added", "added"),
            ("type", "of another type"),
            ("values", "with other values"),
            ("same", "the same"),
        )
        if (number := diff.number_of(state))  # type: ignore[arg-type]  # mypy widens the literals
    ]
    order = ["in another order"] if diff.reordered else []
    return f"{diff.old.columns:,} -> {diff.new.columns:,} columns: {', '.join([*parts, *order]) or 'none'}"


def row_counts(diff: Diff) -> str:
    """The rows of both sides and what part came or went."""
    old, new = diff.old.rows, diff.new.rows
    return f"{old:,} -> {new:,} rows{_grown(old, new)}"


def _grown(old: int, new: int) -> str:
    if not old or old == new:
        return ""
    part = (new - old) / old
    return f" ({part:+.1%})" if abs(part) >= 0.001 else f" ({new - old:+,}, {percent(abs(part))})"


def state(column: ColumnDiff) -> str:
    return _WORDS.get(column.state, column.state)


def types(column: ColumnDiff) -> str:
    """The type, or both if it changed."""
    return " -> ".join(dict.fromkeys(visible(each) for each in (column.old_type, column.new_type) if each))


def measure_value(column: ColumnDiff, measure: Change | Text, value: float | str | None) -> str:
    if isinstance(value, str):
        return cut(visible(value), LONGEST)
    if measure.measure.endswith("rate"):
        return percent(value)
    if measure.measure == "deviation" and column.kind in ("date", "timestamp") and value is not None:
        return f"{short(value / 86_400)} days"
    return valued(value, column.kind) if measure.measure in ("least", "mean", "most") else short(value)


def said(column: ColumnDiff) -> list[str]:
    """What the overview says of a column, the most telling first."""
    told = [types(column)] if column.state in ("type", "added", "removed") else []
    if by_value(column):
        told += [*of_values(column), *_changed(column, _SHOWN)]
    else:
        told += [*_changed(column, (*_SHOWN, *_MEANS)), *of_values(column)]
    return told or _changed(column, [each.measure for each in column.measures])[:2]


def _changed(column: ColumnDiff, names: Collection[str]) -> list[str]:
    """The measures that differ as they are shown, as ``mean 3 -> 4``."""
    shown = (
        (each.measure, *(measure_value(column, each, value) for value in (each.old, each.new)))
        for each in column.measures
        if each.differs and each.measure in names
    )
    return [f"{name} {old} -> {new}" for name, old, new in shown if old != new]


def facts(column: ColumnDiff) -> list[str]:
    """What no table has a place for: values that came and went, and what could not be compared."""
    told = []
    for what, values in (("new values", column.appeared), ("vanished values", column.vanished)):
        if values:
            told.append(f"{what}: {_listed(values)}")
    return told + [visible(note) for note in column.notes]


def _listed(values: Iterable[tuple[str, int]]) -> str:
    return some([f"{named(value)} ({count:,})" for value, count in values], _MOST)


def sparks(column: ColumnDiff, *, plain: bool = False) -> tuple[str, str]:
    """Both histograms, each with its own height: it is the shape that is compared."""
    if column.distance is None:
        return "", ""
    bins = even_bins(column.distance.bins)
    return spark([each.old for each in bins], plain=plain), spark([each.new for each in bins], plain=plain)


def bin_label(column: ColumnDiff, each: Bin) -> str:
    """Where a bin lies."""
    if each.value is not None:
        return named(each.value)
    if each.low is None and each.high is None:
        return "all other values"
    if column.kind in _WHOLE:
        return _whole_label(each)
    if each.low is None:
        return f"below {valued(each.high, column.kind)}"
    low, high = valued(each.low, column.kind), valued(each.high, column.kind)
    if each.high is None:
        return f"above {low}"
    return low if low == high else f"{low} to {high}"


def _whole_label(each: Bin) -> str:
    """A bin by the whole numbers in it: its upper edge is not one of them."""
    if each.low is None:
        return f"below {short(each.high)}"
    if each.high is None:
        return f"above {short(floor(each.low))}"
    low, high = short(ceil(each.low)), short(ceil(each.high) - 1)
    return low if low == high else f"{low} to {high}"


def notes(diff: Diff) -> list[str]:
    """What the reader must know of both sides and of the measures."""
    told = [f"{side.name}: {note}" for side in (diff.old, diff.new) for note in side.notes]
    distances = [column.distance for column in diff.columns if column.distance is not None]
    if distances:
        told.append("JS: Jensen-Shannon distance, 0 (same) to 1; PSI: population stability index")
        told.append("by chance: what PSI stays below 95 times in 100 if nothing has changed; * is beyond it")
    if any(distance.approximate for distance in distances):
        told.append("~: the new counts were put on the old edges by estimate, for there was no data to count anew")
    return [visible(note) for note in told]
