"""Removing what is in the trash, near and through a server."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from solvent.backend.embedded import EmbeddedBackend
from solvent.backend.protocol import Backend
from solvent.backend.resolve import connect
from solvent.backend.trash import Collected, collect
from solvent.errors import Conflict, InvalidInput, NotFound, Unavailable
from solvent.server.loopback import Loopback
from solvent.store.store import Store
from solvent.wire.datasets import Dataset, DatasetInput
from solvent.wire.experiments import (
    CreateExperiment,
    DeleteExperiment,
    GetExperiment,
    RestoreExperiment,
    SearchExperiments,
)
from solvent.wire.metrics import GetMetricHistory, Metric
from solvent.wire.models import CreateLoggedModel, DeleteLoggedModel, GetLoggedModel
from solvent.wire.registry import CreateModelVersion, CreateRegisteredModel, DeleteModelVersion
from solvent.wire.runs import (
    CreateRun,
    DeleteRun,
    GetRun,
    LogBatch,
    LogInputs,
    Param,
    RestoreRun,
    SearchRuns,
)
from solvent.wire.trash import ClaimTrash, ListTrash, PurgeTrash

DAY = 86_400_000


@pytest.fixture(params=["near", "far"])
def near_or_far(request: pytest.FixtureRequest, backend: EmbeddedBackend) -> Iterator[Backend]:
    if request.param == "near":
        yield backend
        return
    with Loopback(backend) as loopback:
        client = connect(loopback.url)
        yield client
        client.close()


def experiment(backend: Backend, name: str, location: str | None = None) -> str:
    return backend.call(CreateExperiment(name=name, artifact_location=location)).experiment_id


def run(backend: Backend, experiment_id: str = "0", run_id: str | None = None, text: bytes = b"12345") -> str:
    """A run with a value of each kind and a file."""
    info = backend.call(CreateRun(experiment_id=experiment_id, run_id=run_id)).run.info
    backend.call(
        LogBatch(
            run_id=info.run_id,
            metrics=[Metric(key=f"metric {info.run_id}", value=1.0, timestamp=1, step=step) for step in range(3)],
            params=[Param(key=f"param {info.run_id}", value="1")],
        )
    )
    dataset = Dataset(name="d", digest=info.run_id[:30], source_type="local", source="s")
    backend.call(LogInputs(run_id=info.run_id, datasets=[DatasetInput(dataset=dataset)]))
    backend.artifacts(info.artifact_uri).write("model/file.txt", io.BytesIO(text))
    return info.run_id


def model(backend: Backend, experiment_id: str = "0") -> str:
    info = backend.call(CreateLoggedModel(experiment_id=experiment_id, name="m")).model.info
    backend.artifacts(info.artifact_uri).write("MLmodel", io.BytesIO(b"1234567"))
    return info.model_id


def rows(store: Store, table: str) -> int:
    count: int = store.snapshot(lambda tx: tx.all(f"SELECT count(*) FROM {table}")[0][0])
    return count


def tables_in_use(store: Store) -> set[str]:
    tables = store.snapshot(
        lambda tx: tx.all("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    )
    return {name for (name,) in tables if rows(store, name)}


def assert_sound(store: Store) -> None:
    assert store.snapshot(lambda tx: tx.all("PRAGMA foreign_key_check")) == []


def is_there(backend: Backend, run_id: str) -> bool:
    try:
        uri = backend.call(GetRun(run_id=run_id)).run.info.artifact_uri
    except NotFound:
        return False
    assert b"".join(backend.artifacts(uri).read("model/file.txt")) == b"12345"
    assert len(backend.call(GetMetricHistory(run_id=run_id, metric_key=f"metric {run_id}")).metrics) == 3
    return True


def test_rows_and_files_of_what_is_deleted_go_and_nothing_else(near_or_far: Backend, backend: EmbeddedBackend) -> None:
    gone_experiment, kept_experiment = experiment(near_or_far, "gone"), experiment(near_or_far, "kept")
    inside = [run(near_or_far, gone_experiment), run(near_or_far, gone_experiment)]
    model(near_or_far, gone_experiment)
    alive, deleted = run(near_or_far, kept_experiment), run(near_or_far, kept_experiment)
    living_model, dead_model = model(near_or_far, kept_experiment), model(near_or_far, kept_experiment)
    near_or_far.call(DeleteRun(run_id=deleted))
    near_or_far.call(DeleteLoggedModel(model_id=dead_model))
    near_or_far.call(DeleteExperiment(experiment_id=gone_experiment))

    planned = collect(near_or_far, ListTrash(), dry_run=True)
    assert all(map(backend.store.snapshot, [lambda tx: tx.all("SELECT 1 FROM runs WHERE deleted = 1")]))
    report = collect(near_or_far, ListTrash())

    for told in (planned, report):
        assert (told.runs, told.experiments, told.logged_models) == (3, 1, 2)
        assert (told.files, told.file_bytes) == (5, 3 * 5 + 2 * 7)
        assert (told.kept, told.failed) == ([], [])
    assert (report.keys, report.datasets) == (6, 1)  # the data sets of an experiment go with it
    assert is_there(near_or_far, alive)
    assert near_or_far.call(GetLoggedModel(model_id=living_model)).model.info.model_id == living_model
    for run_id in (*inside, deleted):
        assert not is_there(near_or_far, run_id)
    with pytest.raises(NotFound):
        near_or_far.call(GetExperiment(experiment_id=gone_experiment))
    files = [path for path in backend.artifact_folder.rglob("*") if path.is_file()]
    assert sorted(path.name for path in files) == ["MLmodel", "file.txt"]
    assert not (backend.artifact_folder / gone_experiment).exists()
    assert not (backend.artifact_folder / kept_experiment / deleted).exists()
    assert rows(backend.store, "metrics") == 3
    assert_sound(backend.store)
    assert experiment(near_or_far, "gone") != gone_experiment  # its name is free again
    assert run(near_or_far, kept_experiment, run_id=deleted) == deleted
    assert collect(near_or_far, ListTrash()).runs == 0


def test_names_are_known_again_after_a_sweep(near_or_far: Backend) -> None:
    """The writer and the readers remember names by number; removing some must not mix them up."""
    first = run(near_or_far)
    near_or_far.call(DeleteRun(run_id=first))
    assert collect(near_or_far, ListTrash()).keys > 0
    again = run(near_or_far, run_id=first)
    data = near_or_far.call(GetRun(run_id=again)).run.data
    assert [metric.key for metric in data.metrics] == [f"metric {first}"]
    assert [param.key for param in data.params] == [f"param {first}"]


def test_only_what_is_old_enough_goes(near_or_far: Backend, backend: EmbeddedBackend) -> None:
    old, young = run(near_or_far), run(near_or_far)
    for run_id in (old, young):
        near_or_far.call(DeleteRun(run_id=run_id))
    now = time.time_ns() // 1_000_000
    backend.store.maintain(
        lambda tx: tx.execute("UPDATE runs SET deleted_time = ? WHERE uuid = ?", (now - 31 * DAY, old))
    )
    limit = now - 30 * DAY
    with pytest.raises(InvalidInput, match=f"Run {young} has not been in the trash for that long"):
        collect(near_or_far, ListTrash(before=limit, run_ids=[young]))
    assert collect(near_or_far, ListTrash(before=limit)).runs == 1
    assert not is_there(near_or_far, old)
    near_or_far.call(RestoreRun(run_id=young))
    assert is_there(near_or_far, young)


def test_an_experiment_waits_for_its_youngest_run(near_or_far: Backend, backend: EmbeddedBackend) -> None:
    number = experiment(near_or_far, "e")
    run(near_or_far, number)
    near_or_far.call(DeleteExperiment(experiment_id=number))
    now = time.time_ns() // 1_000_000
    backend.store.maintain(lambda tx: tx.execute("UPDATE experiments SET updated = ?", (now - 31 * DAY,)))
    report = collect(near_or_far, ListTrash(before=now - 30 * DAY))
    assert (report.experiments, report.runs) == (0, 0)


def test_named_things_alone_go(near_or_far: Backend) -> None:
    number = experiment(near_or_far, "e")
    in_it, named, other, alive = run(near_or_far, number), run(near_or_far), run(near_or_far), run(near_or_far)
    for run_id in (named, other):
        near_or_far.call(DeleteRun(run_id=run_id))
    near_or_far.call(DeleteExperiment(experiment_id=number))
    with pytest.raises(InvalidInput, match=f"Run {alive} is not in the trash.*: delete it first"):
        collect(near_or_far, ListTrash(run_ids=[named, alive]))
    with pytest.raises(NotFound, match="Run with id=nothing not found"):
        collect(near_or_far, ListTrash(run_ids=["nothing"]))
    with pytest.raises(NotFound, match="Experiment with id=77 not found"):
        collect(near_or_far, ListTrash(experiment_ids=["77"]))
    assert is_there(near_or_far, named)
    report = collect(near_or_far, ListTrash(run_ids=[named]))
    assert (report.runs, report.experiments) == (1, 0)
    assert is_there(near_or_far, other)
    report = collect(near_or_far, ListTrash(experiment_ids=[number]))
    assert (report.runs, report.experiments) == (1, 1)
    assert not is_there(near_or_far, in_it)
    assert is_there(near_or_far, other)


def test_a_living_run_keeps_its_trashed_experiment(near_or_far: Backend) -> None:
    number = experiment(near_or_far, "e")
    alive, dead = run(near_or_far, number), run(near_or_far, number)
    living_model = model(near_or_far, number)
    near_or_far.call(DeleteExperiment(experiment_id=number))
    near_or_far.call(RestoreRun(run_id=alive))
    with pytest.raises(InvalidInput, match=f"its run {alive} is not: delete that run first"):
        collect(near_or_far, ListTrash(experiment_ids=[number]))
    report = collect(near_or_far, ListTrash())
    assert (report.runs, report.experiments, report.logged_models) == (1, 0, 0)
    assert is_there(near_or_far, alive)
    assert not is_there(near_or_far, dead)
    assert near_or_far.call(GetLoggedModel(model_id=living_model)).model.info.model_id == living_model


def test_the_default_experiment_itself_stays(near_or_far: Backend) -> None:
    dead = run(near_or_far)
    near_or_far.call(DeleteExperiment(experiment_id="0"))
    report = collect(near_or_far, ListTrash())
    assert (report.runs, report.experiments) == (1, 0)
    assert not is_there(near_or_far, dead)
    near_or_far.call(RestoreExperiment(experiment_id="0"))
    assert is_there(near_or_far, run(near_or_far))


@pytest.mark.parametrize("whole", [False, True])
def test_what_a_model_version_needs_stays(near_or_far: Backend, whole: bool) -> None:
    number = experiment(near_or_far, "e")
    needed, other = run(near_or_far, number), run(near_or_far, number)
    uri = near_or_far.call(GetRun(run_id=needed)).run.info.artifact_uri
    near_or_far.call(CreateRegisteredModel(name="prod"))
    near_or_far.call(CreateModelVersion(name="prod", source=f"{uri}/model", run_id=needed))
    if whole:
        near_or_far.call(DeleteExperiment(experiment_id=number))
    else:
        for run_id in (needed, other):
            near_or_far.call(DeleteRun(run_id=run_id))
    report = collect(near_or_far, ListTrash())
    assert [(item.kind, item.id) for item in report.kept if item.kind == "run"] == [("run", needed)]
    assert "version 1 of the registered model 'prod' keeps its files there" in report.kept[0].kept
    assert (report.runs, report.experiments) == (1, 0)
    assert is_there(near_or_far, needed)
    near_or_far.call(DeleteModelVersion(name="prod", version="1"))
    report = collect(near_or_far, ListTrash())
    assert (report.runs, report.experiments, report.kept) == (1, int(whole), [])


def test_an_experiment_inside_a_runs_folder_keeps_that_run(near_or_far: Backend) -> None:
    outer = run(near_or_far)
    uri = near_or_far.call(GetRun(run_id=outer)).run.info.artifact_uri
    inner = run(near_or_far, experiment(near_or_far, "inner", f"{uri}/nested"))
    near_or_far.call(DeleteRun(run_id=outer))
    report = collect(near_or_far, ListTrash())
    assert [item.id for item in report.kept] == [outer]
    assert is_there(near_or_far, inner)


def test_a_run_named_like_a_folder_takes_only_its_own_files(near_or_far: Backend) -> None:
    """A run may be called "models", which is also the folder of the experiment's logged models."""
    living = model(near_or_far)
    run(near_or_far, run_id="models")
    near_or_far.call(DeleteRun(run_id="models"))
    assert collect(near_or_far, ListTrash()).runs == 1
    uri = near_or_far.call(GetLoggedModel(model_id=living)).model.info.artifact_uri
    assert b"".join(near_or_far.artifacts(uri).read("MLmodel")) == b"1234567"


