"""A difference as rows of a table: one per column that is not the same."""

from __future__ import annotations

from solvent.data.profile.diff.model import ColumnDiff, Diff
from solvent.data.profile.draw.changes import ordered, said, sparks, state
from solvent.data.profile.draw.numbers import MISSING, distance
from solvent.data.profile.draw.plain import cut, visible

HEADERS = ("column", "state", "JS", "PSI", "by chance", "before", "now", "what changed")
RIGHT = (2, 3, 4)


def rows(diff: Diff, *, plain: bool = False) -> list[list[str]]:
    """The cells under ``HEADERS``, the largest differences first."""
    return [_row(column, plain) for column in ordered(diff) if column.state != "same"]


def distances(column: ColumnDiff) -> list[str]:
    """Jensen-Shannon, PSI and what PSI may be by chance, marked if they are estimates or beyond it."""
    found = column.distance
    if found is None:
        return [MISSING] * 3
    mark = "~" if found.approximate else ""
    beyond = "*" if found.beyond_chance else ""
    return [
        f"{mark}{distance(found.jensen_shannon)}",
        f"{mark}{distance(found.psi)}{beyond}",
        distance(found.psi_by_chance),
    ]


def _row(column: ColumnDiff, plain: bool) -> list[str]:
    return [
        cut(visible(column.name), 60),
        state(column),
        *distances(column),
        *sparks(column, plain=plain),
        ", ".join(said(column)),
    ]
