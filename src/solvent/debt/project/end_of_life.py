"""Which versions get no mending any more, by a dated table of our own."""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib import resources

import msgspec

from solvent.debt.findings import Severity
from solvent.debt.project.requirements import Requirement, release_of


class Ended(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Versions of a distribution before ``below`` (None: all) that nobody should install, and where that is said."""

    name: str
    why: str
    source: str
    below: str | None = None
    severity: Severity = "medium"


class EndOfLife(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """``as_of`` is the day when the table was true; ``python`` has the last day of each version."""

    as_of: date
    python: dict[str, date]
    distributions: list[Ended]


@cache
def end_of_life() -> EndOfLife:
    content = resources.files("solvent.debt.project").joinpath("end_of_life.yaml").read_bytes()
    return msgspec.yaml.decode(content, type=EndOfLife)


def ended(requirement: Requirement) -> Ended | None:
    """The entry that all versions that a requirement allows fall under; the worst if there are several."""
    found = [
        each
        for each in end_of_life().distributions
        if each.name == requirement.name and (each.below is None or _stays_below(requirement, each.below))
    ]
    return min(found, key=lambda each: (each.severity != "high", release_of(each.below or "") or ()), default=None)


def ended_python(requirement: Requirement) -> tuple[str, date] | None:
    """The newest version of Python that a requirement allows, and its last day, if that is over."""
    table = end_of_life()
    allowed = None
    for version, last_day in table.python.items():
        following = f"{version.partition('.')[0]}.{int(version.partition('.')[2]) + 1}"
        if last_day <= table.as_of and _stays_below(requirement, following):
            allowed = allowed or (version, last_day)
    return allowed


def _stays_below(requirement: Requirement, version: str) -> bool:
    """Whether no version from this one on fits."""
    newest, limit = requirement.newest, release_of(version)
    if newest is None or limit is None:
        return False
    release, fits = newest
    width = max(len(release), len(limit))
    padded, bound = (each + (0,) * (width - len(each)) for each in (release, limit))
    return padded < bound or (padded == bound and not fits)
