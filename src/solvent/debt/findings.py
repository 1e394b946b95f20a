"""What a check finds: severity, place, price."""

from __future__ import annotations

from typing import Literal

import msgspec

Severity = Literal["blocker", "high", "medium", "low"]
SEVERITIES: tuple[Severity, ...] = ("blocker", "high", "medium", "low")
"""Worst first."""

FixKind = Literal["safe", "unsafe"]

REPOSITORY = "."
"""The path of a finding about the whole repository."""


class Spot(msgspec.Struct, frozen=True, gc=False):
    """A place. ``path`` is relative to the root, with slashes; ``line`` counts from 1, 0 means the whole file.

    ``column`` counts characters from 1. In a notebook ``cell`` counts all cells from 0, and the line is that
    within the cell.
    """

    path: str
    line: int = 0
    column: int = 0
    end_line: int = 0
    cell: int | None = None


class Found(msgspec.Struct, frozen=True):
    """What a rule says, before the engine adds what the rule and the place are known for.

    ``subject`` is what the finding is about in a normal form (unparsed code, a requirement's name), empty if the
    line itself says it; with the rule and the symbol it makes the fingerprint. ``severity``, ``minutes`` and ``fix``
    are those of the rule unless they are given; ``fix`` "none": that of the rule does not reach this place.
    """

    spot: Spot
    message: str
    symbol: str = ""
    subject: str = ""
    severity: Severity | None = None
    minutes: int | None = None
    fix: FixKind | Literal["none"] | None = None


class Finding(msgspec.Struct, frozen=True):
    """One piece of debt, as reports show it. ``minutes`` is the time to mend it."""

    code: str
    rule: str
    message: str
    path: str
    line: int
    column: int
    severity: Severity
    minutes: int
    fingerprint: str
    fix: FixKind | None = None
    end_line: int = 0
    cell: int | None = None
    symbol: str = ""

    @property
    def place(self) -> tuple[str, int, int, int, str]:
        """What findings are sorted by."""
        return self.path, -1 if self.cell is None else self.cell, self.line, self.column, self.code
