"""Reading metrics, compared with a plain Python model of what was logged."""

from __future__ import annotations

import math
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvent.backend.embedded import EmbeddedBackend
from solvent.errors import InvalidInput, NotFound
from solvent.store.store import Store
from solvent.wire.experiments import CreateExperiment, Tag
from solvent.wire.metrics import GetMetricHistory, GetMetricSlices, Metric, Slice
from solvent.wire.runs import CreateRun, GetMetricSummaries, GetRun, ListKeys, LogBatch, LogMetric, Param

Logged = tuple[str, float, int, int]


def log(backend: EmbeddedBackend, run_id: str, points: list[Logged]) -> None:
    metrics = [Metric(key=key, value=value, timestamp=time, step=step) for key, value, time, step in points]
    backend.call(LogBatch(run_id=run_id, metrics=metrics))


def as_number(value: float | str | None) -> float:
    assert value is not None
    return float(value)


def pages(backend: EmbeddedBackend, run_id: str, key: str, size: int | None) -> list[tuple[int, int, float, bool]]:
    """The whole history in the store's order: (timestamp, step, value or 0.0 for NaN, is NaN)."""
    found, token = [], None
    while True:
        request = GetMetricHistory(run_id=run_id, metric_key=key, max_results=size, page_token=token)
        answer = backend.call(request)
        assert size is None or len(answer.metrics) <= size
        for metric in answer.metrics:
            value = as_number(metric.value)
            assert metric.timestamp is not None
            assert metric.step is not None
            found.append((metric.timestamp, metric.step, 0.0 if math.isnan(value) else value, math.isnan(value)))
        token = answer.next_page_token
        if token is None:
            return found


values = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True, width=64), st.sampled_from([0.0, 1.0, -1.0, math.nan, math.inf])
)
points = st.tuples(st.sampled_from(["a", "b/c"]), values, st.integers(0, 5), st.integers(-3, 3))


@settings(max_examples=40, deadline=None)
@given(batches=st.lists(st.lists(points, min_size=1, max_size=12), max_size=8), size=st.integers(1, 7))
def test_history_latest_and_summaries_agree_with_a_model(batches: list[list[Logged]], size: int) -> None:
    with TemporaryDirectory() as folder:
        backend = EmbeddedBackend(folder, Store(Path(folder) / "s.db", synchronous="NORMAL"), Path(folder))
        run_id = backend.call(CreateRun()).run.info.run_id
        model: dict[str, dict[tuple[int, int, float, bool], None]] = {}
        latest: dict[str, tuple[tuple[int, int, float], bool]] = {}
        for batch in batches:
            log(backend, run_id, batch)
            for key, value, time, step in batch:
                nan = math.isnan(value)
                number = 0.0 if nan else value
                model.setdefault(key, {})[(time, step, number, nan)] = None
                if key not in latest or (step, time, number) > latest[key][0]:
                    latest[key] = ((step, time, number), nan)
        assert {key: pages(backend, run_id, key, size) for key in model} == {key: sorted(model[key]) for key in model}
        assert all(pages(backend, run_id, key, None) == sorted(model[key]) for key in model)
        shown = {metric.key: metric for metric in backend.call(GetRun(run_id=run_id)).run.data.metrics}
        assert shown.keys() == latest.keys()
        for key, ((step, time, number), nan) in latest.items():
            value = as_number(shown[key].value)
            assert (shown[key].step, shown[key].timestamp, math.isnan(value)) == (step, time, nan)
            assert nan or value == number
        check_summaries(backend, run_id, model)
        backend.close()


