"""Batched ingest across runs: what the SDK's spool holds, line by line, and how it is delivered.

A spool is a file of JSON lines, one record each. A batch is a stretch of one spool; the store
remembers in the same transaction how far each spool has come, so that a batch that is sent twice
counts once.
"""

from __future__ import annotations

import msgspec

from solvent.wire.base import Number, Request, Wire, route
from solvent.wire.datasets import Dataset


class RunRecord(Wire, kw_only=True, tag_field="op", tag="run"):
    """Opens a run, or reopens the one of that id. ``experiment`` is a name, made if it is not there."""

    run_id: str
    experiment: str | None = None
    experiment_id: str | None = None
    name: str | None = None
    user: str = ""
    start_time: int
    tags: dict[str, str] = {}


class MetricRecord(Wire, kw_only=True, tag_field="op", tag="metric"):
    run_id: str
    key: str
    value: Number
    timestamp: int
    step: int = 0


class ParamRecord(Wire, kw_only=True, tag_field="op", tag="param"):
    run_id: str
    key: str
    value: str


class TagRecord(Wire, kw_only=True, tag_field="op", tag="tag"):
    """``value`` None deletes the tag."""

    run_id: str
    key: str
    value: str | None = None


class InputRecord(Wire, kw_only=True, tag_field="op", tag="input"):
    run_id: str
    dataset: Dataset
    tags: dict[str, str] = {}


class EndRecord(Wire, kw_only=True, tag_field="op", tag="end"):
    run_id: str
    status: str
    end_time: int


Record = RunRecord | MetricRecord | ParamRecord | TagRecord | InputRecord | EndRecord


class Rejection(Wire):
    """A record that was refused, by its place in the batch (from 0), and why."""

    index: int
    error_code: str
    message: str


class IngestResponse(Wire):
    """``offset`` is how far the store has now kept the spool."""

    offset: int
    rejected: list[Rejection] = []


@route("POST", "solvent/v1/ingest")
class Ingest(Request[IngestResponse]):
    """Records of ``spool`` that lie at its records number ``offset`` (from 0) and following.

    Those that the store has already are skipped; a gap (``offset`` beyond what it has) is refused.
    """

    spool: str
    offset: int
    records: list[Record] = msgspec.field(default_factory=list)
