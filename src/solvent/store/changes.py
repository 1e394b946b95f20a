"""SQL of the log of changes: which runs were written to, for those who watch.

Writers note what they touch in memory (``Transaction.touch``); one row per run is written as part of
each commit, so that other processes see it too. Only the newest rows are kept.
"""

from __future__ import annotations

import json
from itertools import pairwise
from typing import NamedTuple

from solvent.store.transaction import Row, Touched, Transaction

KEPT = 20_000
"""Rows that stay; who asks for what lies further back has to load anew."""
TRIM_EVERY = 1_000
MAX_KEYS = 200
"""Keys that are named for a run in one commit."""
_PLAIN = 2  # so few are written as they come
_AT_ONCE, _MORE = 32, ", (?, ?, ?, ?)"  # rows of one statement; the driver remembers it for each number of them


INFO, METRICS, PARAMS, TAGS, INPUTS = 1, 2, 4, 8, 16
"""Kinds of changes, as bits: made, renamed, status, end and trash; metrics; params; tags; data sets and models.

Plain integers: an enumeration of flags costs a microsecond for each operation, on every write.
"""
KINDS = {INFO: "info", METRICS: "metrics", PARAMS: "params", TAGS: "tags", INPUTS: "inputs"}


class ChangeRow(NamedTuple):
    """``run_id`` is 0 where the experiment itself has changed; ``keys`` None means many."""

    id: int
    experiment_id: int
    run_id: int
    kinds: int
    keys: frozenset[int] | None


def write(tx: Transaction) -> None:
    """Write down what this transaction has touched, as the last thing before its commit."""
    touched = tx.touched
    if not touched:
        return
    sql = "INSERT INTO changes (experiment_id, run_id, kinds, keys) VALUES (?, ?, ?, ?)"
    rows = [(*place, each.kinds, _key_text(each)) for place, each in touched.items()]
    if len(rows) <= _AT_ONCE:
        last = tx.insert(sql + _MORE * (len(rows) - 1), [value for row in rows for value in row])
    else:
        tx.executemany(sql, rows)
        ((last,),) = tx.all("SELECT last_insert_rowid()")
    if last % TRIM_EVERY < len(rows):
        tx.execute("DELETE FROM changes WHERE id <= ?", (last - KEPT,))
    touched.clear()


def _key_text(touched: Touched) -> str | None:
    """The ids with commas between them, consecutive ones as first-last; None if they are too many."""
    if touched.more or len(touched.keys) > MAX_KEYS:
        return None
    if len(touched.keys) <= _PLAIN:
        return ",".join(map(str, touched.keys))
    ids = sorted(touched.keys)
    starts = [ids[0], *(after for before, after in pairwise(ids) if after != before + 1)]
    ends = [*(before for before, after in pairwise(ids) if after != before + 1), ids[-1]]
    return ",".join(f"{start}-{end}" if end > start else str(start) for start, end in zip(starts, ends, strict=True))


def _key_ids(text: str | None) -> frozenset[int] | None:
    if text is None:
        return None
    found: set[int] = set()
    for part in text.split(",") if text else ():
        first, _, last = part.partition("-")
        found.update(range(int(first), int(last or first) + 1))
    return frozenset(found)


def extent(tx: Transaction) -> tuple[int, int]:
    """The numbers of the first and the last row; (1, 0) if there is none."""
    row = tx.one("SELECT (SELECT min(id) FROM changes), (SELECT max(id) FROM changes)")
    assert row is not None
    return (1, 0) if row[0] is None else (row[0], row[1])


def since(tx: Transaction, after: int, limit: int) -> list[ChangeRow]:
    """The first ``limit`` rows behind number ``after``."""
    rows = tx.all(
        "SELECT id, experiment_id, run_id, kinds, keys FROM changes WHERE id > ? ORDER BY id LIMIT ?", (after, limit)
    )
    return [
        ChangeRow(number, experiment_id, run_id, kinds, _key_ids(keys))
        for number, experiment_id, run_id, kinds, keys in rows
    ]


def values(tx: Transaction, table: str, columns: str, run_ids: list[int], key_ids: list[int]) -> list[Row]:
    """Rows (run, key, columns...) of metrics, params or tags of these runs and keys."""
    sql = (
        f"SELECT run_id, key_id, {columns} FROM {table} WHERE run_id IN (SELECT value FROM json_each(?))"
        " AND key_id IN (SELECT value FROM json_each(?))"
    )
    return tx.all(sql, (json.dumps(run_ids), json.dumps(key_ids)))
