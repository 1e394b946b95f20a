"""SQL of metric points as they arrive, and of the summaries kept beside them."""

from __future__ import annotations

from collections import defaultdict
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


def _summary(points: Sequence[Point], experiment_id: int) -> tuple[object, ...]:
    """What ``_UPSERT`` takes, of some points of one run and key in the order in which they came."""
    run_id, key_id, *first, value, nan = points[0]
    if len(points) == 1:
        number = None if nan else value
        return run_id, key_id, experiment_id, *first, value, nan, 1, nan, number, number, number, 1, *first
    _, _, steps, times, values, nans = zip(*points, strict=True)
    nan_count = sum(nans)
    numbers = [point[4] for point in points if not point[5]] if nan_count else values
    bounds = (min(numbers), max(numbers), sum(numbers)) if numbers else (None, None, None)
    ordered = [*steps] == sorted(steps) and [*times] == sorted(times)
    # The first of equals stays the latest, as in MLflow: NaN counts as 0 there.
    latest = points[-1] if ordered and steps[-1] > steps[-2] else max(points, key=_ORDER)
    return run_id, key_id, experiment_id, *latest[2:], len(points), nan_count, *bounds, int(ordered), *first


def add(tx: Transaction, points: Sequence[Point], experiments: Mapping[int, int]) -> None:
    """Keep points and bring their summaries up to date.

    A point that is there already is left out, as MLflow does, and counts once.
    ``experiments`` are the runs' experiments by run row id.
    """
    new = _insert(tx, points)
    if new:
        _sum_up(tx, new, experiments)


def add_new(tx: Transaction, points: Sequence[Point], experiments: Mapping[int, int]) -> None:
    """The same for points of which none is there yet, cheaper.

    Raises:
        sqlite3.IntegrityError: one is there, and some of the others may have been kept: the caller rolls back.
    """
    tx.executemany(f"INSERT {_INSERT}", points)
    _sum_up(tx, points, experiments)


def _sum_up(tx: Transaction, new: Sequence[Point], experiments: Mapping[int, int]) -> None:
    by_metric: defaultdict[tuple[int, int], list[Point]] = defaultdict(list)
    for point in new:
        by_metric[point[:2]].append(point)
    tx.executemany(_UPSERT, [_summary(group, experiments[run_id]) for (run_id, _), group in by_metric.items()])
    touched: defaultdict[int, list[int]] = defaultdict(list)
    for run_id, key_id in by_metric:
        touched[run_id].append(key_id)
    for run_id, key_ids in touched.items():
        tx.touch(experiments[run_id], run_id, METRICS, key_ids)


def _insert(tx: Transaction, points: Sequence[Point]) -> Sequence[Point]:
    """The points that were not there yet, now kept."""
    if len(points) > 1 and tx.insert_unique(f"INSERT {_INSERT}", points):
        return points
    return [point for point in points if tx.execute(f"INSERT OR IGNORE {_INSERT}", point).rowcount > 0]
