"""SQL of what was measured: pages of a metric's history, thinned slices of it, and summaries."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from solvent.search.parts import LONG, SHORT
from solvent.store.transaction import Row, Transaction

_WHERE = "FROM metrics WHERE run_id = ? AND key_id = ?"
_POINT = "step, timestamp, value, is_nan"


class Position(NamedTuple):
    """A point as a place in a history. ``by_time``: the history is walked by time, not along its rows."""

    by_time: bool
    step: int
    timestamp: int
    value: float
    is_nan: int


class Extent(NamedTuple):
    """What is known of a metric without reading its points."""

    key_id: int
    points: int
    ordered: bool


def extents(tx: Transaction, run_id: int, key_ids: Iterable[int] | None = None) -> list[Extent]:
    """The metrics of a run, all or those of ``key_ids``."""
    sql = "SELECT key_id, count, ordered FROM metric_summaries WHERE run_id = ?"
    if key_ids is None:
        rows = tx.all(sql, (run_id,))
    else:
        sql += " AND key_id IN (SELECT value FROM json_each(?))"
        rows = tx.all(sql, (run_id, json.dumps(list(key_ids))))
    return [Extent(key_id, count_, bool(ordered)) for key_id, count_, ordered in rows]


def page(tx: Transaction, run_id: int, metric: Extent, after: Position | None, limit: int | None) -> list[Row]:
    """Points (step, timestamp, value, is_nan) by timestamp, step and value, as MLflow sorts them.

    Where points came in order, that is the order of the rows, and a page costs what it holds;
    elsewhere each page sorts the history.
    """
    by_time = not metric.ordered if after is None else after.by_time
    columns = "timestamp, step, value, is_nan" if by_time else "step, timestamp, value, is_nan"
    args: list[object] = [run_id, metric.key_id]
    beyond = ""
    if after is not None:
        beyond = f" AND ({columns}) > (?, ?, ?, ?)"
        place = (after.timestamp, after.step) if by_time else (after.step, after.timestamp)
        args += [*place, after.value, after.is_nan]
    sql = f"SELECT {_POINT} {_WHERE}{beyond} ORDER BY {columns} LIMIT ?"
    return tx.all(sql, [*args, -1 if limit is None else limit])


def sample(tx: Transaction, run_id: int, key_id: int, steps: tuple[int, int] | None, size: int) -> list[Row]:
    """At most ``size`` points (step, timestamp, value, is_nan), evenly spaced by their place in that order.

    They are the first ones of ``size`` groups of equal length, as SQL's NTILE makes them; the last of
    all points takes the place of the last of these. Each is found by counting on from the one before,
    so that memory and time for Python are those of the sample. ``steps`` bounds the steps, ends included.
    """
    low, high = steps or (-(2**63), 2**63 - 1)
    key = (run_id, key_id, low, high)
    total = count(tx, run_id, key_id, low, high)
    if total <= size:
        return points(tx, run_id, key_id, low, high, total)
    among = f"{_WHERE} AND step BETWEEN ? AND ?"
    last = tx.one(f"SELECT {_POINT} {among} ORDER BY step DESC, timestamp DESC, value DESC, is_nan DESC LIMIT 1", key)
    assert last is not None
    length, longer = divmod(total, size)
    onward = f"SELECT {_POINT} {_WHERE} AND ({_POINT}) >= (?, ?, ?, ?) AND step <= ? ORDER BY {_POINT} LIMIT 1 OFFSET ?"
    found = points(tx, run_id, key_id, low, high, 1)
    for group in range(size - 1):
        row = tx.one(onward, (run_id, key_id, *found[-1], high, length + (group < longer)))
        assert row is not None
        found.append(row)
    return found if found[-1] == last else [*found[:-1], last]


def count(tx: Transaction, run_id: int, key_id: int, start: int, end: int) -> int:
    """How many points have a step from ``start`` to ``end``, both included."""
    row = tx.one(f"SELECT count(*) {_WHERE} AND step BETWEEN ? AND ?", (run_id, key_id, start, end))
    assert row is not None
    return int(row[0])


def points(tx: Transaction, run_id: int, key_id: int, start: int, end: int, limit: int) -> list[Row]:
    """The first ``limit`` points with a step from ``start`` to ``end``, by step and timestamp."""
    sql = f"SELECT {_POINT} {_WHERE} AND step BETWEEN ? AND ? ORDER BY step, timestamp, value, is_nan LIMIT ?"
    return tx.all(sql, (run_id, key_id, start, end, limit))


def envelope(tx: Transaction, run_id: int, key_id: int, start: int, end: int, width: int) -> list[Row]:
    """At most two points for each of ``width`` buckets of equal length: its smallest and its largest value.

    Buckets divide the steps that there are from ``start`` to ``end``, or the time if all points have
    one step. A bucket that holds nothing but NaN is shown by its first one.
    """
    found = []
    for where, args in _buckets(tx, run_id, key_id, start, end, width):
        among = f"{_WHERE} AND {where}"
        key = (run_id, key_id, *args)
        least = tx.one(f"SELECT step, timestamp, min(value), is_nan {among} AND is_nan = 0", key)
        if least is None or least[2] is None:
            least = tx.one(f"SELECT {_POINT} {among} ORDER BY step, timestamp LIMIT 1", key)
            found += [least] if least else []
            continue
        most = tx.one(f"SELECT step, timestamp, max(value), is_nan {among} AND is_nan = 0", key)
        assert most is not None
        found += [least] if most[:3] == least[:3] else sorted((least, most))
    return found


def _buckets(
    tx: Transaction, run_id: int, key_id: int, start: int, end: int, width: int
) -> Iterator[tuple[str, Sequence[int]]]:
    """A condition with its arguments for each bucket."""
    key = (run_id, key_id)
    first, last = (
        tx.one(f"SELECT step, timestamp {_WHERE} AND step BETWEEN ? AND ? ORDER BY {order} LIMIT 1", (*key, start, end))
        for order in ("step, timestamp, value, is_nan", "step DESC, timestamp DESC, value DESC, is_nan DESC")
    )
    assert first is not None
    assert last is not None
    if first[0] == last[0]:
        for low, high in _split(first[1], last[1], width):
            yield "step = ? AND timestamp BETWEEN ? AND ?", (first[0], low, high)
    else:
        for low, high in _split(first[0], last[0], width):
            yield "step BETWEEN ? AND ?", (low, high)


def _split(first: int, last: int, parts: int) -> Iterator[tuple[int, int]]:
    """The integers from ``first`` to ``last`` in at most ``parts`` stretches of equal length, ends included."""
    length = -(-(last - first + 1) // parts)
    for low in range(first, last + 1, length):
        yield low, min(low + length - 1, last)


class SummaryRow(NamedTuple):
    key_id: int
    points: int
    last: float
    least: float
    most: float
    mean: float
    last_step: int


def summaries(tx: Transaction, run_id: int) -> list[SummaryRow]:
    """The summaries of a run's metrics; NaN where there is no number."""
    sql = (
        "SELECT key_id, count, nan_count, value, is_nan, coalesce(minimum, value), coalesce(maximum, value),"
        " CASE count WHEN 1 THEN value ELSE total END, step FROM metric_summaries WHERE run_id = ?"
    )
    found = []
    for key_id, count_, nans, value, is_nan, minimum, maximum, total, step in tx.all(sql, (run_id,)):
        numbers = count_ - nans
        found.append(
            SummaryRow(
                key_id=key_id,
                points=count_,
                last=math.nan if is_nan else value,
                least=minimum if numbers else math.nan,
                most=maximum if numbers else math.nan,
                mean=math.nan if not numbers or total is None else total / numbers,
                last_step=step,
            )
        )
    return found


def keys_of(tx: Transaction, table: str, experiment_id: int) -> list[int]:
    """The key ids that an experiment's runs have in ``table``: one index seek per key, however many runs."""
    parts = ("1",) if table == "metric_summaries" else (SHORT.format("p"), LONG.format("p"))
    return sorted({key_id for part in parts for key_id in _indexed_keys(tx, table, part, experiment_id)})


def _indexed_keys(tx: Transaction, table: str, part: str, experiment_id: int) -> list[int]:
    """``part`` is the condition of the index that is read."""
    sql = f"""
        WITH RECURSIVE found (id) AS (
          SELECT min(key_id) FROM {table} p WHERE experiment_id = ?1 AND {part}
          UNION ALL
          SELECT (SELECT min(key_id) FROM {table} p WHERE experiment_id = ?1 AND key_id > found.id AND {part})
          FROM found WHERE found.id IS NOT NULL
        )
        SELECT id FROM found WHERE id IS NOT NULL
    """
    return [row[0] for row in tx.all(sql, (experiment_id,))]
