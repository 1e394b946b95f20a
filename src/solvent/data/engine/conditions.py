"""What a row may be asked for: a closed vocabulary that every engine can count.

A null fulfils every condition but ``NotNull`` and ``Unique`` with ``nulls``: whether it may be missing is a question of
its own.
"""

from __future__ import annotations

import msgspec

Value = bool | int | float | str
"""Dates and timestamps are ISO 8601 texts."""


class NotNull(msgspec.Struct, frozen=True, tag=True):
    """Neither null nor NaN."""

    column: str


class Finite(msgspec.Struct, frozen=True, tag=True):
    """No infinity and no NaN."""

    column: str


class InRange(msgspec.Struct, frozen=True, tag=True):
    """Between the bounds that are given; ``open_*``: the bound itself is outside. NaN is outside."""

    column: str
    low: Value | None = None
    high: Value | None = None
    open_low: bool = False
    open_high: bool = False


class OneOf(msgspec.Struct, frozen=True, tag=True):
    column: str
    values: tuple[Value, ...]


class NoneOf(msgspec.Struct, frozen=True, tag=True):
    column: str
    values: tuple[Value, ...]


class Matches(msgspec.Struct, frozen=True, tag=True):
    """The whole text matches a regular expression of RE2's syntax, which takes linear time."""

    column: str
    pattern: str


class Length(msgspec.Struct, frozen=True, tag=True):
    """Code points of a text, elements of a list."""

    column: str
    least: int = 0
    most: int | None = None


class MultipleOf(msgspec.Struct, frozen=True, tag=True):
    column: str
    step: float


class Unique(msgspec.Struct, frozen=True, tag=True):
    """No other row has the same values in these columns; rows with a null among them count only with ``nulls``."""

    columns: tuple[str, ...]
    nulls: bool = False


class Sql(msgspec.Struct, frozen=True, tag=True):
    """An expression over the columns that must be true; null counts as true."""

    expression: str


Condition = NotNull | Finite | InRange | OneOf | NoneOf | Matches | Length | MultipleOf | Unique | Sql
