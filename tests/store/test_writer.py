"""The group writer: many submitters, one thread, answers after the commit."""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path

import pytest

from solvent.errors import NotFound, Unavailable
from solvent.store.store import Job, Outcome, Store
from solvent.store.writer import GroupWriter
from solvent.tracking.logging import log_metric
from solvent.tracking.metrics import get_metric_history
from solvent.tracking.runs import create_run
from solvent.wire.base import Empty
from solvent.wire.metrics import GetMetricHistory
from solvent.wire.runs import CreateRun, LogMetric


class Box:
    """Outcomes by ticket."""

    def __init__(self) -> None:
        self.outcomes: dict[int, Outcome] = {}
        self.groups: list[int] = []

    def deliver(self, answers: list[tuple[int, Outcome]]) -> None:
        self.groups.append(len(answers))
        self.outcomes.update(answers)


def metric(run_id: str, step: int) -> Job:
    return Job(log_metric, LogMetric(run_id=run_id, key="m", value=1.0, timestamp=step, step=step))


def steps(store: Store, run_id: str) -> list[int | None]:
    history = store.read(get_metric_history, GetMetricHistory(run_id=run_id, metric_key="m")).metrics
    return [point.step for point in history]


def test_each_submitter_gets_its_own_outcome(tmp_path: Path) -> None:
    store, box = Store(tmp_path / "s.db", synchronous="NORMAL"), Box()
    run_id = store.write(create_run, CreateRun()).run.info.run_id
    writer = GroupWriter(store, box.deliver)

    def submit(first: int) -> None:
        for ticket in range(first, 400, 4):
            writer.submit(metric("nope" if ticket % 7 == 0 else run_id, ticket), ticket)

    threads = [threading.Thread(target=submit, args=(first,)) for first in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    writer.close()
    assert box.outcomes.keys() == set(range(400))
    for ticket, outcome in box.outcomes.items():
        assert type(outcome) is (NotFound if ticket % 7 == 0 else Empty)
    assert steps(store, run_id) == [step for step in range(400) if step % 7]
    store.close()


def test_what_waits_together_is_committed_together(tmp_path: Path) -> None:
    store, box = Store(tmp_path / "s.db", synchronous="NORMAL"), Box()
    run_id = store.write(create_run, CreateRun()).run.info.run_id
    with store._lock:  # the writer can't begin while this is held
        writer = GroupWriter(store, box.deliver)
        for ticket in range(600):
            writer.submit(metric(run_id, ticket), ticket)
    writer.close()
    assert sum(box.groups) == 600
    assert len(box.groups) <= 4
    assert len(steps(store, run_id)) == 600
    store.close()


def test_a_delivery_that_fails_does_not_stop_the_writer(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    store = Store(tmp_path / "s.db", synchronous="NORMAL")
    run_id = store.write(create_run, CreateRun()).run.info.run_id
    delivered = threading.Event()

    def deliver(answers: list[tuple[int, Outcome]]) -> None:
        delivered.set()
        raise RuntimeError("a client went away")

    writer = GroupWriter(store, deliver)
    with caplog.at_level(logging.ERROR):
        writer.submit(metric(run_id, 1), 1)
        assert delivered.wait(10)
        writer.submit(metric(run_id, 2), 2)
        writer.close()
    assert steps(store, run_id) == [1, 2]
    assert "could not be delivered" in caplog.text
    store.close()


def test_a_closed_writer_takes_nothing(tmp_path: Path) -> None:
    store, box = Store(tmp_path / "s.db", synchronous="NORMAL"), Box()
    writer = GroupWriter(store, box.deliver)
    writer.close()
    with pytest.raises(Unavailable, match="shutting down"):
        writer.submit(metric("r", 1), 1)
    store.close()


def test_a_writer_is_idle_when_all_is_delivered(tmp_path: Path) -> None:
    store, box = Store(tmp_path / "s.db", synchronous="NORMAL"), Box()
    run_id = store.write(create_run, CreateRun()).run.info.run_id
    writer = GroupWriter(store, box.deliver)
    assert writer.idle
    with store._lock:
        writer.submit(metric(run_id, 1), 1)
        assert not writer.idle
        time.sleep(0.05)  # it has been taken, and waits for the lock
        assert not writer.waiting
        assert not writer.idle
    for _ in range(1_000):
        if writer.idle:
            break
        time.sleep(0.01)
    assert box.outcomes.keys() == {1}
    writer.close()
    assert not writer.idle, "nothing more may come"
    store.close()
