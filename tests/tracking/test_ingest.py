"""Batched ingest: each record of a spool is kept exactly once, or rejected with its reason."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvent.backend.embedded import EmbeddedBackend
from solvent.errors import Conflict, InvalidInput
from solvent.store.store import Store
from solvent.wire.datasets import Dataset
from solvent.wire.experiments import CreateExperiment, DeleteExperiment, GetExperimentByName
from solvent.wire.ingest import (
    EndRecord,
    Ingest,
    InputRecord,
    MetricRecord,
    ParamRecord,
    Record,
    RunRecord,
    TagRecord,
)
from solvent.wire.metrics import GetMetricHistory
from solvent.wire.runs import CreateRun, DeleteRun, GetMetricSummaries, GetRun, Run

OPEN = RunRecord(run_id="r", experiment="e", name="first", user="ada", start_time=5, tags={"t": "1"})


def run_of(backend: EmbeddedBackend, run_id: str = "r") -> Run:
    return backend.call(GetRun(run_id=run_id)).run


def send(backend: EmbeddedBackend, records: list[Record], offset: int = 0) -> list[tuple[int, str]]:
    answer = backend.call(Ingest(spool="s", offset=offset, records=records))
    return [(rejection.index, rejection.error_code) for rejection in answer.rejected]


def point(step: int, run_id: str = "r", key: str = "m") -> MetricRecord:
    return MetricRecord(run_id=run_id, key=key, value=float(step), timestamp=step, step=step)


def test_a_whole_life_in_one_batch(backend: EmbeddedBackend) -> None:
    data = Dataset(name="d", digest="1", source_type="local", source="x")
    records: list[Record] = [
        OPEN,
        ParamRecord(run_id="r", key="p", value="1"),
        point(1),
        TagRecord(run_id="r", key="t", value=None),
        TagRecord(run_id="r", key="u", value="2"),
        InputRecord(run_id="r", dataset=data, tags={"mlflow.data.context": "training"}),
        point(2),
        EndRecord(run_id="r", status="FINISHED", end_time=9),
    ]
    assert send(backend, records) == []
    run = run_of(backend)
    experiment = backend.call(GetExperimentByName(experiment_name="e")).experiment
    assert run.info.experiment_id == experiment.experiment_id
    assert (run.info.run_name, run.info.user_id, run.info.start_time) == ("first", "ada", 5)
    assert (run.info.status, run.info.end_time) == ("FINISHED", 9)
    assert {tag.key: tag.value for tag in run.data.tags} == {"mlflow.runName": "first", "u": "2"}
    assert [(param.key, param.value) for param in run.data.params] == [("p", "1")]
    assert [(metric.value, metric.step) for metric in run.data.metrics] == [(2.0, 2)]
    assert run.inputs is not None
    assert [given.dataset for given in run.inputs.dataset_inputs] == [data]


def test_bad_records_are_rejected_one_by_one(backend: EmbeddedBackend) -> None:
    records: list[Record] = [
        point(1, run_id="unknown"),
        OPEN,
        point(1),
        point(1, key="a$"),
        ParamRecord(run_id="r", key="p", value="1"),
        ParamRecord(run_id="r", key="p", value="2"),
        ParamRecord(run_id="r", key="q", value="x" * 6001),
        TagRecord(run_id="r", key="t", value="\ud800"),
        EndRecord(run_id="r", status="BOGUS", end_time=1),
        MetricRecord(run_id="r", key="m", value="abc", timestamp=1),
        InputRecord(run_id="r", dataset=Dataset()),
        RunRecord(run_id="../r", start_time=1),
        RunRecord(run_id="s", experiment_id="99", start_time=1),
        point(2),
    ]
    refused = dict(send(backend, records))
    assert refused == {0: "RESOURCE_DOES_NOT_EXIST", 12: "RESOURCE_DOES_NOT_EXIST"} | dict.fromkeys(
        (3, 5, 6, 7, 8, 9, 10, 11), "INVALID_PARAMETER_VALUE"
    )
    run = run_of(backend)
    assert [(param.key, param.value) for param in run.data.params] == [("p", "1")]
    assert backend.call(GetMetricSummaries(run_id="r")).summaries[0].count == 2


def test_a_batch_that_is_sent_again_counts_once(backend: EmbeddedBackend) -> None:
    records: list[Record] = [OPEN, point(1), EndRecord(run_id="r", status="FAILED", end_time=3)]
    send(backend, records)
    assert backend.call(Ingest(spool="s", offset=0, records=records)).offset == 3
    assert backend.call(Ingest(spool="s", offset=1, records=[*records[1:], point(2)])).offset == 4
    assert run_of(backend).info.status == "FAILED"
    assert backend.call(GetMetricSummaries(run_id="r")).summaries[0].count == 2


def test_indexes_of_rejections_count_from_the_batch(backend: EmbeddedBackend) -> None:
    send(backend, [OPEN, point(1)])
    assert send(backend, [OPEN, point(1), point(2, run_id="x")]) == [(2, "RESOURCE_DOES_NOT_EXIST")]


def test_a_gap_is_refused(backend: EmbeddedBackend) -> None:
    send(backend, [OPEN])
    with pytest.raises(Conflict, match="kept up to record 1, and this batch starts at 2: send from 1"):
        send(backend, [point(1)], offset=2)
    with pytest.raises(InvalidInput, match="'offset'"):
        send(backend, [point(1)], offset=-1)


def test_a_run_is_reopened_where_it_is(backend: EmbeddedBackend) -> None:
    send(backend, [OPEN, EndRecord(run_id="r", status="FINISHED", end_time=9)])
    before = run_of(backend).info
    assert send(backend, [RunRecord(run_id="r", experiment="other", start_time=77, tags={"a": "b"})], offset=2) == []
    after = run_of(backend)
    assert (after.info.status, after.info.end_time, after.info.start_time) == ("RUNNING", None, 5)
    assert (after.info.experiment_id, after.info.run_name) == (before.experiment_id, "first")
    assert {tag.key: tag.value for tag in after.data.tags} == {"mlflow.runName": "first", "t": "1", "a": "b"}


def test_what_is_deleted_takes_no_records(backend: EmbeddedBackend) -> None:
    backend.call(CreateExperiment(name="gone"))
    backend.call(DeleteExperiment(experiment_id="1"))
    backend.call(CreateRun(run_id="r"))
    backend.call(DeleteRun(run_id="r"))
    records: list[Record] = [RunRecord(run_id="n", experiment="gone", start_time=1), point(1), OPEN]
    answer = backend.call(Ingest(spool="s", offset=0, records=records))
    assert [rejection.index for rejection in answer.rejected] == [0, 1, 2]
    assert "The experiment 'gone' (id 1) is deleted: restore it" in answer.rejected[0].message


def test_a_huge_batch_is_refused(backend: EmbeddedBackend) -> None:
    with pytest.raises(InvalidInput, match="at most 10000 records"):
        send(backend, [point(1)] * 10_001)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 31), st.booleans()), max_size=12))
def test_batches_that_overlap_and_repeat_keep_each_record_once(sends: list[tuple[int, int, bool]]) -> None:
    """A sender that crashes and resends from anywhere at or before what was kept."""
    records: list[Record] = [OPEN, *(point(step) for step in range(30))]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "s.db"
        backend = EmbeddedBackend(folder, Store(path, synchronous="NORMAL"), Path(folder))
        kept = 0
        for start, length, reopen in [*sends, (31, 31, False)]:
            first = min(start, kept)
            answered = backend.call(Ingest(spool="s", offset=first, records=records[first : first + length])).offset
            kept = max(kept, min(first + length, len(records)))
            assert answered == kept
            if reopen:
                backend.close()
                backend = EmbeddedBackend(folder, Store(path, synchronous="NORMAL"), Path(folder))
        history = backend.call(GetMetricHistory(run_id="r", metric_key="m")).metrics
        assert [metric.step for metric in history] == list(range(30))
        assert backend.call(GetMetricSummaries(run_id="r")).summaries[0].count == 30
        backend.close()


def test_records_travel_as_json_lines() -> None:
    line = b'{"op":"metric","run_id":"r","key":"m","value":"NaN","timestamp":1}'
    assert msgspec.json.decode(line, type=Record) == MetricRecord(run_id="r", key="m", value="NaN", timestamp=1)