def test_elsewhere_only_the_runs_own_folder_goes(backend: EmbeddedBackend, tmp_path: Path) -> None:
    place = tmp_path / "elsewhere"
    (place / "documents" / "artifacts").mkdir(parents=True)
    (place / "documents" / "artifacts" / "thesis.txt").write_text("mine")
    (place / "note.txt").write_text("mine")
    number = experiment(backend, "e", str(place))
    made, chosen = run(backend, number), run(backend, number, run_id="documents")
    for run_id in (made, chosen):
        backend.call(DeleteRun(run_id=run_id))
    report = collect(backend, ListTrash())
    assert not (place / made).exists()
    assert [item.id for item in report.kept] == [chosen]
    assert "its id was chosen" in report.kept[0].kept
    assert (place / "documents" / "artifacts" / "thesis.txt").read_text() == "mine"
    backend.call(DeleteExperiment(experiment_id=number))
    collect(backend, ListTrash(), keep_files=True)
    assert (place / "documents" / "artifacts" / "model" / "file.txt").exists()
    assert (place / "note.txt").read_text() == "mine"
    with pytest.raises(NotFound):
        backend.call(GetExperiment(experiment_id=number))


def test_unreachable_files_keep_their_run(near_or_far: Backend) -> None:
    number = experiment(near_or_far, "far away", "s3://bucket/path")
    run_id = near_or_far.call(CreateRun(experiment_id=number)).run.info.run_id
    near_or_far.call(DeleteExperiment(experiment_id=number))
    report = collect(near_or_far, ListTrash())
    assert {item.id for item in report.kept} == {run_id, number}
    assert "can't be reached from here" in report.kept[0].kept
    near_or_far.call(RestoreExperiment(experiment_id=number))
    near_or_far.call(DeleteExperiment(experiment_id=number))
    assert collect(near_or_far, ListTrash(), keep_files=True).experiments == 1


