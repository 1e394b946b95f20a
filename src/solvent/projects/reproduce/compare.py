"""What differs between the results of two runs."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from solvent.projects.reproduce.results import Results
from solvent.projects.reproduce.tolerance import Tolerances
from solvent.projects.reproduce.verdict import Difference

_PASSING = re.compile(r"0x[0-9a-f]+|\b[0-9a-f]{32}\b|(?:/[^\s'\":,;()]*)+/(?=[^\s'\":,;()]+)")
"""Addresses, ids of runs, and where a file lies: what a message names that is another one each time."""


@dataclass(frozen=True)
class Comparison:
    """``differences`` are results that are not equal, those within tolerance marked; ``inputs`` are what was read."""

    differences: tuple[Difference, ...]
    inputs: tuple[Difference, ...]

    @property
    def apart(self) -> tuple[Difference, ...]:
        """Those beyond tolerance."""
        return tuple(each for each in self.differences if not each.within)

    @property
    def ends_otherwise(self) -> bool:
        """Whether one ended well and the other did not, or both failed, but not for the same reason."""
        return any(each.kind == "status" for each in self.differences)

    @property
    def artifacts_alone(self) -> bool:
        return bool(self.apart) and all(each.kind == "artifact" for each in self.apart)


def compare(before: Results, now: Results, tolerances: Tolerances, ignored: Collection[str] = ()) -> Comparison:
    """The differences: of how they ended, metrics by value, artifacts by hash; ``ignored`` artifacts are left out."""
    found = list(_ends(before, now))
    found += [
        Difference("param", key, before.params.get(key), now.params.get(key))
        for key in sorted(before.params.keys() | now.params)
        if before.params.get(key) != now.params.get(key)
    ]
    for key in sorted(before.metrics.keys() | now.metrics):
        then, today = before.metrics.get(key), now.metrics.get(key)
        closeness = tolerances.compare(key, then, today)
        if closeness != "equal":
            found.append(Difference("metric", key, then, today, within=closeness == "within"))
    for key in sorted((before.artifacts.keys() | now.artifacts) - set(ignored)):
        one, other = before.artifacts.get(key), now.artifacts.get(key)
        if one is None or other is None or not one.equals(other):
            found.append(
                Difference("artifact", key, one.digest[:16] if one else None, other.digest[:16] if other else None)
            )
    inputs = [
        Difference("input", key, before.inputs.get(key), now.inputs.get(key))
        for key in sorted(before.inputs.keys() | now.inputs)
        if before.inputs.get(key) != now.inputs.get(key)
    ]
    return Comparison(tuple(found), tuple(inputs))


def _ends(before: Results, now: Results) -> Iterator[Difference]:
    """What differs in how two runs ended; what was not recorded of one is not held against the other."""
    if before.status != now.status:
        yield Difference("status", "status", before.status, now.status)
        return
    if before.status != "FAILED":
        return
    if before.exit_code and now.exit_code and before.exit_code != now.exit_code:
        yield Difference("status", "exit code", before.exit_code, now.exit_code)
    if before.failure and now.failure and _steady(before.failure) != _steady(now.failure):
        yield Difference("status", "failure", before.failure, now.failure)


def _steady(message: str) -> str:
    """
    >>> _steady("[Errno 2] No such file or directory: '/home/ada/p/rows.csv'")
    "[Errno 2] No such file or directory: '...rows.csv'"
    """
    return _PASSING.sub("...", message)
