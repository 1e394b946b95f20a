"""Use cases that log to a run, on a real store."""

from __future__ import annotations

import json

import msgspec
import pytest

from solvent.backend.embedded import EmbeddedBackend
from solvent.errors import InvalidInput, NotFound
from solvent.store.operations import operation_of
from solvent.store.store import Job
from solvent.wire.base import Empty, Number
from solvent.wire.experiments import Tag
from solvent.wire.metrics import Metric
from solvent.wire.runs import GetMetricSummaries, GetRun, LogBatch, LogMetric, LogParam, LogRunModel, Param, RunData


def data(backend: EmbeddedBackend, run_id: str) -> RunData:
    return backend.call(GetRun(run_id=run_id)).run.data


def latest(backend: EmbeddedBackend, run_id: str, key: str) -> tuple[Number | None, int | None, int | None]:
    (metric,) = [metric for metric in data(backend, run_id).metrics if metric.key == key]
    return metric.value, metric.timestamp, metric.step


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (1.5, 1.5),
        (2, 2.0),
        ("1e-3", 0.001),
        ("NaN", "NaN"),
        (float("nan"), "NaN"),
        ("Infinity", "Infinity"),
        (float("-inf"), "-Infinity"),
        (1.7976931348623157e308, 1.7976931348623157e308),
    ],
)
def test_every_double_is_kept_as_it_is(backend: EmbeddedBackend, run_id: str, value: Number, kept: Number) -> None:
    backend.call(LogMetric(run_id=run_id, key="m", value=value, timestamp=7, step=3))
    assert latest(backend, run_id, "m") == (kept, 7, 3)


@pytest.mark.parametrize("value", ["abc", "1_000", " 1", True, ""])
def test_what_is_no_number_is_refused(backend: EmbeddedBackend, run_id: str, value: Number) -> None:
    with pytest.raises(InvalidInput, match=r"valid double|Missing value for required parameter 'value'"):
        backend.call(LogMetric(run_id=run_id, key="m", value=value, timestamp=7))


@pytest.mark.parametrize("step", [1.5, 2**63, -(2**63) - 1, "x"])
def test_a_step_is_a_64_bit_integer(backend: EmbeddedBackend, run_id: str, step: int) -> None:
    with pytest.raises(InvalidInput, match="Step must be a valid long"):
        backend.call(LogMetric(run_id=run_id, key="m", value=1.0, timestamp=7, step=step))
    assert data(backend, run_id).metrics == []


@pytest.mark.parametrize("timestamp", [-1, 1.5, 2**63])
def test_a_timestamp_is_a_nonnegative_integer(backend: EmbeddedBackend, run_id: str, timestamp: int) -> None:
    with pytest.raises(InvalidInput, match="Timestamp must be a nonnegative long"):
        backend.call(LogMetric(run_id=run_id, key="m", value=1.0, timestamp=timestamp))


def test_the_latest_point_is_the_largest_step_time_value(backend: EmbeddedBackend, run_id: str) -> None:
    for value, timestamp, step in [(5.0, 10, 2), (9.0, 99, 1), (7.0, 10, 2), (6.0, 10, 2)]:
        backend.call(LogMetric(run_id=run_id, key="m", value=value, timestamp=timestamp, step=step))
    assert latest(backend, run_id, "m") == (7.0, 10, 2)


def test_a_param_is_written_once(backend: EmbeddedBackend, run_id: str) -> None:
    backend.call(LogParam(run_id=run_id, key="p", value="1"))
    backend.call(LogParam(run_id=run_id, key="p", value="1"))
    expected = (
        "Changing param values is not allowed. Param with key='p' was already logged with value='1' for "
        f"run ID='{run_id}'. Attempted logging new value '2'."
    )
    with pytest.raises(InvalidInput) as caught:
        backend.call(LogParam(run_id=run_id, key="p", value="2"))
    assert str(caught.value) == expected
    assert data(backend, run_id).params == [Param(key="p", value="1")]


