"""What became of one check."""

from __future__ import annotations

from typing import Literal

import msgspec

from solvent.data.contract.model import Severity

Status = Literal["passed", "failed", "error"]
"""``error``: the check could not be made, which counts as a failure."""


class Example(msgspec.Struct, frozen=True):
    """A row that does not fulfil a rule: its number from 0, and the values that matter, as texts of bounded length."""

    row: int
    values: dict[str, str]


class Check(msgspec.Struct, frozen=True, omit_defaults=True):
    """The outcome of one check.

    ``about``: the whole table, the presence and type of a column, or a rule of the contract. ``rows``: how many rows don't
    fulfil it, where rows are what it counts. ``reason``: what was expected and what came; empty if it passed.
    ``note``: what a reader must know although it passed, such as that there was no value to look at.
    """

    name: str
    about: Literal["table", "column", "rule"]
    status: Status
    severity: Severity = "error"
    column: str | None = None
    rows: int | None = None
    reason: str = ""
    note: str = ""
    examples: list[Example] = []
    place: str = ""
