"""SQL of metric points as they arrive, and of the summaries kept beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import itemgetter

from solvent.store.changes import METRICS
from solvent.store.transaction import Transaction

_INSERT = "INTO metrics (run_id, key_id, step, timestamp, value, is_nan) VALUES (?, ?, ?, ?, ?, ?)"

# Row values compare from the left. A new point is the latest if it is larger than the one kept.
_NEWER = "(excluded.step, excluded.timestamp, excluded.value) > (step, timestamp, value)"
# A single point's minimum, maximum and total are its value: the columns are NULL.
_MINIMUM = "coalesce(minimum, CASE WHEN NOT is_nan THEN value END)"
_MAXIMUM = "coalesce(maximum, CASE WHEN NOT is_nan THEN value END)"
_TOTAL = "CASE WHEN count = 1 THEN value ELSE total END"
_UPSERT = f"""
INSERT INTO metric_summaries AS kept (run_id, key_id, experiment_id, step, timestamp, value, is_nan,
  count, nan_count, minimum, maximum, total, ordered)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, CASE WHEN ?8 > 1 THEN ?10 END, CASE WHEN ?8 > 1 THEN ?11 END,
  CASE WHEN ?8 > 1 THEN ?12 END, ?13)
ON CONFLICT (run_id, key_id) DO UPDATE SET
  ordered = ordered AND excluded.ordered AND ?14 >= step AND ?15 >= timestamp,
  value = CASE WHEN {_NEWER} THEN excluded.value ELSE value END,
  is_nan = CASE WHEN {_NEWER} THEN excluded.is_nan ELSE is_nan END,
  step = CASE WHEN {_NEWER} THEN excluded.step ELSE step END,
  timestamp = CASE WHEN {_NEWER} THEN excluded.timestamp ELSE timestamp END,
  minimum = min(coalesce({_MINIMUM}, ?10), coalesce(?10, {_MINIMUM})),
  maximum = max(coalesce({_MAXIMUM}, ?11), coalesce(?11, {_MAXIMUM})),
  total = CASE WHEN count = nan_count THEN ?12
               WHEN excluded.count = excluded.nan_count THEN {_TOTAL}
               ELSE {_TOTAL} + ?12 END,
  count = count + excluded.count,
  nan_count = nan_count + excluded.nan_count
"""


Point = tuple[int, int, int, int, float, int]
"""A row of ``metrics``: run, key, step, timestamp (ms), value, is_nan. NaN is value 0.0 with is_nan 1."""


_ORDER = itemgetter(2, 3, 4)


class _Summary:
    """The summary of some points of one run and key, in the order in which they came."""

    __slots__ = ("count", "first", "latest", "maximum", "minimum", "nan_count", "ordered", "total")

    def __init__(self, points: Sequence[Point]) -> None:
        numbers = [point[4] for point in points if not point[5]]
        self.count = len(points)
        self.nan_count = len(points) - len(numbers)
        self.minimum = min(numbers) if numbers else None
        self.maximum = max(numbers) if numbers else None
        self.total = sum(numbers) if numbers else None
        # The first of equals stays the latest, as in MLflow: NaN counts as 0 there.
        self.latest = max(points, key=_ORDER) if len(points) > 1 else points[0]
        self.first = points[0]
        self.ordered = int(len(points) == 1 or (_ascending(points, 2) and _ascending(points, 3)))


def _ascending(points: Sequence[Point], place: int) -> bool:
    column = [point[place] for point in points]
    return column == sorted(column)


def add(tx: Transaction, points: Sequence[Point], experiments: Mapping[int, int]) -> None:
    """Keep points and bring their summaries up to date.

    A point that is there already is left out, as MLflow does, and counts once.
    ``experiments`` are the runs' experiments by run row id.
    """
    new = _insert(tx, points)
    if not new:
        return
    by_metric: dict[tuple[int, int], list[Point]] = {}
    for point in new:
        by_metric.setdefault(point[:2], []).append(point)
    rows = []
    touched: dict[int, list[int]] = {}
    for (run_id, key_id), group in by_metric.items():
        made = _Summary(group)
        touched.setdefault(run_id, []).append(key_id)
        latest, first = made.latest, made.first
        rows.append(
            (
                *(run_id, key_id, experiments[run_id], *latest[2:]),
                *(made.count, made.nan_count, made.minimum, made.maximum, made.total, made.ordered),
                *first[2:4],
            )
        )
    tx.executemany(_UPSERT, rows)
    for run_id, key_ids in touched.items():
        tx.touch(experiments[run_id], run_id, METRICS, key_ids)


def _insert(tx: Transaction, points: Sequence[Point]) -> Sequence[Point]:
    """The points that were not there yet, now kept."""
    if len(points) > 1 and tx.insert_unique(f"INSERT {_INSERT}", points):
        return points
    return [point for point in points if tx.execute(f"INSERT OR IGNORE {_INSERT}", point).rowcount > 0]
