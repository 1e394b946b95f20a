"""Errors of projects.

InvalidInput
|- InvalidProject        the MLproject, or a file that it names, can't be used as it is
|- InvalidParameters     a parameter is missing, or of another type than declared
`- NotAgreed             nobody has agreed to run a project that came over the network
SolventError
|- EnvironmentFailed     the project's environment can't be made on this machine
`- SourceFailed          the project, or the data of a parameter, can't be fetched
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from solvent.errors import InvalidInput, SolventError


class InvalidProject(InvalidInput):
    pass


class InvalidParameters(InvalidInput):
    pass


class NotAgreed(InvalidInput):
    pass


class EnvironmentFailed(SolventError):
    pass


class SourceFailed(SolventError):
    pass


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint for a misspelt name: ``; did you mean 'x'?``, or nothing when none is close."""
    matches = get_close_matches(name, [str(one) for one in known], n=1)
    return f"; did you mean '{matches[0]}'?" if matches else ""
