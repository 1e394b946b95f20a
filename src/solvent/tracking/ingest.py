"""Batched ingest: the records of a spool, each kept exactly once or rejected with its reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from solvent.errors import Conflict, InvalidInput, SolventError
from solvent.store import experiments, inputs, keys, metrics, params, runs, spools, tags
from solvent.store.metrics import Point
from solvent.store.operations import writes
from solvent.store.transaction import Transaction
from solvent.tracking.experiments import make_experiment
from solvent.tracking.inputs import MAX_TAGS, check_dataset, check_input_tag
from solvent.tracking.logging import check_param
from solvent.tracking.lookup import active_experiment, active_run
from solvent.tracking.names import random_name
from solvent.tracking.points import check_point
from solvent.tracking.runs import RUN_NAME, check_tag, open_run, put_tags, status_number
from solvent.tracking.validation import MAX_TAG_VALUE, check_count, check_integer, check_length, check_run_id, required
from solvent.wire.ingest import (
    EndRecord,
    Ingest,
    IngestResponse,
    InputRecord,
    MetricRecord,
    ParamRecord,
    Record,
    Rejection,
    RunRecord,
    TagRecord,
)

MAX_RECORDS = 10_000
MAX_SPOOL_NAME = 250
MAX_RUN_TAGS = 1_000


@writes(Ingest)
def ingest(tx: Transaction, request: Ingest) -> IngestResponse:
    spool = check_length("spool", required(request.spool, "spool"), MAX_SPOOL_NAME)
    offset = check_integer(request.offset, "offset", least=0)
    check_count("records", MAX_RECORDS, request.records)
    kept = spools.kept(tx, spool)
    if offset > kept:
        raise Conflict(
            f"spool '{spool}' is kept up to record {kept}, and this batch starts at {offset}: send from {kept}"
        )
    end = offset + len(request.records)
    if end <= kept:
        return IngestResponse(offset=kept)
    rejected = _keep(tx, request.records, kept - offset)
    spools.advance(tx, spool, end)
    return IngestResponse(offset=end, rejected=rejected)


def _keep(tx: Transaction, records: list[Record], start: int) -> list[Rejection]:
    """Keep the records from number ``start`` on; each is checked whole before any of it is written.

    Points are collected and written together at the end: no other record depends on them.
    """
    rejected: list[Rejection] = []
    collected: list[Point] = []
    homes: dict[int, int] = {}
    for index in range(start, len(records)):
        record = records[index]
        try:
            if type(record) is MetricRecord:
                _collect(tx, record, collected, homes)
            else:
                _KEEP[type(record)](tx, record)
        except SolventError as error:
            rejected.append(Rejection(index=index, error_code=error.code, message=error.message))
    if collected:
        metrics.add(tx, collected, homes)
    return rejected


def _collect(tx: Transaction, record: MetricRecord, collected: list[Point], homes: dict[int, int]) -> None:
    key, step, timestamp, value, is_nan = check_point(record.key, record.value, record.timestamp, record.step)
    run = active_run(tx, record.run_id)
    homes[run.id] = run.experiment_id
    collected.append((run.id, keys.intern(tx, (key,))[key], step, timestamp, value, is_nan))


def _run(tx: Transaction, record: RunRecord) -> None:
    """Open a run, or reopen the one of that id where it is: its experiment and start stay as they were."""
    run_id = check_run_id(required(record.run_id, "run_id"))
    check_count("tags", MAX_RUN_TAGS, list(record.tags))
    given = dict(check_tag(key, value, "tags.") for key, value in record.tags.items())
    if record.name:
        given[RUN_NAME] = check_tag(RUN_NAME, record.name)[1]
    check_length("user", record.user, MAX_TAG_VALUE)
    start_time = check_integer(record.start_time, "start_time")
    if runs.find(tx, run_id) is not None:
        run = active_run(tx, run_id)
        runs.set_status(tx, run, runs.STATUSES["RUNNING"])
        runs.set_end(tx, run, None)
        put_tags(tx, run, given)
        return
    name = given.get(RUN_NAME) or random_name()
    open_run(tx, run_id, _experiment(tx, record), name, tx.actor or record.user, start_time, given)


def _experiment(tx: Transaction, record: RunRecord) -> int:
    """The number of the experiment that a run record names, made if its name is new."""
    if record.experiment_id is not None or not record.experiment:
        return int(active_experiment(tx, record.experiment_id or "0").experiment_id)
    found = experiments.by_name(tx, record.experiment)
    if found is None:
        return make_experiment(tx, record.experiment)
    if found.lifecycle_stage != "active":
        raise InvalidInput(
            f"The experiment '{found.name}' (id {found.experiment_id}) is deleted: restore it, or choose another name"
        )
    return int(found.experiment_id)


def _param(tx: Transaction, record: ParamRecord) -> None:
    key, value = check_param(record.key, record.value)
    for conflict in params.add(tx, active_run(tx, record.run_id), {key: value}):
        raise InvalidInput(
            f"Changing param values is not allowed. Param with key='{key}' was already logged with "
            f"value='{conflict.old_value}' for run ID='{record.run_id}'. Attempted logging new value '{value}'."
        )


def _tag(tx: Transaction, record: TagRecord) -> None:
    if record.value is None:
        tags.delete(tx, active_run(tx, record.run_id), record.key)
        return
    given = check_tag(record.key, record.value)
    put_tags(tx, active_run(tx, record.run_id), dict([given]))


def _input(tx: Transaction, record: InputRecord) -> None:
    dataset = check_dataset(record.dataset)
    check_count("tags", MAX_TAGS, list(record.tags))
    given = dict(check_input_tag(key, value, "tags.") for key, value in record.tags.items())
    inputs.add_dataset(tx, active_run(tx, record.run_id), dataset, given)


def _end(tx: Transaction, record: EndRecord) -> None:
    status, end_time = status_number(record.status), check_integer(record.end_time, "end_time")
    run = active_run(tx, record.run_id)
    runs.set_status(tx, run, status)
    runs.set_end(tx, run, end_time)


_KEEP: dict[type[Record], Callable[[Transaction, Any], None]] = {
    RunRecord: _run,
    ParamRecord: _param,
    TagRecord: _tag,
    InputRecord: _input,
    EndRecord: _end,
}
