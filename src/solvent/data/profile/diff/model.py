"""The form of a difference between two profiles. Version 1."""

from __future__ import annotations

from typing import Literal

import msgspec

from solvent.data.engine.protocol import Kind

VERSION = 1

State = Literal["failed", "removed", "added", "type", "values", "same"]
"""``type``: it has another type, and its values may differ too. ``failed``: one side could not be looked at."""


class Change(msgspec.Struct, frozen=True, tag="number"):
    """A measure of both sides; None where it is not defined. ``differs`` is false within what rounding explains."""

    measure: str
    old: float | None
    new: float | None
    differs: bool


class Text(msgspec.Struct, frozen=True, tag="text"):
    """As ``Change``, of what is a text, such as the earliest date."""

    measure: str
    old: str | None
    new: str | None
    differs: bool


class Bin(msgspec.Struct, frozen=True, omit_defaults=True):
    """Rows of both sides, estimates if the distance is ``approximate``.

    A bin of numbers lies between ``low`` and ``high`` (None: no bound); one of a frequent value has ``value``; that
    of all other values has none of the three.
    """

    old: float
    new: float
    low: float | None = None
    high: float | None = None
    value: str | None = None


class Distance(msgspec.Struct, frozen=True, omit_defaults=True):
    """See ``diff.measures``. ``psi_by_chance`` is what PSI stays below 95 times in 100 if nothing has changed.

    ``bins`` cover all values but nulls and NaN; infinities lie in the outermost ones.
    """

    jensen_shannon: float
    psi: float
    psi_by_chance: float
    bins: list[Bin]
    approximate: bool = False

    @property
    def beyond_chance(self) -> bool:
        return self.psi > self.psi_by_chance


class ColumnDiff(msgspec.Struct, frozen=True, omit_defaults=True):
    """One column. ``appeared`` and ``vanished`` are values that one side is known not to have, with their rows.

    ``notes`` are what could not be compared, and why.
    """

    name: str
    state: State
    kind: Kind
    old_type: str | None = None
    new_type: str | None = None
    measures: list[Change | Text] = []
    distance: Distance | None = None
    appeared: list[tuple[str, int]] = []
    vanished: list[tuple[str, int]] = []
    notes: list[str] = []


class Side(msgspec.Struct, frozen=True, omit_defaults=True):
    """One of the two. ``sampled``: the rows that were looked at, if not all were."""

    name: str
    rows: int
    columns: int
    sampled: int | None = None
    notes: list[str] = []


class Diff(msgspec.Struct, frozen=True):
    """``differs``: anything at all is not the same, or could not be looked at."""

    version: int
    old: Side
    new: Side
    differs: bool
    reordered: bool
    columns: list[ColumnDiff]

    def number_of(self, *states: State) -> int:
        return sum(column.state in states for column in self.columns)
