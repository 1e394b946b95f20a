"""Two profiles, column by column."""

from __future__ import annotations

from math import isclose

from solvent.data.engine.protocol import Kind, Scalars
from solvent.data.profile.diff.distance import distance_of
from solvent.data.profile.diff.model import VERSION, Change, ColumnDiff, Diff, Side, State, Text
from solvent.data.profile.model import ColumnProfile, Profile

_FAMILIES: dict[Kind, str] = {
    "boolean": "numbers",
    "integer": "numbers",
    "number": "numbers",
    "date": "times",
    "timestamp": "times",
}
"""Kinds whose numbers mean the same; the others stand for themselves."""
_LENGTHS = frozenset({"text", "list", "binary"})
"""Kinds that are measured by their lengths."""
ROUNDING = 1e-9
"""Sums depend on the order of the rows in their last digits: relative to the value, or to the column's deviation."""


def compare(old: Profile, new: Profile, *, old_name: str, new_name: str) -> Diff:
    """What is different: the columns of the old profile in their order, then those that came.

    Histograms are compared on the edges of the old one. The profile of data that is still there should be made
    with them (``make.edges_of``); else the new counts are put on those edges by estimate, and the distance says so.
    """
    before = {column.name: column for column in old.columns}
    after = {column.name: column for column in new.columns}
    columns = [
        _compared(column, after[name]) if name in after else _alone(column, "removed")
        for name, column in before.items()
    ]
    columns += [_alone(column, "added") for name, column in after.items() if name not in before]
    reordered = [name for name in before if name in after] != [name for name in after if name in before]
    return Diff(
        version=VERSION,
        old=_side(old, old_name),
        new=_side(new, new_name),
        differs=old.rows != new.rows or reordered or any(column.state != "same" for column in columns),
        reordered=reordered,
        columns=columns,
    )


def _side(profile: Profile, name: str) -> Side:
    return Side(name, profile.rows, len(profile.columns), profile.sampled, list(profile.notes))


def _alone(column: ColumnProfile, state: State) -> ColumnDiff:
    notes = [f"could not be looked at: {column.failed}"] if column.failed else []
    added = state == "added"
    return ColumnDiff(
        column.name, state, column.kind, None if added else column.type, column.type if added else None, notes=notes
    )


def _compared(old: ColumnProfile, new: ColumnProfile) -> ColumnDiff:
    notes = [
        f"{which} could not be looked at: {column.failed}"
        for which, column in (("the old one", old), ("the new one", new))
        if column.failed
    ]
    if notes or old.scalars is None or new.scalars is None:
        notes = notes or ["there are no statistics of it on both sides"]
        return ColumnDiff(old.name, "failed", new.kind, old.type, new.type, notes=notes)
    same_family = _family(old.kind) == _family(new.kind)
    measures = _presence(old, new, old.scalars, new.scalars)
    if same_family:
        measures += _moments(new.kind, old.scalars, new.scalars)
        found = distance_of(old, new, old.scalars, new.scalars)
    else:
        found = distance_of(None, None, old.scalars, new.scalars)
        notes.append(f"no distance: {old.kind} and {new.kind} can't be compared value by value")
    differs = found.differs or any(measure.differs for measure in measures)
    state: State = "type" if old.type != new.type else "values" if differs else "same"
    return ColumnDiff(
        name=old.name,
        state=state,
        kind=new.kind,
        old_type=old.type,
        new_type=new.type,
        measures=measures,
        distance=found.distance,
        appeared=found.appeared,
        vanished=found.vanished,
        notes=notes + found.notes,
    )


def _family(kind: Kind) -> str:
    return _FAMILIES.get(kind, kind)


def _presence(old: ColumnProfile, new: ColumnProfile, a: Scalars, b: Scalars) -> list[Change | Text]:
    """How much is there at all."""
    measures: list[Change | Text] = [_change("null rate", _share(a.nulls, a), _share(b.nulls, b))]
    if a.nans or b.nans:
        measures.append(_change("NaN rate", _share(a.nans, a), _share(b.nans, b)))
    infinite_a, infinite_b = a.positive_infinite + a.negative_infinite, b.positive_infinite + b.negative_infinite
    if infinite_a or infinite_b:
        measures.append(_change("infinite rate", _share(infinite_a, a), _share(infinite_b, b)))
    exact = old.distinct_exact and new.distinct_exact
    measures.append(_change("distinct" if exact else "distinct (estimated)", old.distinct, new.distinct))
    return measures


def _moments(kind: Kind, a: Scalars, b: Scalars) -> list[Change | Text]:
    prefix = "length: " if kind in _LENGTHS else ""
    spread = max(a.deviation or 0.0, b.deviation or 0.0)
    measures: list[Change | Text] = []
    if kind not in _FAMILIES:  # of those, they are least and most
        measures += [Text(name, x, y, x != y) for name, x, y in (("first", a.first, b.first), ("last", a.last, b.last))]
    for name, x, y, absolute in (
        ("least", a.least, b.least, 0.0),
        ("mean", a.mean, b.mean, spread * ROUNDING),
        ("most", a.most, b.most, 0.0),
        ("deviation", a.deviation, b.deviation, 0.0),
        ("skewness", a.skewness, b.skewness, ROUNDING),
        ("kurtosis", a.kurtosis, b.kurtosis, ROUNDING),
    ):
        measures.append(_change(prefix + name, x, y, absolute))
    return [measure for measure in measures if measure.old is not None or measure.new is not None]


def _change(measure: str, old: float | None, new: float | None, absolute: float = 0.0) -> Change:
    if old is None or new is None:
        return Change(measure, old, new, old is not new)
    return Change(measure, old, new, not isclose(old, new, rel_tol=ROUNDING, abs_tol=absolute))


def _share(count: int, scalars: Scalars) -> float | None:
    return count / scalars.rows if scalars.rows else None