def check_summaries(
    backend: EmbeddedBackend, run_id: str, model: dict[str, dict[tuple[int, int, float, bool], None]]
) -> None:
    summaries = backend.call(GetMetricSummaries(run_id=run_id)).summaries
    assert [summary.key for summary in summaries] == sorted(model)
    for summary in summaries:
        kept = model[summary.key]
        numbers = [number for _, _, number, nan in kept if not nan]
        assert summary.count == len(kept)
        if not numbers:
            assert (summary.min, summary.max, summary.mean) == ("NaN", "NaN", "NaN")
            continue
        assert (as_number(summary.min), as_number(summary.max)) == (min(numbers), max(numbers))
        if all(math.isfinite(number) and abs(number) < 1e300 for number in numbers):
            scale = max(abs(number) for number in numbers)
            assert as_number(summary.mean) == pytest.approx(math.fsum(numbers) / len(numbers), abs=scale * 1e-9)


def test_points_that_come_again_count_once(backend: EmbeddedBackend, run_id: str) -> None:
    batch = [("m", float(step), step, step) for step in range(100)]
    log(backend, run_id, batch)
    log(backend, run_id, batch[50:] + [("m", 100.0, 100, 100)] * 2)
    backend.call(LogMetric(run_id=run_id, key="m", value=100.0, timestamp=100, step=100))
    (summary,) = backend.call(GetMetricSummaries(run_id=run_id)).summaries
    assert (summary.count, summary.mean, summary.last) == (101, 50.0, 100.0)


def test_a_history_goes_by_time_even_if_steps_do_not(backend: EmbeddedBackend, run_id: str) -> None:
    for time, step in [(1, 10), (2, 20), (3, 5), (4, 15)]:
        backend.call(LogMetric(run_id=run_id, key="m", value=1.0, timestamp=time, step=step))
    assert [step for _, step, _, _ in pages(backend, run_id, "m", 1)] == [10, 20, 5, 15]