def test_a_param_without_value_is_empty(backend: EmbeddedBackend, run_id: str) -> None:
    backend.call(LogParam(run_id=run_id, key="p"))
    assert data(backend, run_id).params == [Param(key="p", value="")]


def test_empty_values_travel_as_they_do_from_mlflow(backend: EmbeddedBackend, run_id: str) -> None:
    backend.call(LogBatch(run_id=run_id, params=[Param(key="p")], tags=[Tag(key="t")]))
    answer = msgspec.json.decode(msgspec.json.encode(backend.call(GetRun(run_id=run_id))))
    assert answer["run"]["info"]["user_id"] == ""
    assert answer["run"]["data"]["params"] == [{"key": "p", "value": ""}]
    assert {"key": "t", "value": ""} in answer["run"]["data"]["tags"]


def test_a_long_param_is_refused_not_cut(backend: EmbeddedBackend, run_id: str) -> None:
    with pytest.raises(InvalidInput, match="exceeds the maximum length of 6000 characters: it has 6001"):
        backend.call(LogParam(run_id=run_id, key="p", value="x" * 6001))
    assert data(backend, run_id).params == []


def test_a_batch_keeps_all_its_parts(backend: EmbeddedBackend, run_id: str) -> None:
    backend.call(
        LogBatch(
            run_id=run_id,
            metrics=[Metric(key="m", value=float(step), timestamp=step, step=step) for step in range(1000 - 3)],
            params=[Param(key="p", value="1")],
            tags=[Tag(key="t", value="1"), Tag(key="t", value="2")],
        )
    )
    kept = data(backend, run_id)
    assert latest(backend, run_id, "m") == (996.0, 996, 996)
    assert kept.params == [Param(key="p", value="1")]
    assert {tag.key: tag.value for tag in kept.tags}["t"] == "2"


def test_a_batch_with_one_bad_part_keeps_nothing(backend: EmbeddedBackend, run_id: str) -> None:
    backend.call(LogParam(run_id=run_id, key="p", value="1"))
    bad = LogBatch(
        run_id=run_id,
        metrics=[Metric(key="m", value=1.0, timestamp=1)],
        params=[Param(key="new", value="1"), Param(key="p", value="2")],
    )
    with pytest.raises(InvalidInput, match=r"Params were already logged='\[\{'key': 'p', 'old_value': '1'"):
        backend.call(bad)
    kept = data(backend, run_id)
    assert (kept.metrics, kept.params) == ([], [Param(key="p", value="1")])


@pytest.mark.parametrize(
    ("batch", "message"),
    [
        (LogBatch(metrics=[Metric(key="a", value=1.0)]), r"parameter 'metrics\[0\].timestamp'"),
        (LogBatch(metrics=[Metric(value=1.0, timestamp=1)]), r"parameter 'metrics\[0\].key'"),
        (
            LogBatch(metrics=[Metric(key="a", value=1, timestamp=1), Metric(key="b$", value=1, timestamp=1)]),
            r"Invalid value \"b\$\" for parameter 'metrics\[1\].name' supplied",
        ),
        (LogBatch(params=[Param(key="z"), Param(key="z")]), r"Duplicate parameter keys have been submitted: \['z'\]"),
        (
            LogBatch(params=[Param(key=f"p{n}") for n in range(101)]),
            "at most 100 params. Got 101 params. Please split up params across multiple requests",
        ),
        (LogBatch(metrics=[Metric()] * 1001), "at most 1000 metrics. Got 1001 metrics"),
        (LogBatch(tags=[Tag()] * 101), "at most 100 tags"),
        (LogBatch(metrics=[Metric()] * 1000, tags=[Tag()]), "at most 1000 metrics, params, and tags. Got 1001"),
    ],
)
def test_bad_batches_are_refused(backend: EmbeddedBackend, run_id: str, batch: LogBatch, message: str) -> None:
    batch.run_id = run_id
    with pytest.raises(InvalidInput, match=message):
        backend.call(batch)


