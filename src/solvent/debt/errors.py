"""Errors of the debt room."""

from __future__ import annotations

from solvent.errors import InvalidInput


class InvalidDebtSettings(InvalidInput):
    """``[tool.solvent.debt]`` or a facts file holds what it may not."""


class UnknownRule(InvalidInput):
    """No rule has that code or name."""


class InvalidBaseline(InvalidInput):
    """A baseline file is missing, damaged, or in the middle of a merge."""


class CheckIncomplete(InvalidInput):
    """A rule that was to run did not: what was found is not the answer to what was asked."""


class TooManyFiles(InvalidInput):
    """A project has more files than are looked at: told, for a part of them would pass for the whole."""


class UnknownRevision(InvalidInput):
    """There is no such revision to compare with, or no way to reach it."""
