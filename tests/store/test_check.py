"""Checking databases, and making summaries anew."""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from solvent.backend.embedded import EmbeddedBackend
from solvent.store import check
from solvent.store.store import Store
from solvent.store.transaction import Row
from solvent.wire.metrics import Metric
from solvent.wire.runs import CreateRun, LogBatch, LogMetric

NUMBERS = st.one_of(
    st.floats(-1e6, 1e6), st.floats(allow_nan=False), st.sampled_from(["NaN", "Infinity", "-Infinity", 0.0, -0.0])
)
POINTS = st.lists(st.tuples(st.sampled_from("ab"), NUMBERS, st.integers(-3, 3), st.integers(0, 3)), max_size=30)


def new_run(backend: EmbeddedBackend) -> str:
    return backend.call(CreateRun(experiment_id="0")).run.info.run_id


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(POINTS, max_size=4))
def test_what_the_store_keeps_agrees(
    backend: EmbeddedBackend, batches: list[list[tuple[str, float | str, int, int]]]
) -> None:
    """And what a repair makes of it says the same, but for the order in which the points came."""
    run_id = new_run(backend)
    for points in batches:
        metrics = [Metric(key=key, value=value, step=step, timestamp=time) for key, value, step, time in points]
        backend.call(LogBatch(run_id=run_id, metrics=metrics))
    finding, wrong = backend.store.snapshot(check.summaries)
    assert (finding.problems, wrong) == (0, [])
    everything = [check.Summary(row[0], row[1], "") for row in kept(backend.store)]
    backend.store.maintain(partial(check.repair, wrong=everything))
    assert backend.store.snapshot(check.summaries)[1] == []


def kept(store: Store) -> list[Row]:
    return store.snapshot(lambda tx: tx.all("SELECT * FROM metric_summaries ORDER BY run_id, key_id"))


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        ("UPDATE metric_summaries SET count = count + 1", "count is 3, the summary says 4"),
        ("UPDATE metric_summaries SET maximum = 9", "maximum is 2.0, the summary says 9.0"),
        ("UPDATE metric_summaries SET total = 0", "total is 3.0, the summary says 0.0"),
        ("UPDATE metric_summaries SET step = 1", "the latest point is"),
        ("DELETE FROM metric_summaries", "it has points and no summary"),
        ("DELETE FROM metrics", "it has a summary and no points"),
        ("INSERT INTO metrics SELECT run_id, key_id, step + 9, 0, 5, 0 FROM metrics LIMIT 1", "count is 4"),
    ],
)
def test_wrong_summaries_are_found_and_repaired(backend: EmbeddedBackend, damage: str, reason: str) -> None:
    run_id = new_run(backend)
    for step in range(3):
        backend.call(LogMetric(run_id=run_id, key="loss", value=float(step), timestamp=step + 1, step=step))
    sound = kept(backend.store)
    backend.store.maintain(lambda tx: tx.execute(damage))
    finding, wrong = backend.store.snapshot(check.summaries)
    assert finding.problems == 1
    assert finding.examples[0].startswith(f"run {run_id}, metric 'loss': {reason}")
    assert backend.store.maintain(partial(check.repair, wrong=wrong)) == 1
    assert backend.store.snapshot(check.summaries)[0].problems == 0
    if "metric_summaries" in damage:
        assert [row[:-1] for row in kept(backend.store)] == [row[:-1] for row in sound]


def test_missing_references_and_wrong_experiments_are_found(backend: EmbeddedBackend) -> None:
    run_id = new_run(backend)
    looks = (check.integrity, check.references, check.experiments_of_values)
    assert [backend.store.snapshot(look).problems for look in looks] == [0, 0, 0]
    backend.store.maintain(lambda tx: tx.execute("UPDATE tags SET experiment_id = 7"))
    assert backend.store.snapshot(check.experiments_of_values).examples == [
        "1 rows of tags name another experiment than their run's"
    ]
    backend.store.maintain(lambda tx: tx.execute("DELETE FROM runs WHERE uuid = ?", (run_id,)))
    finding = backend.store.snapshot(check.references)
    assert finding.problems == 1
    assert "refers to a missing runs" in finding.examples[0]
