"""Common bins of two columns, and how far apart their shares are."""

from __future__ import annotations

from math import isclose
from typing import NamedTuple

from solvent.data.engine.protocol import Scalars
from solvent.data.profile.diff.measures import jensen_shannon, psi, psi_by_chance
from solvent.data.profile.diff.model import Bin, Distance
from solvent.data.profile.diff.rebin import rebin
from solvent.data.profile.model import CategoryCounts, ColumnProfile, NumberCounts

_BY_VALUE = frozenset({"boolean", "text"})
"""Kinds whose values are compared one by one; numbers are in bins, however few there are."""
_BY_LENGTH = "too many different values to compare their shares: the distance is of their lengths"


class Found(NamedTuple):
    distance: Distance | None = None
    appeared: list[tuple[str, int]] = []
    vanished: list[tuple[str, int]] = []
    notes: list[str] = []

    @property
    def differs(self) -> bool:
        """Whether the shares differ; that some of the values can't be compared is no difference."""
        return bool(self.appeared or self.vanished or (self.distance and _moved(self.distance.bins)))


def _moved(bins: list[Bin]) -> bool:
    """Whether any bin's share is another, be it by one row of a thousand million: the distance is too coarse for it."""
    old, new = sum(each.old for each in bins), sum(each.new for each in bins)
    return any(not isclose(each.old * new, each.new * old, rel_tol=1e-12, abs_tol=1e-9) for each in bins)


def distance_of(old: ColumnProfile | None, new: ColumnProfile | None, a: Scalars, b: Scalars) -> Found:
    if old is None or new is None:
        return Found()
    empty = [which for which, each in (("the old one", a), ("the new one", b)) if each.rows <= each.nulls + each.nans]
    if empty:
        return Found(notes=[f"no distance: {' and '.join(empty)} has no values"] if len(empty) == 1 else [])
    values = _of_values(old.categories, new.categories) if old.categories and new.categories else None
    if values and values.distance and new.kind in _BY_VALUE:
        return values
    if old.counts is None or new.counts is None:
        return values or Found(notes=["no distance: the two have no counts of the same form"])
    found = _of_numbers(old.counts, new.counts, a, b)
    if values is None:
        return found
    notes = [_BY_LENGTH] if new.kind == "text" and found.distance else []
    return Found(found.distance, values.appeared, values.vanished, found.notes + notes)


def _of_numbers(old: NumberCounts, new: NumberCounts, a: Scalars, b: Scalars) -> Found:
    approximate = old.edges != new.edges
    after: list[float] = list(new.counts)
    if approximate:
        if b.least is None or b.most is None:
            return Found(notes=["no distance: the new one has no finite numbers"])
        after = rebin(new.edges, new.counts, old.edges, b.least, b.most)
    before: list[float] = list(old.counts)
    for counts, scalars in ((before, a), (after, b)):
        counts[0] += scalars.negative_infinite
        counts[-1] += scalars.positive_infinite
    bounds = [None, *old.edges, None]
    bins = [
        Bin(x, y, low, high)
        for x, y, low, high in zip(before, after, bounds, bounds[1:], strict=False)
        if x or y or (low is not None and high is not None)
    ]
    return Found(_distance(bins, approximate))


def _of_values(old: CategoryCounts, new: CategoryCounts) -> Found:
    before, after = dict(old.top), dict(new.top)
    bins = [
        Bin(before.get(value, 0), after.get(value, 0), value=value)
        for value in (*before, *(value for value in after if value not in before))
        if (value in before or old.complete) and (value in after or new.complete)
    ]
    rest_old = sum(before.values()) + old.others - sum(each.old for each in bins)
    rest_new = sum(after.values()) + new.others - sum(each.new for each in bins)
    appeared = [(value, count) for value, count in new.top if old.complete and value not in before]
    vanished = [(value, count) for value, count in old.top if new.complete and value not in after]
    are_ids = not old.complete and not new.complete and max((*before.values(), *after.values()), default=0) <= 1
    if not bins or are_ids:
        note = "no distance: too many different values to compare their shares"
        return Found(None, appeared, vanished, [note])
    notes = []
    if not old.complete and (risen := sum(value not in before for value in after)):
        notes.append(
            f"{risen} of the most frequent values were not among those of the old one, which may have had them"
        )
    if rest_old or rest_new:
        bins.append(Bin(rest_old, rest_new))
    return Found(_distance(bins, approximate=False), appeared, vanished, notes)


def _distance(bins: list[Bin], approximate: bool) -> Distance | None:
    before, after = [each.old for each in bins], [each.new for each in bins]
    if not sum(before) or not sum(after):
        return None
    used = sum(1 for each in bins if each.old or each.new)
    chance = psi_by_chance(sum(before), sum(after), used)
    return Distance(jensen_shannon(before, after), psi(before, after), chance, bins, approximate)
