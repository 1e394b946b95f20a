"""The log of changes: every write is told once, in few and small pieces."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from solvent.backend.embedded import EmbeddedBackend
from solvent.errors import InvalidInput, NotFound
from solvent.store import changes
from solvent.store.store import Store
from solvent.tracking import changes as use_case
from solvent.wire.base import Request
from solvent.wire.changes import Change, ChangesResponse, GetChanges
from solvent.wire.datasets import Dataset, DatasetInput
from solvent.wire.experiments import CreateExperiment, DeleteExperiment, SetExperimentTag, Tag
from solvent.wire.ingest import EndRecord, Ingest, MetricRecord, RunRecord
from solvent.wire.metrics import Metric
from solvent.wire.runs import (
    CreateRun,
    DeleteRun,
    DeleteTag,
    LogBatch,
    LogInputs,
    LogMetric,
    LogParam,
    Param,
    SetTag,
    UpdateRun,
)


class Watcher:
    """Asks again from where the last answer ended."""

    def __init__(self, backend: EmbeddedBackend, **only: list[str]) -> None:
        self.backend, self.only = backend, only
        self.last = backend.call(GetChanges(**only)).last  # type: ignore[arg-type]

    def look(self) -> ChangesResponse:
        answer = self.backend.call(GetChanges(after=self.last, **self.only))
        self.last = answer.last
        return answer

    def changes(self) -> list[Change]:
        answer = self.look()
        assert not answer.reset
        return answer.changes


def extent(backend: EmbeddedBackend) -> tuple[int, int]:
    """The first and the last number in the log."""
    with sqlite3.connect(backend.store.path) as connection:
        first, last = connection.execute("SELECT min(id), max(id) FROM changes").fetchone()
    connection.close()
    return first, last


def point(key: str, step: int, value: float | str = 1.0) -> Metric:
    return Metric(key=key, value=value, timestamp=step, step=step)


def test_a_write_tells_the_newest_values_of_what_it_wrote(backend: EmbeddedBackend, run_id: str) -> None:
    backend.call(LogBatch(run_id=run_id, metrics=[point("old", 1)], tags=[Tag(key="old", value="1")]))
    watcher = Watcher(backend)
    metrics = [point("loss", 2, 0.5), point("loss", 1, 0.9), point("bad", 3, "NaN")]
    backend.call(LogBatch(run_id=run_id, metrics=metrics, params=[Param(key="lr", value="0.1")]))
    backend.call(SetTag(run_id=run_id, key="team", value="vision"))
    (change,) = watcher.changes()
    assert (change.experiment_id, change.run_id, change.run_name) == ("0", run_id, "first")
    assert change.kinds == ["metrics", "params", "tags"]
    assert {(m.key, m.value, m.step) for m in change.metrics} == {("loss", 0.5, 2), ("bad", "NaN", 3)}
    assert [(param.key, param.value) for param in change.params] == [("lr", "0.1")]
    assert [(tag.key, tag.value) for tag in change.tags] == [("team", "vision")]
    assert not change.partial
    assert watcher.changes() == []


@pytest.mark.parametrize(
    ("write", "kind"),
    [
        (LogMetric(run_id="r", key="m", value=1.0, timestamp=1), "metrics"),
        (LogParam(run_id="r", key="p", value="1"), "params"),
        (SetTag(run_id="r", key="t", value="1"), "tags"),
        (DeleteTag(run_id="r", key="mlflow.runName"), "tags"),
        (UpdateRun(run_id="r", status="FINISHED", end_time=5), "info"),
        (DeleteRun(run_id="r"), "info"),
        (LogInputs(run_id="r", datasets=[DatasetInput(dataset=Dataset(name="d", digest="1", source_type="l", source="x"))]), "inputs"),
        (Ingest(spool="s", offset=0, records=[MetricRecord(run_id="r", key="m", value=1.0, timestamp=1)]), "metrics"),
        (Ingest(spool="s", offset=0, records=[EndRecord(run_id="r", status="FAILED", end_time=7)]), "info"),
    ],
)  # fmt: skip
def test_every_write_to_a_run_is_told(backend: EmbeddedBackend, write: Request, kind: str) -> None:  # type: ignore[type-arg]
    backend.call(CreateRun(experiment_id="0", run_id="r"))
    watcher = Watcher(backend)
    backend.call(write)
    (change,) = watcher.changes()
    assert change.kinds == [kind]
    assert change.run_id == "r"


def test_new_runs_and_experiments_are_told(backend: EmbeddedBackend) -> None:
    watcher = Watcher(backend)
    made = backend.call(CreateExperiment(name="new")).experiment_id
    backend.call(Ingest(spool="s", offset=0, records=[RunRecord(run_id="r", experiment_id=made, start_time=1)]))
    backend.call(SetExperimentTag(experiment_id=made, key="a", value="1"))
    found = {change.run_id: change for change in watcher.changes()}
    assert found[None].kinds == ["info", "tags"]
    assert found["r"].experiment_id == made
    assert found["r"].kinds == ["info", "tags"]
    backend.call(DeleteExperiment(experiment_id=made))
    assert [(change.run_id, change.kinds) for change in watcher.changes()] == [(None, ["info"])]


def test_status_and_end_come_with_the_change(backend: EmbeddedBackend, run_id: str) -> None:
    watcher = Watcher(backend)
    backend.call(UpdateRun(run_id=run_id, status="FAILED", end_time=9))
    backend.call(DeleteRun(run_id=run_id))
    (change,) = watcher.changes()
    assert (change.status, change.end_time, change.lifecycle_stage) == ("FAILED", 9, "deleted")


def test_one_may_watch_some_experiments_or_runs_alone(backend: EmbeddedBackend, run_id: str) -> None:
    other = backend.call(CreateExperiment(name="other")).experiment_id
    theirs = backend.call(CreateRun(experiment_id=other)).run.info.run_id
    here, there = Watcher(backend, experiment_ids=["0"]), Watcher(backend, experiment_ids=[other])
    one, nobody = Watcher(backend, run_ids=[run_id]), Watcher(backend, run_ids=["nobody"])
    for run in (run_id, theirs):
        backend.call(SetTag(run_id=run, key="t", value="1"))
    assert [change.run_id for change in here.changes()] == [run_id]
    assert [change.run_id for change in there.changes()] == [theirs]
    assert [change.run_id for change in one.changes()] == [run_id]
    assert nobody.changes() == []


def test_a_refused_write_is_not_told(backend: EmbeddedBackend, run_id: str) -> None:
    watcher = Watcher(backend)
    with pytest.raises(NotFound):
        backend.call(SetTag(run_id="nobody", key="t", value="1"))
    with pytest.raises(InvalidInput):
        backend.call(LogMetric(run_id=run_id, key="m"))
    assert watcher.changes() == []


def test_another_process_would_see_it_too(backend: EmbeddedBackend, run_id: str) -> None:
    other = EmbeddedBackend("", Store(backend.store.path), backend.artifact_folder)
    watcher, version = Watcher(other), other.store.version()
    assert other.store.version() == version
    backend.call(SetTag(run_id=run_id, key="t", value="1"))
    assert other.store.version() != version
    assert [change.run_id for change in watcher.changes()] == [run_id]
    other.close()


def test_keys_that_follow_each_other_take_no_room(backend: EmbeddedBackend, run_id: str) -> None:
    """Names are numbered as they first come, so that those of a run mostly lie side by side."""
    names = [f"m{number:03}" for number in range(60)]
    for name in names:
        backend.call(LogMetric(run_id=run_id, key=name, value=0.0, timestamp=0, step=0))
    watcher = Watcher(backend)
    for some in (names[:50], names[::2], [names[3], *names[10:20], names[40], names[41]]):
        backend.call(LogBatch(run_id=run_id, metrics=[point(name, 1 + len(some)) for name in some]))
        (change,) = watcher.changes()
        assert sorted(metric.key for metric in change.metrics) == sorted(some)
    texts = [row[0] for row in backend.store.snapshot(lambda tx: tx.all("SELECT keys FROM changes ORDER BY id"))]
    assert len(texts[-3]) < 8
    assert texts[-1].count(",") == 2


def test_many_keys_are_not_listed_but_said_to_be_many(backend: EmbeddedBackend, run_id: str) -> None:
    watcher = Watcher(backend)
    backend.call(LogBatch(run_id=run_id, metrics=[point(f"m{i}", 1) for i in range(changes.MAX_KEYS + 1)]))
    (change,) = watcher.changes()
    assert (change.kinds, change.metrics, change.partial) == (["metrics"], [], True)


def test_long_answers_come_in_parts(backend: EmbeddedBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    watcher = Watcher(backend)
    for number in range(7):
        backend.call(CreateRun(experiment_id="0", run_id=f"r{number}"))
    monkeypatch.setattr(use_case, "MAX_ROWS", 3)
    answers = [watcher.look() for _ in range(3)]
    assert [answer.more for answer in answers] == [True, True, False]
    assert [change.run_id for answer in answers for change in answer.changes] == [f"r{number}" for number in range(7)]
    monkeypatch.setattr(use_case, "MAX_VALUES", 1)
    watcher.last -= 2
    assert [len(watcher.look().changes) for _ in range(2)] == [1, 1]


def test_who_was_away_too_long_loads_anew(
    backend: EmbeddedBackend, run_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "KEPT", 5)
    monkeypatch.setattr(changes, "TRIM_EVERY", 1)
    watcher, before = Watcher(backend), Watcher(backend)
    for number in range(20):
        backend.call(SetTag(run_id=run_id, key="t", value=str(number)))
    answer = watcher.look()
    assert (answer.reset, answer.changes) == (True, [])
    assert watcher.changes() == []
    rows = extent(backend)
    assert rows == (watcher.last - 4, watcher.last)
    before.last = watcher.last + 1  # from a database that was replaced by an older copy
    assert before.look().reset


def test_bad_requests_are_refused(backend: EmbeddedBackend) -> None:
    with pytest.raises(InvalidInput, match="Invalid experiment ID 'x'"):
        backend.call(GetChanges(experiment_ids=["x"], after=0))
    with pytest.raises(InvalidInput, match="too many to watch"):
        backend.call(GetChanges(run_ids=["x"] * 1_001, after=0))


def test_the_store_stays_small(tmp_path: Path) -> None:
    backend = EmbeddedBackend("", Store(tmp_path / "s.db", synchronous="NORMAL"), tmp_path)
    backend.call(CreateRun(experiment_id="0", run_id="r"))
    for number in range(2_100):
        backend.call(SetTag(run_id="r", key="t", value=str(number)))
    first, last = extent(backend)
    assert last - first < changes.KEPT + changes.TRIM_EVERY
    backend.close()
