"""Is a database sound: its pages, its references, and its summaries against the histories they sum up."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from solvent.store.transaction import Row, Transaction

_SHOWN = 5
_TOLERANCE = 1e-9

_HISTORIES = """
SELECT run_id, key_id, count(*), sum(is_nan), min(number), max(number), sum(number), sum(abs(number)), max(late)
FROM (
  SELECT run_id, key_id, is_nan, CASE WHEN is_nan THEN NULL ELSE value END AS number,
    timestamp < lag(timestamp) OVER (PARTITION BY run_id, key_id ORDER BY step, timestamp, value, is_nan) AS late
  FROM metrics)
GROUP BY run_id, key_id ORDER BY run_id, key_id
"""
_SUMMARIES = """
SELECT run_id, key_id, count, nan_count,
  coalesce(minimum, CASE WHEN NOT is_nan THEN value END), coalesce(maximum, CASE WHEN NOT is_nan THEN value END),
  CASE WHEN count = 1 AND NOT is_nan THEN value ELSE total END,
  ordered, step, timestamp, value, is_nan
FROM metric_summaries ORDER BY run_id, key_id
"""
_LATEST = """
SELECT step, timestamp, value FROM metrics WHERE run_id = ? AND key_id = ?
ORDER BY step DESC, timestamp DESC, value DESC LIMIT 1
"""


class Finding(NamedTuple):
    """One check: ``problems`` counts what it found; ``examples`` are a few of them, for people."""

    check: str
    problems: int
    examples: list[str]
    repaired: bool = False


class Summary(NamedTuple):
    """A metric whose summary is not what its history says."""

    run_id: int
    key_id: int
    reason: str


def integrity(tx: Transaction) -> Finding:
    """SQLite's own check of every page and index."""
    try:
        lines = [row[0] for row in tx.all("PRAGMA integrity_check(100)")]
    except sqlite3.DatabaseError as error:
        lines = [str(error)]
    lines = [line for line in lines if line != "ok"]
    return Finding("integrity", len(lines), lines[:_SHOWN])


def references(tx: Transaction) -> Finding:
    """Rows that refer to rows that are not there."""
    rows = tx.all("PRAGMA foreign_key_check")
    return Finding(
        "references", len(rows), [f"{row[0]} row {row[1]} refers to a missing {row[2]}" for row in rows[:_SHOWN]]
    )


def experiments_of_values(tx: Transaction) -> Finding:
    """Params, tags and summaries that name another experiment than their run's: filters would not find them."""
    found = []
    for table in ("params", "tags", "metric_summaries"):
        sql = f"SELECT count(*) FROM {table} v JOIN runs r ON r.id = v.run_id WHERE v.experiment_id <> r.experiment_id"
        count = tx.all(sql)[0][0]
        if count:
            found.append((count, f"{count:,} rows of {table} name another experiment than their run's"))
    return Finding("experiments of values", sum(count for count, _ in found), [text for _, text in found])


def summaries(tx: Transaction) -> tuple[Finding, list[Summary]]:
    """All metrics whose summary is wrong, missing or left over: one pass over all points."""
    wrong = list(_wrong_summaries(tx))
    examples = [f"run {_run(tx, one.run_id)}, metric {_key(tx, one.key_id)}: {one.reason}" for one in wrong[:_SHOWN]]
    return Finding("summaries", len(wrong), examples), wrong


def repair(tx: Transaction, wrong: list[Summary]) -> int:
    """Make the summaries of these metrics anew from their histories; how many were made or removed."""
    for one in wrong:
        key = (one.run_id, one.key_id)
        tx.execute("DELETE FROM metric_summaries WHERE run_id = ? AND key_id = ?", key)
        tx.execute(_REMAKE, key)
    return len(wrong)


