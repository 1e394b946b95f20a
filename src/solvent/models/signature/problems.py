"""What does not fit a signature, and the one error that tells all of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import msgspec

from solvent.models.errors import BadInput
from solvent.models.signature.values import missing, shown

MOST_TOLD = 20
"""Problems in the message; the error's ``details`` hold all."""


class Problem(msgspec.Struct, frozen=True):
    """``count`` rows of ``rows``, the first of them ``row`` (from 0), whose value is ``example``; ``hint``: what to do."""

    column: str
    expected: str
    came: str
    count: int | None = None
    rows: int | None = None
    row: int | None = None
    example: str | None = None
    hint: str | None = None

    def __str__(self) -> str:
        where = f" in {self.count:,} of {self.rows:,} rows" if self.count is not None and self.rows is not None else ""
        value = "" if self.example is None else f": {self.example}"
        first = "" if self.row is None else f" (first in row {self.row}{value})"
        hint = "" if self.hint is None else f" [{self.hint}]"
        return f"{self.column}: expected {self.expected}, came {self.came}{where}{first}{hint}"


class Unfit(Exception):
    """One column's problem, on its way to the others."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def refuse(problems: Sequence[Problem]) -> BadInput:
    """The error that tells all of them; ``details["problems"]`` has each as a dict."""
    told = "; ".join(map(str, problems[:MOST_TOLD]))
    more = f"; and {len(problems) - MOST_TOLD:,} more" if len(problems) > MOST_TOLD else ""
    error = BadInput(f"the input does not fit the model's signature: {told}{more}")
    error.details = {"problems": [msgspec.to_builtins(one) for one in problems]}
    return error


def of_rows(
    column: str, expected: str, values: Sequence[Any], wrong: Sequence[int], hint: str | None = None
) -> Problem:
    """
    Args:
        wrong: places of the values that don't fit; at least one.
    """
    kinds = Counter("nothing" if missing(values[row]) else type(values[row]).__name__ for row in wrong)
    came = " and ".join(kind for kind, _ in kinds.most_common(3)) + (" ..." if len(kinds) > 3 else "")
    first = wrong[0]
    return Problem(column, expected, came, len(wrong), len(values), first, shown(values[first]), hint)
