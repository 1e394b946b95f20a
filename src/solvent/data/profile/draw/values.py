"""What differs between the values of two columns, where they are compared one by one: texts and booleans."""

from __future__ import annotations

from collections.abc import Sequence

from solvent.data.profile.diff.model import ColumnDiff
from solvent.data.profile.draw.numbers import percent
from solvent.data.profile.draw.plain import cut, visible

LONGEST = 40
"""Characters of a value that are shown."""
_FEW = 2


def by_value(column: ColumnDiff) -> bool:
    """Whether the shares of single values were compared, not those of bins of numbers or lengths."""
    return column.distance is not None and any(each.value is not None for each in column.distance.bins)


def of_values(column: ColumnDiff) -> list[str]:
    """The values that came, those that went, and those whose share moved most: ``Rome 30.0% -> 40.0%``."""
    told = [
        f"{what}: {some([named(value) for value, _ in values], _FEW)}"
        for what, values in (("new", column.appeared), ("gone", column.vanished))
        if values
    ]
    return told + _moved(column)


def named(value: str) -> str:
    """A value as one short line; the empty text is shown as quotes."""
    return cut(visible(value), LONGEST) or "''"


def some(texts: Sequence[str], most: int) -> str:
    """
    >>> some(["a", "b", "c"], 2)
    'a, b and 1 more'
    """
    more = f" and {len(texts) - most:,} more" if len(texts) > most else ""
    return ", ".join(texts[:most]) + more


def _moved(column: ColumnDiff) -> list[str]:
    if column.distance is None:
        return []
    bins = column.distance.bins
    old, new = sum(each.old for each in bins), sum(each.new for each in bins)
    shares = [
        (each.value, each.old / old, each.new / new)
        for each in bins
        if each.value is not None and each.old and each.new
    ]
    shares.sort(key=lambda share: -round(abs(share[2] - share[1]), 9))  # alike but for rounding: in their order
    shown = ((named(value), percent(before), percent(now)) for value, before, now in shares)
    return [f"{value} {before} -> {now}" for value, before, now in shown if before != now][:_FEW]