def test_unknown_histories_are_empty(backend: EmbeddedBackend, run_id: str) -> None:
    assert pages(backend, run_id, "nope", None) == []
    assert pages(backend, "nope", "m", None) == []


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (GetMetricHistory(metric_key="m"), "required parameter 'run_id'"),
        (GetMetricHistory(run_id="r"), "required parameter 'metric_key'"),
        (GetMetricHistory(run_id="r", metric_key="m", max_results=0), "must be a positive integer"),
        (GetMetricHistory(run_id="r", metric_key="m", page_token="zz"), "Invalid page token"),
        (GetMetricHistory(run_id="r", metric_key="m", page_token="W10="), "Invalid page token"),
        (GetMetricHistory(run_id="r", metric_key="m", page_token="ü"), "Invalid page token"),
    ],
)
def test_bad_history_requests_are_refused(backend: EmbeddedBackend, request_: GetMetricHistory, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        backend.call(request_)


def slices(backend: EmbeddedBackend, request: GetMetricSlices) -> list[Slice]:
    return backend.call(request).slices


def test_few_points_come_as_they_are(backend: EmbeddedBackend, run_id: str) -> None:
    log(backend, run_id, [("m", math.nan, 1, 0), ("m", math.inf, 2, 1), ("m", 3.0, 3, 2)])
    (found,) = slices(backend, GetMetricSlices(run_ids=[run_id], width=2))
    expected = Slice(run_id=run_id, key="m", total=3, steps=[0, 1, 2], times=[1, 2, 3], values=["NaN", "Infinity", 3.0])
    assert found == expected


@settings(max_examples=40, deadline=None)
@given(
    series=st.lists(st.tuples(st.integers(0, 200), st.floats(-100, 100) | st.just(math.nan)), min_size=1, max_size=150),
    width=st.integers(1, 20),
    bounds=st.tuples(st.integers(-5, 205), st.integers(-5, 205)),
)
def test_many_points_keep_their_peaks(series: list[tuple[int, float]], width: int, bounds: tuple[int, int]) -> None:
    with TemporaryDirectory() as folder:
        backend = EmbeddedBackend(folder, Store(Path(folder) / "s.db", synchronous="NORMAL"), Path(folder))
        run_id = backend.call(CreateRun()).run.info.run_id
        log(backend, run_id, [("m", value, time, step) for time, (step, value) in enumerate(series)])
        start, end = min(bounds), max(bounds)
        (found,) = slices(backend, GetMetricSlices(run_ids=[run_id], start=start, end=end, width=width))
        # SQLite keeps no sign of zero: -0.0 comes back as the equal 0.0, and adding 0.0 makes one of the other here too.
        inside = [(step, time, value + 0.0) for time, (step, value) in enumerate(series) if start <= step <= end]
        shown = list(zip(found.steps, found.times, map(as_number, found.values), strict=True))
        assert found.total == len(inside)
        assert len(shown) <= 2 * width
        assert [point[:2] for point in shown] == sorted(point[:2] for point in shown)
        assert {str(point) for point in shown} <= {str(point) for point in inside}
        if len(inside) <= 2 * width:
            assert [point[:2] for point in shown] == sorted(point[:2] for point in inside)
        numbers = [value for _, _, value in inside if not math.isnan(value)]
        if numbers:
            seen = [value for _, _, value in shown if not math.isnan(value)]
            assert (min(seen), max(seen)) == (min(numbers), max(numbers))
        backend.close()


def test_points_of_one_step_are_divided_by_time(backend: EmbeddedBackend, run_id: str) -> None:
    log(backend, run_id, [("m", float(time % 10), time, 0) for time in range(100)])
    (found,) = slices(backend, GetMetricSlices(run_ids=[run_id], width=10))
    assert (found.total, len(found.times)) == (100, 20)
    assert set(found.values) == {0.0, 9.0}


def test_slices_are_of_the_runs_and_keys_asked_for(backend: EmbeddedBackend, run_id: str) -> None:
    other = backend.call(CreateRun()).run.info.run_id
    log(backend, run_id, [("a", 1.0, 1, 1), ("b", 1.0, 1, 1)])
    log(backend, other, [("a", 2.0, 1, 1)])
    found = slices(backend, GetMetricSlices(run_ids=[run_id, other], keys=["a", "unknown"]))
    assert [(part.run_id, part.key, part.values) for part in found] == [(run_id, "a", [1.0]), (other, "a", [2.0])]
    assert len(slices(backend, GetMetricSlices(run_ids=[run_id, other]))) == 3
    with pytest.raises(NotFound, match="Run with id=nope not found"):
        backend.call(GetMetricSlices(run_ids=["nope"]))
    with pytest.raises(InvalidInput, match="'width' is 0"):
        backend.call(GetMetricSlices(run_ids=[run_id], width=0))
    with pytest.raises(InvalidInput, match="1001 runs were asked for at once"):
        backend.call(GetMetricSlices(run_ids=[run_id] * 1001))


def test_a_chart_of_too_much_is_refused(backend: EmbeddedBackend, run_id: str) -> None:
    log(backend, run_id, [(f"m{number}", 1.0, 1, 1) for number in range(201)])
    with pytest.raises(InvalidInput, match="201 metrics with 201 points, 10000 pixels wide, were asked for at once"):
        backend.call(GetMetricSlices(run_ids=[run_id], width=10_000))


def test_keys_are_those_of_the_experiments(backend: EmbeddedBackend, run_id: str) -> None:
    backend.call(CreateExperiment(name="e"))
    other = backend.call(CreateRun(experiment_id="1")).run.info.run_id
    log(backend, run_id, [("m2", 1.0, 1, 1), ("m1", 1.0, 1, 1)])
    backend.call(LogBatch(run_id=other, params=[Param(key="p", value="1")], tags=[Tag(key="t", value="1")]))
    found = backend.call(ListKeys(experiment_ids=["0"]))
    assert (found.metrics, found.params, found.tags) == (["m1", "m2"], [], ["mlflow.runName"])
    found = backend.call(ListKeys(experiment_ids=["0", "1"]))
    assert (found.metrics, found.params, found.tags) == (["m1", "m2"], ["p"], ["mlflow.runName", "t"])
