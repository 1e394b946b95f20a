"""Errors of reproducing.

SolventError
|- CannotRepeat      what the run came from can't be had again
`- Stopped           a signal ended a repetition: there is no verdict
"""

from __future__ import annotations

from solvent.errors import Conflict, SolventError
from solvent.projects.reproduce.verdict import Cause


class CannotRepeat(Conflict):
    """``cause`` is the part that can't be had; None if it is none of them."""

    def __init__(self, message: str, cause: Cause | None = None) -> None:
        super().__init__(message)
        self.cause = cause


class Stopped(SolventError):
    """``number`` is the signal."""

    def __init__(self, number: int) -> None:
        super().__init__(f"ended by signal {number}: there is no verdict")
        self.number = number
