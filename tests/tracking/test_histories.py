"""One metric of several runs, compared with a plain Python model; data sets of experiments."""

from __future__ import annotations

import math
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvent.backend.embedded import EmbeddedBackend
from solvent.errors import InvalidInput
from solvent.store.store import Store
from solvent.wire.base import Request
from solvent.wire.datasets import Dataset, DatasetInput, DatasetSummary, SearchDatasets
from solvent.wire.experiments import Tag
from solvent.wire.metrics import GetMetricHistoryBulk, GetMetricHistoryBulkInterval, Metric
from solvent.wire.runs import CreateRun, LogBatch, LogInputs

Place = tuple[int, int, float, int]


def ntile(points: list[Place], size: int) -> list[Place]:
    """What MLflow's SQL keeps: the first of each group of NTILE(size), the last of all for the last group."""
    if len(points) <= size:
        return points
    length, longer = divmod(len(points), size)
    firsts = [group * length + min(group, longer) for group in range(size)]
    return [points[index] for index in firsts[:-1]] + [points[-1]]


def place(metric: Metric) -> Place:
    value = float(metric.value or 0)
    return metric.step or 0, metric.timestamp or 0, 0.0 if math.isnan(value) else value, int(math.isnan(value))


values = st.one_of(st.floats(allow_nan=True, width=32), st.sampled_from([0.0, 1.0, math.nan, math.inf]))


@settings(max_examples=60, deadline=None)
@given(
    logged=st.lists(st.tuples(st.integers(-3, 9), st.integers(0, 3), values), min_size=1, max_size=60),
    size=st.integers(1, 12),
    steps=st.none() | st.tuples(st.integers(-4, 9), st.integers(0, 6)),
)
def test_points_are_sampled_as_mlflow_samples_them(
    logged: list[tuple[int, int, float]], size: int, steps: tuple[int, int] | None
) -> None:
    with TemporaryDirectory() as folder:
        backend = EmbeddedBackend(folder, Store(Path(folder) / "s.db", synchronous="NORMAL"), Path(folder))
        run_id = backend.call(CreateRun(experiment_id="0")).run.info.run_id
        points = [Metric(key="m", value=value, timestamp=time, step=step) for step, time, value in logged]
        backend.call(LogBatch(run_id=run_id, metrics=points))
        bounds = (steps[0], steps[0] + steps[1]) if steps else (None, None)
        request = GetMetricHistoryBulkInterval(
            run_ids=[run_id], metric_key="m", max_results=size, start_step=bounds[0], end_step=bounds[1]
        )
        answered = backend.call(request).metrics
        everything = backend.call(GetMetricHistoryBulk(run_id=[run_id], metric_key="m")).metrics
        backend.close()
    kept = sorted({place(metric) for metric in points if not steps or bounds[0] <= metric.step <= bounds[1]})  # type: ignore[operator]
    assert [place(metric) for metric in answered] == ntile(kept, size)
    assert {metric.run_id for metric in answered} <= {run_id}
    by_time = sorted({place(metric) for metric in points}, key=lambda p: (p[1], p[0], *p[2:]))
    assert [place(metric) for metric in everything] == by_time


@pytest.fixture
def two(backend: EmbeddedBackend) -> tuple[str, str]:
    for run_id in ("b", "a"):
        backend.call(CreateRun(experiment_id="0", run_id=run_id))
        metrics = [Metric(key="m", value=float(step), timestamp=step, step=step) for step in range(5)]
        backend.call(LogBatch(run_id=run_id, metrics=metrics))
    return "a", "b"


def test_histories_come_by_run_id_and_are_cut_together(backend: EmbeddedBackend, two: tuple[str, str]) -> None:
    asked = GetMetricHistoryBulk(run_id=["b", "a", "nobody", "a"], metric_key="m", max_results=7)
    found = [(metric.run_id, metric.step) for metric in backend.call(asked).metrics]
    assert found == [*(("a", step) for step in range(5)), ("b", 0), ("b", 1)]
    assert backend.call(GetMetricHistoryBulk(run_id=["a"], metric_key="other")).metrics == []


def test_intervals_come_in_the_order_asked_for(backend: EmbeddedBackend, two: tuple[str, str]) -> None:
    asked = GetMetricHistoryBulkInterval(run_ids=["b", "nobody", "a"], metric_key="m", max_results=1)
    assert [(metric.run_id, metric.step) for metric in backend.call(asked).metrics] == [("b", 4), ("a", 4)]


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (GetMetricHistoryBulk(metric_key="m"), "at least one run_id"),
        (GetMetricHistoryBulk(run_id=["a"]), "must specify a metric_key"),
        (GetMetricHistoryBulk(run_id=["a"] * 101, metric_key="m"), "more than 100 run_ids. Received 101"),
        (GetMetricHistoryBulk(run_id=["a"], metric_key="m", max_results=-1), "max_results"),
        (GetMetricHistoryBulkInterval(metric_key="m"), "Missing value for required parameter 'run_ids'"),
        (GetMetricHistoryBulkInterval(run_ids=["a"]), "Missing value for required parameter 'metric_key'"),
        (GetMetricHistoryBulkInterval(run_ids=["a"] * 101, metric_key="m"), "at most 100 run_ids. Received 101"),
        (GetMetricHistoryBulkInterval(run_ids=["a"], metric_key="m", max_results=0), "between 1 and 2500"),
        (GetMetricHistoryBulkInterval(run_ids=["a"], metric_key="m", max_results=2501), "between 1 and 2500"),
        (GetMetricHistoryBulkInterval(run_ids=["a"], metric_key="m", end_step=1), "both must be specified"),
        (GetMetricHistoryBulkInterval(run_ids=["a"], metric_key="m", start_step=3, end_step=1), "must be greater"),
        (SearchDatasets(), "at least one experiment_id"),
        (SearchDatasets(experiment_ids=["0"] * 21), "more than 20 experiment_ids. Received 21"),
        (SearchDatasets(experiment_ids=["x"]), "Invalid experiment ID 'x'"),
    ],
)
def test_bad_requests_are_refused(backend: EmbeddedBackend, request_: Request[Any], message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        backend.call(request_)


def test_data_sets_of_an_experiment_are_listed_once_per_use(backend: EmbeddedBackend, two: tuple[str, str]) -> None:
    rows = Dataset(name="rows", digest="1", source_type="local", source="rows.csv")
    training = [Tag(key="mlflow.data.context", value="training")]
    for run_id in two:
        backend.call(LogInputs(run_id=run_id, datasets=[DatasetInput(dataset=rows, tags=training)]))
    backend.call(LogInputs(run_id="a", datasets=[DatasetInput(dataset=rows)]))
    assert backend.call(SearchDatasets(experiment_ids=["0", "77"])).dataset_summaries == [
        DatasetSummary(experiment_id="0", name="rows", digest="1"),
        DatasetSummary(experiment_id="0", name="rows", digest="1", context="training"),
    ]
