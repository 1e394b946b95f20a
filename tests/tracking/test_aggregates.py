"""Groups of runs, compared with Python's statistics."""

from __future__ import annotations

import math
import statistics
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvent.backend.embedded import EmbeddedBackend
from solvent.errors import InvalidInput
from solvent.store.store import Store
from solvent.wire.aggregates import AggregateRuns, MetricAggregate, RunGroup
from solvent.wire.experiments import Tag
from solvent.wire.metrics import Metric
from solvent.wire.runs import CreateRun, DeleteRun, LogBatch, Param, UpdateRun

Described = tuple[str | None, str | None, float | None]


def make(backend: EmbeddedBackend, model: str | None, team: str | None, loss: float | str | None) -> str:
    run_id = backend.call(CreateRun(experiment_id="0")).run.info.run_id
    backend.call(
        LogBatch(
            run_id=run_id,
            params=[Param(key="model", value=model)] if model is not None else [],
            tags=[Tag(key="team", value=team)] if team is not None else [],
            metrics=[Metric(key="loss", value=loss, timestamp=1, step=1)] if loss is not None else [],
        )
    )
    return run_id


names = st.none() | st.sampled_from(["a", "b"])
numbers = st.none() | st.floats(-1e6, 1e6) | st.sampled_from([1e12, 1e12 + 1, math.nan])


@settings(max_examples=40, deadline=None)
@given(described=st.lists(st.tuples(names, names, numbers), max_size=20))
def test_groups_agree_with_a_model(described: list[Described]) -> None:
    with TemporaryDirectory() as folder:
        backend = EmbeddedBackend(folder, Store(Path(folder) / "s.db", synchronous="NORMAL"), Path(folder))
        for model, team, loss in described:
            make(backend, model, team, "NaN" if loss is not None and math.isnan(loss) else loss)
        asked = AggregateRuns(experiment_ids=["0"], group_by=["params.model", "tags.team"], metrics=["metrics.loss"])
        answer = backend.call(asked)
        backend.close()
    groups: dict[tuple[str | None, str | None], list[float | None]] = {}
    for model, team, loss in described:
        groups.setdefault((model, team), []).append(loss)
    assert not answer.truncated
    assert [group.count for group in answer.groups] == sorted((group.count for group in answer.groups), reverse=True)
    assert {tuple(group.values) for group in answer.groups} == set(groups)
    for group in answer.groups:
        members = groups[tuple(group.values)]  # type: ignore[index]
        known = [loss for loss in members if loss is not None and not math.isnan(loss)]
        (found,) = group.metrics
        assert (group.count, found.count) == (len(members), len(known))
        if known:
            assert (found.min, found.max) == (min(known), max(known))
            assert found.mean == pytest.approx(statistics.fmean(known), rel=1e-9, abs=1e-9)
        if len(known) > 1:
            assert found.stddev == pytest.approx(statistics.stdev(known), rel=1e-6, abs=1e-6)
        else:
            assert found.stddev is None


def test_without_keys_there_is_one_group_of_all_that_match(backend: EmbeddedBackend) -> None:
    for loss in (1.0, 2.0, 3.0):
        make(backend, "a", None, loss)
    backend.call(DeleteRun(run_id=make(backend, "a", None, 9.0)))
    asked = AggregateRuns(experiment_ids=["0"], filter="metrics.loss > 1", metrics=["metrics.loss.max"])
    measured = MetricAggregate(key="metrics.loss.max", count=2, mean=2.5, stddev=math.sqrt(0.5), min=2.0, max=3.0)
    assert backend.call(asked).groups == [RunGroup(values=[], count=2, metrics=[measured])]
    assert backend.call(AggregateRuns(experiment_ids=["0"], filter="metrics.loss > 7")).groups == []
    assert backend.call(AggregateRuns()).groups == []


def test_attributes_group_too_and_groups_are_bounded(backend: EmbeddedBackend) -> None:
    runs = [make(backend, str(number), None, None) for number in range(4)]
    backend.call(UpdateRun(run_id=runs[0], status="FAILED"))
    by_status = backend.call(AggregateRuns(experiment_ids=["0"], group_by=["status"]))
    assert [(group.values, group.count) for group in by_status.groups] == [(["RUNNING"], 3), (["FAILED"], 1)]
    bounded = backend.call(AggregateRuns(experiment_ids=["0"], group_by=["params.model"], max_groups=3))
    assert ([group.values for group in bounded.groups], bounded.truncated) == ([["0"], ["1"], ["2"]], True)


def test_an_infinite_number_has_no_spread(backend: EmbeddedBackend) -> None:
    for loss in ("Infinity", 1.0):
        make(backend, None, None, loss)
    (group,) = backend.call(AggregateRuns(experiment_ids=["0"], metrics=["metrics.loss"])).groups
    (found,) = group.metrics
    assert (found.mean, found.stddev, found.min, found.max) == ("Infinity", "NaN", 1.0, "Infinity")


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (AggregateRuns(group_by=["metrics.loss"]), "'group_by' takes an attribute or params.<key> or tags.<key>"),
        (AggregateRuns(group_by=["text"]), "'group_by' takes"),
        (AggregateRuns(group_by=["params.a DESC"]), "Invalid group_by, character 10: expected one key"),
        (AggregateRuns(group_by=["what"]), "runs have no attribute 'what'"),
        (AggregateRuns(group_by=["params.a"] * 6), "at most 5"),
        (AggregateRuns(metrics=["params.a"]), "'metrics' takes metrics.<key>"),
        (AggregateRuns(metrics=["metrics.a"] * 51), "at most 50"),
        (AggregateRuns(max_groups=0), "ask for 1 to 1000"),
    ],
)
def test_bad_requests_are_refused(backend: EmbeddedBackend, asked: AggregateRuns, message: str) -> None:
    with pytest.raises(InvalidInput, match=message.replace("(", r"\(")):
        backend.call(asked)
