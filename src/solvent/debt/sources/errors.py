"""Errors of reading sources."""

from __future__ import annotations

from solvent.errors import InvalidInput


class Unreadable(InvalidInput):
    """A file that can't be looked at; the message says why, without the path."""
