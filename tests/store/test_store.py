"""Writes in groups: outcomes are isolated, failures of the disk fail all, and what is remembered is never stale."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from solvent.errors import InvalidInput, NotFound, SolventError
from solvent.store.errors import StoreBusy, StoreFull, StoreGone, StoreTooNew
from solvent.store.operations import operation_of
from solvent.store.store import MOST_UNSAVED, Job, Store
from solvent.store.transaction import Transaction
from solvent.tracking.logging import log_metric
from solvent.tracking.metrics import get_metric_history
from solvent.tracking.runs import create_run, delete_run, get_run, restore_run, set_tag
from solvent.wire.base import Empty, Request
from solvent.wire.metrics import GetMetricHistory
from solvent.wire.runs import CreateRun, DeleteRun, GetRun, LogBatch, LogMetric, LogParam, RestoreRun, SetTag


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "s.db", synchronous="NORMAL")
    yield opened
    opened.close()


def job(request: Request[Empty]) -> Job:
    operation = operation_of(type(request))
    assert operation is not None
    return Job(operation.run, request)


def new_run(store: Store) -> str:
    return store.write(create_run, CreateRun()).run.info.run_id


def tags(store: Store, run_id: str) -> dict[str, str]:
    return {tag.key: tag.value for tag in store.read(get_run, GetRun(run_id=run_id)).run.data.tags}


def test_a_bad_job_fails_alone(store: Store) -> None:
    run_id = new_run(store)
    outcomes = store.write_group(
        [
            job(SetTag(run_id=run_id, key="a", value="1")),
            job(SetTag(run_id="nope", key="b", value="1")),
            job(LogParam(run_id=run_id, key="p", value="1")),
            job(LogParam(run_id=run_id, key="p", value="2")),
            job(SetTag(run_id=run_id, key="c", value="1")),
        ]
    )
    kinds = [type(outcome) for outcome in outcomes]
    assert kinds == [Empty, NotFound, Empty, InvalidInput, Empty]
    assert tags(store, run_id).keys() == {"mlflow.runName", "a", "c"}


def test_a_job_that_fails_midway_leaves_nothing_in_rows_or_memory(store: Store) -> None:
    run_id = new_run(store)

    def half(tx: Transaction, request: SetTag) -> Empty:
        set_tag(tx, request)
        raise RuntimeError("a defect")

    first = SetTag(run_id=run_id, key="never-seen-before", value="1")
    again = SetTag(run_id=run_id, key="never-seen-before", value="2")
    outcomes = store.write_group([Job(half, first), job(again), Job(half, first)])
    assert [type(outcome) for outcome in outcomes] == [RuntimeError, Empty, RuntimeError]
    assert tags(store, run_id)["never-seen-before"] == "2"


def test_a_defect_in_sql_fails_alone_and_in_one_line(store: Store) -> None:
    def twice(tx: Transaction, request: SetTag) -> Empty:
        tx.insert("INSERT INTO experiments (id, name, artifact_location, created, updated) VALUES (0, '', '', 0, 0)")
        return Empty()

    run_id = new_run(store)
    good = SetTag(run_id=run_id, key="k", value="1")
    outcomes = store.write_group([Job(twice, good), job(good)])
    assert isinstance(outcomes[0], SolventError)
    assert isinstance(outcomes[1], Empty)


def test_a_full_disk_fails_the_whole_group_and_leaves_the_store_sound(store: Store) -> None:
    run_id = new_run(store)
    (pages,) = store._connection.execute("PRAGMA page_count").fetchone()
    store._connection.execute(f"PRAGMA max_page_count = {pages + 4}")
    small = SetTag(run_id=run_id, key="small", value="1")
    large = [SetTag(run_id=run_id, key=f"k{number}", value="x" * 8000) for number in range(20)]
    outcomes = store.write_group([job(small), *map(job, large)])
    assert {type(outcome) for outcome in outcomes} == {StoreFull}
    assert "no room left on the disk that holds" in str(outcomes[0])
    assert tags(store, run_id).keys() == {"mlflow.runName"}
    store._connection.execute("PRAGMA max_page_count = 1000000")
    assert store.write(set_tag, small) == Empty()
    assert tags(store, run_id)["small"] == "1"


def test_a_commit_that_fails_fails_all(store: Store) -> None:
    """A constraint that SQLite checks only at COMMIT stands for any failure there."""
    run_id = new_run(store)

    def broken(tx: Transaction, request: SetTag) -> Empty:
        tx.execute("PRAGMA defer_foreign_keys = ON")
        tx.execute("INSERT INTO run_models (run_id, model_uuid, output) VALUES (999999, 'm', 0)")
        return Empty()

    good = SetTag(run_id=run_id, key="fresh", value="1")
    outcomes = store.write_group([job(good), Job(broken, good)])
    assert all(isinstance(outcome, SolventError) for outcome in outcomes)
    assert "fresh" not in tags(store, run_id)
    assert store.write(set_tag, good) == Empty()
    assert tags(store, run_id)["fresh"] == "1"


def test_an_interrupt_leaves_nothing_half_done(store: Store) -> None:
    run_id = new_run(store)

    def interrupted(tx: Transaction, request: SetTag) -> Empty:
        set_tag(tx, request)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.write(interrupted, SetTag(run_id=run_id, key="k", value="1"))
    assert "k" not in tags(store, run_id)
    store.write(set_tag, SetTag(run_id=run_id, key="k", value="2"))
    assert tags(store, run_id)["k"] == "2"


def test_two_stores_on_one_file_see_each_others_changes(store: Store) -> None:
    other = Store(store.path, synchronous="NORMAL")
    run_id = new_run(store)
    for number, (one, two) in enumerate([(store, other), (other, store)] * 3):
        one.write(set_tag, SetTag(run_id=run_id, key=f"k{number}", value="1"))
        two.write(set_tag, SetTag(run_id=run_id, key=f"k{number}", value="2"))
        one.write(delete_run, DeleteRun(run_id=run_id))
        with pytest.raises(InvalidInput, match="Current state is deleted"):
            two.write(log_metric, LogMetric(run_id=run_id, key="m", value=1.0, timestamp=1))
        two.write(restore_run, RestoreRun(run_id=run_id))
        one.write(log_metric, LogMetric(run_id=run_id, key=f"m{number}", value=1.0, timestamp=1))
    assert {value for key, value in tags(other, run_id).items() if key != "mlflow.runName"} == {"2"}
    other.close()


def test_who_waits_too_long_is_told_so(store: Store) -> None:
    store._connection.execute("PRAGMA busy_timeout = 10")
    holder = sqlite3.connect(store.path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreBusy, match="held by another process for too long"):
        new_run(store)
    holder.execute("ROLLBACK")
    holder.close()
    assert new_run(store)


def test_reads_do_not_wait_for_a_writer(store: Store) -> None:
    run_id = new_run(store)
    holder = sqlite3.connect(store.path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    assert tags(store, run_id).keys() == {"mlflow.runName"}
    holder.execute("ROLLBACK")
    holder.close()


def test_a_file_that_was_taken_away_is_noticed(store: Store, tmp_path: Path) -> None:
    run_id = new_run(store)
    store.path.rename(tmp_path / "moved.db")
    with pytest.raises(StoreGone, match="was moved, removed or replaced while it was open"):
        store.write(set_tag, SetTag(run_id=run_id, key="k", value="1"))


def test_numbers_and_texts_that_sqlite_cannot_hold_are_refused(store: Store) -> None:
    with pytest.raises(InvalidInput):
        store.write(delete_run, DeleteRun(run_id="\ud800"))
    with pytest.raises(InvalidInput):
        store.read(get_run, GetRun(run_id="\ud800"))


def test_readers_of_ended_threads_are_closed(store: Store) -> None:
    run_id = new_run(store)
    for _ in range(5):
        thread = threading.Thread(target=tags, args=(store, run_id))
        thread.start()
        thread.join()
    assert len(store._readers) <= 2


def test_many_threads_write_and_read_at_once(store: Store) -> None:
    run_id = new_run(store)

    def work(number: int) -> None:
        for step in range(20):
            store.write(log_metric, LogMetric(run_id=run_id, key=f"m{number}", value=1.0, timestamp=step, step=step))
            tags(store, run_id)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    data = store.read(get_run, GetRun(run_id=run_id)).run.data
    assert {metric.key: metric.step for metric in data.metrics} == {f"m{number}": 19 for number in range(8)}


def test_every_request_that_writes_is_known_as_such() -> None:
    for request in (CreateRun, LogBatch, LogMetric, SetTag, DeleteRun):
        operation = operation_of(request)
        assert operation is not None
        assert operation.writes
    history = operation_of(GetMetricHistory)
    assert history is not None
    assert not history.writes


def point(run_id: str, step: int) -> Job:
    return job(LogMetric(run_id=run_id, key="m", value=1.0, timestamp=1, step=step))


def steps(store: Store, run_id: str) -> list[int | None]:
    history = store.read(get_metric_history, GetMetricHistory(run_id=run_id, metric_key="m")).metrics
    return [metric.step for metric in history]


def test_a_group_at_once_is_like_any_group(store: Store) -> None:
    run_id = new_run(store)
    outcomes = store.write_at_once([point(run_id, 1), point("none", 2), job(LogBatch(run_id=run_id)), point(run_id, 3)])
    assert outcomes is not None
    assert [type(outcome) for outcome in outcomes] == [Empty, NotFound, Empty, Empty]
    assert steps(store, run_id) == [1, 3]


def test_at_once_never_waits_for_another_process(store: Store, tmp_path: Path) -> None:
    run_id = new_run(store)
    assert store.write_at_once([point(run_id, 0)]) is not None
    other = sqlite3.connect(tmp_path / "s.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    begun = time.monotonic()
    assert store.write_at_once([point(run_id, 1)]) is None
    assert time.monotonic() - begun < 1
    threading.Timer(0.3, lambda: other.execute("ROLLBACK")).start()
    (outcome,) = store.write_group([point(run_id, 2)])  # who may wait does
    assert isinstance(outcome, Empty)
    assert steps(store, run_id) == [0, 2]
    other.close()


def test_at_once_never_waits_for_another_thread(store: Store) -> None:
    run_id = new_run(store)
    with store._lock:
        assert store.write_at_once([point(run_id, 1)]) is None
    assert steps(store, run_id) == []


def test_what_is_synced_is_not_written_at_once(tmp_path: Path) -> None:
    store = Store(tmp_path / "full.db", synchronous="FULL")
    run_id = new_run(store)
    assert store.write_at_once([point(run_id, 1)]) is None
    assert steps(store, run_id) == []
    store.close()


def test_the_log_is_brought_home_by_who_may_wait(store: Store, tmp_path: Path) -> None:
    run_id, log, step = new_run(store), tmp_path / "s.db-wal", 0
    for _ in range(3):
        while store.write_at_once([point(run_id, step)]) is not None:
            step += 1
        assert isinstance(store.write_group([point(run_id, step)])[0], Empty)
        step += 1
    assert log.stat().st_size < 3 * 4096 * MOST_UNSAVED / 20 * 6, "the log was never begun anew"
    assert steps(store, run_id) == list(range(step))
    assert step < 3 * (MOST_UNSAVED / 20 + 2)


def test_a_commit_at_once_that_fails_fails_all(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    run_id = new_run(store)

    def fail(_: Transaction) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    with monkeypatch.context() as broken:
        broken.setattr("solvent.store.changes.write", fail)
        outcomes = store.write_at_once([point(run_id, 1), point(run_id, 2)])
    assert outcomes is not None
    assert all(isinstance(outcome, SolventError) for outcome in outcomes)
    assert store.write_at_once([point(run_id, 3)]) is not None
    assert steps(store, run_id) == [3]


def test_a_store_that_a_newer_solvent_has_migrated_meanwhile_is_not_written_to(store: Store) -> None:
    newer = sqlite3.connect(store.path)
    newer.execute("PRAGMA user_version = 999")
    newer.close()

    with pytest.raises(StoreTooNew, match="schema version 999"):
        store.write(create_run, CreateRun())
