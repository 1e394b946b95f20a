"""A profile as rows of a table: one per column."""

from __future__ import annotations

from solvent.data.profile.draw.numbers import MISSING, percent, short, valued
from solvent.data.profile.draw.plain import cut, visible
from solvent.data.profile.draw.spark import column_spark
from solvent.data.profile.model import ColumnProfile, Profile

HEADERS = ("column", "kind", "nulls", "distinct", "least", "mean", "most", "histogram", "most frequent")
RIGHT = (2, 3, 4, 5, 6)
"""The columns that hold numbers."""
EMPTY = "''"
"""How the empty text is shown."""
_TOP = 3
_LONGEST = 24


def rows(profile: Profile, *, plain: bool = False) -> list[list[str]]:
    """The cells under ``HEADERS``. A column that could not be looked at says so where its numbers would be."""
    return [_row(column, plain) for column in profile.columns]


def heading(profile: Profile, name: str) -> str:
    """What was looked at, in one line."""
    looked = f", {profile.sampled:,} of them looked at" if profile.sampled is not None else ""
    return f"{visible(name)}: {profile.rows:,} {_noun(profile.rows, 'row')}{looked}, {_columns(len(profile.columns))}"


def remarks(profile: Profile) -> list[str]:
    """What must be known beside the table, the failed columns first."""
    failed = [
        f"{visible(column.name)} could not be looked at: {visible(column.failed)}"
        for column in profile.columns
        if column.failed
    ]
    lengths = [visible(column.name) for column in profile.columns if column.kind == "text" and not column.failed]
    notes = [visible(note) for note in profile.notes]
    if lengths:
        shown = ", ".join(lengths[:5]) + (f" and {len(lengths) - 5} more" if len(lengths) > 5 else "")
        notes.append(f"least, mean and most are lengths: {shown}")
    if any(column.distinct is not None and not column.distinct_exact for column in profile.columns):
        notes.append("~ is an estimate of the number of distinct values (standard error 3.25%)")
    return failed + notes


def _row(column: ColumnProfile, plain: bool) -> list[str]:
    name = cut(visible(column.name), 60)
    scalars = column.scalars
    if column.failed or scalars is None:
        return [name, column.kind, *[MISSING] * 5, "failed" if column.failed else "", ""]
    kind = column.kind
    return [
        name,
        kind,
        percent(scalars.nulls / scalars.rows if scalars.rows else None) + _odd(column),
        _distinct(column),
        valued(scalars.least, kind),
        valued(scalars.mean, kind),
        valued(scalars.most, kind),
        column_spark(column, plain=plain),
        _frequent(column),
    ]


def _odd(column: ColumnProfile) -> str:
    """NaN and infinities, which would hide behind the finite numbers."""
    assert column.scalars is not None
    infinite = column.scalars.positive_infinite + column.scalars.negative_infinite
    return (f" +{column.scalars.nans:,} NaN" if column.scalars.nans else "") + (
        f" +{infinite:,} inf" if infinite else ""
    )


def _distinct(column: ColumnProfile) -> str:
    if column.distinct is None:
        return MISSING
    return f"{'' if column.distinct_exact else '~'}{short(column.distinct)}"


def _frequent(column: ColumnProfile) -> str:
    if column.categories is None:
        return ""
    top, rows = column.categories.top, sum(count for _, count in column.categories.top) + column.categories.others
    if top and top[0][1] == 1 and len(top) > _TOP:
        return "no value twice"
    return ", ".join(f"{cut(visible(value), _LONGEST) or EMPTY} {percent(count / rows)}" for value, count in top[:_TOP])


def _columns(number: int) -> str:
    return f"{number:,} {_noun(number, 'column')}"


def _noun(number: int, noun: str) -> str:
    return noun if number == 1 else f"{noun}s"