# Without knowing in which order the points came, a history is taken as unordered: then its pages sort.
_REMAKE = """
INSERT INTO metric_summaries (run_id, key_id, experiment_id, value, is_nan, step, timestamp, count, nan_count,
  minimum, maximum, total, ordered)
SELECT a.run_id, a.key_id, r.experiment_id, l.value, l.is_nan, l.step, l.timestamp, a.count, a.nans,
  a.minimum, a.maximum, a.total, 0
FROM (SELECT run_id, key_id, count(*) AS count, sum(is_nan) AS nans,
        min(CASE WHEN is_nan THEN NULL ELSE value END) AS minimum,
        max(CASE WHEN is_nan THEN NULL ELSE value END) AS maximum,
        sum(CASE WHEN is_nan THEN NULL ELSE value END) AS total
      FROM metrics WHERE run_id = ?1 AND key_id = ?2 GROUP BY run_id, key_id) a
JOIN runs r ON r.id = a.run_id
JOIN (SELECT value, is_nan, step, timestamp FROM metrics WHERE run_id = ?1 AND key_id = ?2
      ORDER BY step DESC, timestamp DESC, value DESC, is_nan LIMIT 1) l
"""


def ready_models(tx: Transaction, limit: int) -> list[Row]:
    """(id, experiment, address of the experiment's files, own address) of logged models that should have files."""
    return tx.all(
        "SELECT l.uuid, e.id, e.artifact_location, l.artifact_uri FROM logged_models l"
        " JOIN experiments e ON e.id = l.experiment_id WHERE l.deleted = 0 AND l.status = 2 ORDER BY l.id DESC LIMIT ?",
        (limit,),
    )


def _wrong_summaries(tx: Transaction) -> Iterator[Summary]:
    """Both sides come in the order of run and key, and are walked side by side."""
    histories, kept = tx.execute(_HISTORIES), tx.execute(_SUMMARIES)
    history, summary = histories.fetchone(), kept.fetchone()
    while history or summary:
        if summary is None or (history is not None and history[:2] < summary[:2]):
            yield Summary(history[0], history[1], "it has points and no summary")
            history = histories.fetchone()
        elif history is None or summary[:2] < history[:2]:
            yield Summary(summary[0], summary[1], "it has a summary and no points")
            summary = kept.fetchone()
        else:
            latest = tx.one(_LATEST, history[:2])
            if reason := _difference(history, summary, latest):
                yield Summary(history[0], history[1], reason)
            history, summary = histories.fetchone(), kept.fetchone()


def _difference(history: Row, summary: Row, latest: Row | None) -> str:
    """What the summary says wrongly, empty if nothing."""
    _, _, count, nans, minimum, maximum, total, scale, late = history
    said = dict(zip(("count", "nan_count", "minimum", "maximum"), summary[2:6], strict=True))
    true = dict(zip(("count", "nan_count", "minimum", "maximum"), (count, nans, minimum, maximum), strict=True))
    for name, value in true.items():
        if said[name] != value:
            return f"{name} is {value}, the summary says {said[name]}"
    if not _close(summary[6], total, scale):
        return f"total is {total}, the summary says {summary[6]}"
    if latest != summary[8:11]:
        return f"the latest point is {latest}, the summary says {summary[8:11]}"
    if late and summary[7]:
        return "its times go back, the summary says that they don't"
    return ""


def _close(said: float | None, true: float | None, scale: float | None) -> bool:
    """Sums of the same numbers in another order."""
    if said == true or not scale or not math.isfinite(scale):
        return True
    return said is not None and true is not None and abs(said - true) <= _TOLERANCE * scale


def _run(tx: Transaction, row_id: int) -> str:
    row = tx.one("SELECT uuid FROM runs WHERE id = ?", (row_id,))
    return row[0] if row else f"in row {row_id}, which is not there"


def _key(tx: Transaction, key_id: int) -> str:
    row = tx.one("SELECT name FROM keys WHERE id = ?", (key_id,))
    return f"'{row[0]}'" if row else f"number {key_id}, which is not there"
