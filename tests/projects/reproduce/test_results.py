from __future__ import annotations

import io
import zipfile
from itertools import count

from solvent.backend.embedded import EmbeddedBackend
from solvent.projects.reproduce.determinism import check_determinism
from solvent.projects.reproduce.results import gather
from solvent.wire.experiments import Tag
from solvent.wire.metrics import Metric
from solvent.wire.runs import CreateRun, GetRun, LogBatch, Param

times = count(1)


def archive(text: str, year: int) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        made.writestr(zipfile.ZipInfo("array", (year, 1, 1, 0, 0, 0)), text)
    return content.getvalue()


def make(
    backend: EmbeddedBackend,
    files: dict[str, bytes],
    parent: str = "",
    tags: dict[str, str] | None = None,
    **metrics: float,
) -> str:
    given = {"mlflow.project.entryPoint": "train", **({"mlflow.parentRunId": parent} if parent else {}), **(tags or {})}
    run = backend.call(
        CreateRun(
            experiment_id="0", start_time=next(times), tags=[Tag(key=key, value=value) for key, value in given.items()]
        )
    ).run
    points = [Metric(key=key, value=value, timestamp=1, step=0) for key, value in metrics.items()]
    backend.call(LogBatch(run_id=run.info.run_id, metrics=points))
    for path, content in files.items():
        backend.artifacts(run.info.artifact_uri).write(path, io.BytesIO(content))
    return run.info.run_id


def test_results_are_metrics_and_files_but_those_that_tell_of_the_run_itself(backend: EmbeddedBackend) -> None:
    files = {"model/w.bin": b"w", "model/MLmodel": b"t", "solvent/provenance.json": b"{}", "out.log": b"l"}
    run_id = make(backend, files, auc=0.5, fit_seconds=3.0)
    found = gather(backend, run_id)
    assert (found.metrics, list(found.artifacts)) == ({"auc": 0.5}, ["model/w.bin"])
    assert gather(backend, run_id, ["auc", "*.bin"]).artifacts == {}


def test_results_of_child_runs_are_told_apart_and_repetitions_left_out(backend: EmbeddedBackend) -> None:
    parent = make(backend, {}, total=1.0)
    make(backend, {}, parent, loss=0.1)
    make(backend, {}, parent, loss=0.2)
    make(backend, {}, parent, tags={"solvent.reproduces": parent}, loss=0.3)
    assert gather(backend, parent).metrics == {"total": 1.0, "train/loss": 0.1, "train#2/loss": 0.2}
    assert gather(backend, parent, ["train#2/*"]).metrics == {"total": 1.0, "train/loss": 0.1}
    assert gather(backend, parent, ["loss"]).metrics == {"total": 1.0}


def test_archives_of_the_same_files_are_the_same(backend: EmbeddedBackend) -> None:
    first, second, third = (make(backend, {"a.npz": archive(*of)}) for of in (("x", 2001), ("x", 2002), ("y", 2001)))
    assert check_determinism(backend, first, second).word == "true"
    found = check_determinism(backend, first, third)
    assert (found.word, found.lines()[0]) == ("false", "Not deterministic: the same run came to other results:")
    tags = {tag.key: tag.value for tag in backend.call(GetRun(run_id=third)).run.data.tags}
    assert tags["solvent.deterministic"] == "false"


def test_a_file_that_only_begins_like_an_archive(backend: EmbeddedBackend) -> None:
    first, second = (make(backend, {"a.npz": b"PK\x03\x04" + end}) for end in (b"1", b"2"))
    assert not check_determinism(backend, first, second).holds


def test_params_that_a_command_logs_are_results_and_those_that_it_is_given_are_not(backend: EmbeddedBackend) -> None:
    first, second = (make(backend, {}, tags={"solvent.project.parameters": '{"a": "1"}'}) for _ in range(2))
    for run_id, best in ((first, "2"), (second, "3")):
        given = {"a": "1", "best": best, "file": f"/tmp/{best}"}
        backend.call(LogBatch(run_id=run_id, params=[Param(key=key, value=value) for key, value in given.items()]))
    assert gather(backend, first).params == {"best": "2"}
    assert gather(backend, first, ["b*"]).ignored == {"best"}
    assert check_determinism(backend, first, second).word == "false"