def test_a_batch_for_an_unknown_run_is_refused(backend: EmbeddedBackend) -> None:
    with pytest.raises(NotFound, match="Run with id=nono not found"):
        backend.call(LogBatch(run_id="nono"))
    with pytest.raises(InvalidInput, match="Invalid value \"no!\" for parameter 'run_id' supplied"):
        backend.call(LogBatch(run_id="no!"))


def test_the_models_of_old_clients_are_listed_in_a_tag(backend: EmbeddedBackend, run_id: str) -> None:
    for path in ("first", "second"):
        flavors = {"sklearn": {"pickled_model": "model.pkl", "config": {"a": 1}}}
        model: dict[str, object] = {
            "run_id": run_id,
            "artifact_path": path,
            "utc_time_created": "2026-01-01",
            "signature": {},
        }
        model |= {"flavors": flavors}
        backend.call(LogRunModel(run_id=run_id, model_json=json.dumps(model)))
    tags = {tag.key: tag.value for tag in data(backend, run_id).tags}
    history = json.loads(tags["mlflow.log-model.history"])
    assert [entry["artifact_path"] for entry in history] == ["first", "second"]
    assert history[0]["flavors"] == {"sklearn": {"pickled_model": "model.pkl"}}
    assert "signature" not in history[0]


@pytest.mark.parametrize(
    ("text", "message"),
    [("{", "is not a valid JSON"), ("{}", "missing mandatory fields: run_id"), ("[]", "expected a JSON object")],
)
def test_malformed_models_are_refused(backend: EmbeddedBackend, run_id: str, text: str, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        backend.call(LogRunModel(run_id=run_id, model_json=text))


def test_points_that_arrive_together_are_kept_as_if_they_came_one_by_one(backend: EmbeddedBackend, run_id: str) -> None:
    requests = [
        LogMetric(run_id=run_id, key="m", value=1.0, timestamp=1, step=1),
        LogMetric(run_id=run_id, key="m", value=1.0, timestamp=1, step=1),  # again: counts once
        LogMetric(run_id="0" * 32, key="m", value=1.0, timestamp=1),
        LogMetric(run_id=run_id, key="", value=1.0, timestamp=1),
        LogMetric(run_id=run_id, key="m", value="NaN", timestamp=3, step=3),
        LogMetric(run_id=run_id, key="m", value=2.0, timestamp=2, step=2),
        LogMetric(run_id=run_id, key="other", value=5.0, timestamp=2),
    ]
    operation = operation_of(LogMetric)
    assert operation is not None
    outcomes = backend.store.write_group([Job(operation.run, request) for request in requests])
    kinds = [type(outcome) for outcome in outcomes]
    assert kinds == [Empty, Empty, NotFound, InvalidInput, Empty, Empty, Empty]
    assert latest(backend, run_id, "m") == ("NaN", 3, 3)
    assert latest(backend, run_id, "other") == (5.0, 2, 0)
    summaries = backend.call(GetMetricSummaries(run_id=run_id)).summaries
    assert [(each.key, each.count, each.max) for each in summaries] == [("m", 3, 2.0), ("other", 1, 5.0)]


def test_points_of_models_that_arrive_together_fail_alone(backend: EmbeddedBackend, run_id: str) -> None:
    requests = [
        LogMetric(run_id=run_id, key="m", value=1.0, timestamp=1),
        LogMetric(run_id=run_id, key="n", value=1.0, timestamp=1, model_id="m-none"),
    ]
    operation = operation_of(LogMetric)
    assert operation is not None
    outcomes = backend.store.write_group([Job(operation.run, request) for request in requests])
    assert [type(outcome) for outcome in outcomes] == [Empty, NotFound]
    assert [metric.key for metric in data(backend, run_id).metrics] == ["m"]