def test_links_are_removed_and_what_they_lead_to_is_not(
    near_or_far: Backend, backend: EmbeddedBackend, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious").write_text("here")
    linked, whole, above, other = run(near_or_far), run(near_or_far), run(near_or_far), run(near_or_far)
    root = backend.artifact_folder / "0"
    (root / linked / "artifacts" / "out").symlink_to(outside)
    (root / linked / "artifacts" / "file").symlink_to(outside / "precious")
    (root / linked / "artifacts" / "sibling").symlink_to(root / other)
    (root / linked / "artifacts" / "loop").symlink_to(root / linked)
    (root / whole).rename(tmp_path / "moved")
    (root / whole).mkdir()
    (root / whole / "artifacts").symlink_to(outside)
    (root / above).rename(tmp_path / "above")
    (root / above).symlink_to(tmp_path / "above")
    for run_id in (linked, whole, above):
        near_or_far.call(DeleteRun(run_id=run_id))
    report = collect(near_or_far, ListTrash())
    assert (outside / "precious").read_text() == "here"
    assert is_there(near_or_far, other)
    assert (tmp_path / "above" / "artifacts" / "model" / "file.txt").exists()
    assert [item.id for item in report.failed] == [above]
    assert report.runs == 2
    assert not (root / linked).exists()
    assert not (root / whole).exists()


def test_a_broken_off_collection_is_not_alive_and_is_finished_by_the_next(
    near_or_far: Backend, backend: EmbeddedBackend
) -> None:
    number = experiment(near_or_far, "e")
    first, second = run(near_or_far, number), run(near_or_far, number)
    near_or_far.call(DeleteRun(run_id=first))
    assert near_or_far.call(ClaimTrash(run_ids=[first, second])).claimed == [first]
    near_or_far.artifacts(f"mlflow-artifacts:/{number}").delete(f"{first}/artifacts")
    with pytest.raises(Conflict, match="is being removed for good"):
        near_or_far.call(RestoreRun(run_id=first))
    near_or_far.call(DeleteRun(run_id=first))  # as good as done
    assert near_or_far.call(SearchRuns(experiment_ids=[number], run_view_type="ALL")).runs[0].info.run_id == second
    near_or_far.call(DeleteExperiment(experiment_id=number))
    near_or_far.call(RestoreExperiment(experiment_id=number))
    assert near_or_far.call(GetRun(run_id=first)).run.info.lifecycle_stage == "deleted"
    assert is_there(near_or_far, second)
    near_or_far.call(DeleteExperiment(experiment_id=number))
    assert near_or_far.call(ClaimTrash(experiment_ids=[number])).claimed == [number]
    with pytest.raises(Conflict, match="is being removed for good"):
        near_or_far.call(RestoreExperiment(experiment_id=number))
    now = time.time_ns() // 1_000_000
    report = collect(near_or_far, ListTrash(before=now - DAY))
    assert (report.runs, report.experiments) == (2, 1)
    assert [one.experiment_id for one in near_or_far.call(SearchExperiments(view_type="ALL")).experiments] == ["0"]
    assert_sound(backend.store)


def test_files_that_cant_be_removed_are_told_and_tried_again(
    near_or_far: Backend, backend: EmbeddedBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = run(near_or_far)
    near_or_far.call(DeleteRun(run_id=run_id))

    def refuse(*_: object) -> None:
        raise Unavailable("the disk is away")

    monkeypatch.setattr("solvent.artifacts.local.LocalArtifacts.delete", refuse)
    report = collect(near_or_far, ListTrash())
    assert (report.runs, [item.kept for item in report.failed]) == (0, ["the disk is away"])
    monkeypatch.undo()
    assert collect(near_or_far, ListTrash()).runs == 1


def test_what_is_not_claimed_is_not_purged(near_or_far: Backend) -> None:
    alive, deleted = run(near_or_far), run(near_or_far)
    near_or_far.call(DeleteRun(run_id=deleted))
    number = experiment(near_or_far, "e")
    answer = near_or_far.call(PurgeTrash(run_ids=[alive, deleted], experiment_ids=["0", number]))
    assert (answer.done, answer.rows) == (True, 0)
    near_or_far.call(RestoreRun(run_id=deleted))
    assert is_there(near_or_far, alive)
    assert is_there(near_or_far, deleted)


def test_long_histories_go_in_slices(backend: EmbeddedBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("solvent.store.trash.SLICE_ROWS", 7)
    monkeypatch.setattr("solvent.tracking.trash._PATIENCE_SECONDS", 0.0)
    run_id = run(backend)
    points = [Metric(key=f"m{step % 3}", value=1.0, timestamp=1, step=step) for step in range(100)]
    backend.call(LogBatch(run_id=run_id, metrics=points))
    backend.call(DeleteRun(run_id=run_id))
    backend.call(ClaimTrash(run_ids=[run_id]))
    calls = 1
    while not backend.call(PurgeTrash(run_ids=[run_id])).done:
        calls += 1
    assert calls > 100 // 7
    assert rows(backend.store, "runs") == rows(backend.store, "metrics") == 0
    assert_sound(backend.store)


def test_every_row_that_hangs_on_a_run_goes_with_it(backend: EmbeddedBackend) -> None:
    """Whatever table refers to runs: after a collection the file is like a new one, but for the log of changes."""
    new = tables_in_use(backend.store)
    run_id = run(backend)
    info = backend.call(CreateLoggedModel(experiment_id="0", name="m", source_run_id=run_id)).model.info
    metric = Metric(key="accuracy", value=1.0, timestamp=1, step=1, model_id=info.model_id)
    backend.call(LogBatch(run_id=run_id, metrics=[metric]))
    backend.call(DeleteRun(run_id=run_id))
    backend.call(DeleteLoggedModel(model_id=info.model_id))
    collect(backend, ListTrash())
    assert tables_in_use(backend.store) - {"changes"} == new


def test_old_drafts_of_uploads_go(near_or_far: Backend, backend: EmbeddedBackend) -> None:
    run(near_or_far)
    folder = backend.artifact_folder / "0"
    old, young = folder / ".solvent-upload-1", folder / ".solvent-upload-2"
    for draft in (old, young):
        draft.write_bytes(b"half")
    os.utime(old, (1, 1))
    assert collect(near_or_far, ListTrash(), dry_run=True).upload_bytes == 4
    assert old.exists()
    report = collect(near_or_far, ListTrash())
    assert (report.uploads, report.upload_bytes) == (1, 4)
    assert not old.exists()
    assert young.exists()


def test_vacuum_gives_room_back(near_or_far: Backend) -> None:
    run_id = run(near_or_far)
    for start in range(0, 20_000, 1000):
        points = [Metric(key="m", value=1.0, timestamp=1, step=start + step) for step in range(1000)]
        near_or_far.call(LogBatch(run_id=run_id, metrics=points))
    near_or_far.call(DeleteRun(run_id=run_id))
    report = collect(near_or_far, ListTrash(), vacuum=True)
    assert report.database_bytes > 200_000
    assert report.freed == report.database_bytes + 5
    assert is_there(near_or_far, run(near_or_far))


def test_progress_is_told(backend: EmbeddedBackend) -> None:
    for _ in range(3):
        backend.call(DeleteRun(run_id=run(backend)))
    seen: list[int] = []

    def progress(report: Collected) -> None:
        seen.append(report.runs)

    collect(backend, ListTrash(), progress=progress)
    assert seen == [1, 2, 3]


def test_pages_of_the_trash(near_or_far: Backend) -> None:
    for number in range(5):
        inside = experiment(near_or_far, f"e{number}")
        run(near_or_far, inside)
        near_or_far.call(DeleteExperiment(experiment_id=inside))
    seen, token = [], None
    while True:
        answer = near_or_far.call(ListTrash(max_results=3, page_token=token))
        seen += [(item.kind, item.id) for item in answer.items]
        token = answer.next_page_token
        if not token:
            break
    assert len(seen) == len(set(seen)) == 10
    with pytest.raises(InvalidInput, match="page_token"):
        near_or_far.call(ListTrash(page_token="x1"))
    with pytest.raises(InvalidInput, match="max_results"):
        near_or_far.call(ListTrash(max_results=0))
