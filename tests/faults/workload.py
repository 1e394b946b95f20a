"""Requests of all kinds that write, with what each leaves in the database, so that halves can be told from wholes."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import solvent.tracking  # noqa: F401 - registers the use cases
from solvent.store.operations import operation_of
from solvent.store.store import Job
from solvent.wire.base import Request
from solvent.wire.experiments import CreateExperiment, Tag
from solvent.wire.ingest import EndRecord, Ingest, MetricRecord, ParamRecord, Record, RunRecord, TagRecord
from solvent.wire.metrics import Metric
from solvent.wire.runs import CreateRun, LogBatch, Param

TIME = 1_700_000_000_000
POINTS = 10

Piece = tuple[Any, ...]


@dataclass
class Write:
    """A request and the pieces that are there after it: all of them, or none if it was not kept."""

    request: Request[Any]
    pieces: frozenset[Piece]

    @property
    def job(self) -> Job:
        operation = operation_of(type(self.request))
        assert operation is not None
        return Job(operation.run, self.request)


class Workload:
    """An endless mixture of experiments, runs with tags, batches and stretches of spools; no piece comes twice."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._runs: list[str] = []
        self._spools: dict[str, int] = {}
        self._number = 0

    def group(self) -> list[Write]:
        """Requests that arrive together; none needs another one of them."""
        known = len(self._runs)
        return [self._write(known) for _ in range(self._chance.randint(1, 5))]

    def _write(self, known: int) -> Write:
        self._number += 1
        if not known:
            return self._run()
        kind = self._chance.random()
        if kind < 0.1:
            return Write(CreateExperiment(name=f"e{self._number}"), frozenset({("experiment", f"e{self._number}")}))
        if kind < 0.3:
            return self._run()
        return self._batch(self._runs[self._chance.randrange(known)]) if kind < 0.75 else self._ingest()

    def _run(self) -> Write:
        run, tags = f"r{self._number}", {"a": f"{self._number}", "b": "x" * self._chance.randint(0, 2_000)}
        self._runs.append(run)
        request = CreateRun(
            run_id=run, start_time=TIME, tags=[Tag(key=key, value=value) for key, value in tags.items()]
        )
        return Write(request, frozenset({("run", run, 1), *(("tag", run, *tag) for tag in tags.items())}))

    def _batch(self, run: str) -> Write:
        number = self._number
        metrics = [Metric(key=f"m{i}", value=number / 7, timestamp=TIME, step=number) for i in range(POINTS)]
        request = LogBatch(
            run_id=run,
            metrics=metrics,
            params=[Param(key=f"p{number}", value="1")],
            tags=[Tag(key=f"t{number}", value="1")],
        )
        points = {("metric", run, f"m{i}", number, number / 7) for i in range(POINTS)}
        return Write(request, frozenset({("param", run, f"p{number}", "1"), ("tag", run, f"t{number}", "1"), *points}))

    def _ingest(self) -> Write:
        spool, run = f"s{self._chance.randrange(4)}", f"i{self._number}"
        points: list[Record] = [
            MetricRecord(run_id=run, key="x", value=step / 7, timestamp=TIME, step=step) for step in range(POINTS)
        ]
        records = [
            RunRecord(run_id=run, experiment=f"made for {run}", start_time=TIME, tags={"a": run}),
            *points,
            ParamRecord(run_id=run, key="p", value=run),
            TagRecord(run_id=run, key="t", value=run),
            EndRecord(run_id=run, status="FINISHED", end_time=TIME),
        ]
        offset = self._spools.get(spool, 0)
        self._spools[spool] = offset + len(records)
        pieces = {("metric", run, "x", step, step / 7) for step in range(POINTS)}
        kept = ("spool", spool, offset + len(records))
        given = {("run", run, 3), ("experiment", f"made for {run}"), ("param", run, "p", run), ("tag", run, "t", run)}
        request = Ingest(spool=spool, offset=offset, records=records)
        return Write(request, frozenset({kept, ("tag", run, "a", run), *given, *pieces}))


_PIECES = {
    "experiment": "SELECT name FROM experiments",
    "run": "SELECT uuid, status FROM runs",
    "tag": "SELECT uuid, keys.name, value FROM tags JOIN runs ON runs.id = run_id JOIN keys ON keys.id = key_id",
    "param": "SELECT uuid, keys.name, value FROM params JOIN runs ON runs.id = run_id JOIN keys ON keys.id = key_id",
    "metric": "SELECT uuid, keys.name, step, value FROM metrics JOIN runs ON runs.id = run_id JOIN keys ON keys.id = key_id",
}
_SUMMARIES = """
SELECT count(*) FROM
  (SELECT run_id, key_id, count(*) AS count, min(value) AS minimum, max(value) AS maximum, sum(value) AS total,
     max(step) AS step FROM metrics GROUP BY run_id, key_id) AS true
  LEFT JOIN (SELECT run_id, key_id, count, step, CASE WHEN count = 1 THEN value ELSE minimum END AS minimum,
     CASE WHEN count = 1 THEN value ELSE maximum END AS maximum, CASE WHEN count = 1 THEN value ELSE total END AS total
     FROM metric_summaries) AS kept USING (run_id, key_id)
WHERE kept.count IS NOT true.count OR kept.minimum IS NOT true.minimum OR kept.maximum IS NOT true.maximum
  OR kept.step IS NOT true.step OR abs(kept.total - true.total) > 1e-9 * true.total
"""
_UNFOUNDED = """
SELECT count(*) FROM metric_summaries AS kept
WHERE NOT EXISTS (SELECT 1 FROM metrics WHERE run_id = kept.run_id AND key_id = kept.key_id)
"""


def pieces(path: Path, *, spool_records: int = POINTS + 4) -> set[Piece]:
    """All pieces in a database.

    Raises:
        AssertionError: the database is not sound, or a summary is not that of its history.
    """
    connection = sqlite3.Connection(path)
    try:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute(_SUMMARIES).fetchone() == (0,), "a summary is not that of its history"
        assert connection.execute(_UNFOUNDED).fetchone() == (0,), "a summary has no history"
        found = {(kind, *row) for kind, sql in _PIECES.items() for row in connection.execute(sql)}
        for spool, kept in connection.execute("SELECT name, kept FROM spools"):
            found |= {("spool", spool, end) for end in range(spool_records, kept + 1, spool_records)}
        return found
    finally:
        connection.close()


def halves(found: set[Piece], written: list[Write]) -> Iterator[Write]:
    """The writes of which something is there, but not all."""
    return (write for write in written if 0 < len(write.pieces & found) < len(write.pieces))
