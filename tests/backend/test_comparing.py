"""Runs with all their parts, compared near and far."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest

from solvent.backend.comparing import ask_comparison, compare_runs
from solvent.backend.comparing_trees import look_into_repository
from solvent.backend.embedded import EmbeddedBackend
from solvent.backend.resolve import connect, open_embedded
from solvent.errors import EndpointNotFound, InvalidInput, NotFound
from solvent.server.loopback import Loopback
from solvent.wire.base import Request, Wire
from solvent.wire.compare import CompareRuns, CompareRunsResponse
from solvent.wire.datasets import Dataset, DatasetInput
from solvent.wire.experiments import Tag
from solvent.wire.metrics import Metric
from solvent.wire.runs import CreateRun, GetMetricSummaries, LogBatch, LogInputs, Param
from tests.tracking.compare.repository import Repository

PATCH = "diff --git a/train.py b/train.py\n--- a/train.py\n+++ b/train.py\n@@ -1 +1 @@\n-one\n+{}\n"
R = TypeVar("R", bound=Wire)
ASKED = CompareRuns(run_ids=["a", "b"], code=True)


@pytest.fixture
def backend(tmp_path: Path) -> Iterator[EmbeddedBackend]:
    opened = open_embedded(str(tmp_path / "store"))
    yield opened
    opened.close()


def make(backend: EmbeddedBackend, run_id: str, *, tags: dict[str, str], rows: int = 5, **files: str) -> None:
    given = [Tag(key=key, value=value) for key, value in {"solvent.code": "dirty", **tags}.items()]
    run = backend.call(CreateRun(run_id=run_id, run_name=f"run-{run_id}", start_time=1, tags=given)).run
    metrics = [Metric(key="loss", value=rows / step, timestamp=step, step=step) for step in (1, 2)]
    params = [Param(key="alpha", value=str(rows)), Param(key="seed", value="7")]
    backend.call(LogBatch(run_id=run_id, metrics=[*metrics, Metric(key="system/cpu", value=1.0, timestamp=1, step=0)]))
    backend.call(LogBatch(run_id=run_id, params=params))
    dataset = Dataset(
        name="customers", digest=f"d{rows}", source="s", source_type="local", profile=json.dumps({"num_rows": rows})
    )
    tagged = [Tag(key="mlflow.data.context", value="training"), Tag(key="solvent.contract", value="c@1.0.0#ff")]
    backend.call(LogInputs(run_id=run_id, datasets=[DatasetInput(dataset=dataset, tags=tagged)]))
    for name, text in files.items():
        path = f"solvent/{name.replace('__', '.')}"
        backend.artifacts(run.info.artifact_uri).write(path, io.BytesIO(text.encode()))


@pytest.fixture
def pair(backend: EmbeddedBackend) -> EmbeddedBackend:
    make(
        backend,
        "a",
        tags={"mlflow.source.git.commit": "c1", "solvent.python": "3.11.2", "team": "x"},
        patch__diff=PATCH.format("two"),
        packages__txt="numpy==2.1\nscipy==1.0\n",
        provenance__json=json.dumps({"host": {"cpus": 8}, "variables": {"TZ": "UTC"}}),
        project__json=json.dumps({"parameters": {"alpha": {"value": "5", "from": "default"}}}),
    )
    held = json.dumps([{"id": "customers", "version": "1.0.0", "digest": "f" * 64, "outcome": "passed"}])
    make(
        backend,
        "b",
        tags={"mlflow.source.git.commit": "c1", "solvent.python": "3.11.2", "solvent.contracts": held, "team": "x"},
        rows=6,
        patch__diff=PATCH.format("three"),
        packages__txt="numpy==2.2\nscipy==1.0\n",
        provenance__json=json.dumps({"host": {"cpus": 8}, "variables": {"TZ": "CET"}}),
        project__json=json.dumps({"parameters": {"alpha": {"value": "6", "from": "command line"}}}),
    )
    return backend


def told(found: CompareRunsResponse, section: str) -> dict[str, list[str | None]]:
    """What differs in a section."""
    return {row.key: row.values for row in getattr(found, section) if row.differs}


def test_every_section_tells_its_differences(pair: EmbeddedBackend) -> None:
    found = pair.call(ASKED)
    assert found.differing == ["code", "environment", "data", "params", "metrics"]
    assert list(told(found, "code")) == ["uncommitted changes"]
    (change,) = found.code_changes
    assert (change.source, change.files[0].path, change.files[0].text) == (
        "patches",
        "train.py",
        "@@ -1,1 +1,1 @@\n-two\n+three",
    )
    assert told(found, "environment") == {"$TZ": ["UTC", "CET"]}
    assert told(found, "packages") == {"numpy": ["2.1", "2.2"]}
    assert told(found, "data") == {
        "customers (training)": ["d5", "d6"],
        "customers (training): rows": ["5", "6"],
        "contract customers": [None, "1.0.0 ffffffffffff passed"],
    }
    assert told(found, "params") == {"alpha": ["5", "6"]}
    assert found.params[0].origins == ["default", "command line"]
    (loss,) = found.metrics
    assert (loss.last, loss.max, loss.difference, loss.relative) == ([2.5, 3.0], [5.0, 6.0], [0.0, 0.5], [0.0, 0.2])
    assert [row.key for row in found.system] == ["system/cpu"]
    assert [(row.key, row.differs) for row in found.tags] == [("team", False)]


def test_a_server_and_the_embedded_store_tell_the_same(pair: EmbeddedBackend) -> None:
    near = pair.call(ASKED)
    with Loopback(pair) as server:
        far = connect(server.url)
        assert far.call(ASKED) == near
        with pytest.raises(NotFound, match="Run with id=none not found"):
            far.call(CompareRuns(run_ids=["a", "none"]))
        far.close()


@pytest.mark.parametrize("run_ids", [None, [], ["a"], ["a"] * 21])
def test_two_runs_to_twenty_are_compared(pair: EmbeddedBackend, run_ids: list[str] | None) -> None:
    with pytest.raises(InvalidInput, match=r"run_ids|2 to 20 runs"):
        pair.call(CompareRuns(run_ids=run_ids))
    assert len(pair.call(CompareRuns(run_ids=["a"] * 20)).runs) == 20


def test_a_run_is_like_itself(pair: EmbeddedBackend) -> None:
    found = pair.call(CompareRuns(run_ids=["a", "a"]))
    assert found.differing == []
    assert found.code_changes[0].files == []


class Foreign:
    """A server that knows no more than MLflow's do."""

    def __init__(self, backend: EmbeddedBackend) -> None:
        self.uri = backend.uri
        self._backend = backend
        self.artifacts = backend.artifacts
        self.close = backend.close

    def call(self, request: Request[R]) -> R:
        if isinstance(request, CompareRuns | GetMetricSummaries):
            raise EndpointNotFound("no such endpoint")
        return self._backend.call(request)


def test_the_runs_of_an_mlflow_server_are_compared_too(pair: EmbeddedBackend) -> None:
    found = ask_comparison(Foreign(pair), ASKED)
    assert (found.metrics[0].last, found.metrics[0].max) == ([2.5, 3.0], [2.5, 3.0])
    assert found.packages == pair.call(ASKED).packages


def test_the_repository_tells_what_lies_between_commits(backend: EmbeddedBackend, repository: Repository) -> None:
    repository.write("train.py", "one\n")
    first = repository.commit()
    repository.write("train.py", "two\n")
    second = repository.commit()
    make(backend, "a", tags={"mlflow.source.git.commit": first}, patch__diff=PATCH.format("two"))
    make(backend, "b", tags={"mlflow.source.git.commit": second})
    make(backend, "c", tags={"mlflow.source.git.commit": first})
    found = compare_runs(backend, CompareRuns(run_ids=["a", "b"]))
    assert (found.code_changes[0].source, found.differing) == ("none", ["code"])
    assert f"{first[:8]} and {second[:8]}" in (found.code_changes[0].note or "")

    look_into_repository(backend, found, repository.folder, with_text=True)
    assert (found.code_changes[0].source, found.code_changes[0].files, found.differing) == ("repository", [], [])
    found = compare_runs(backend, CompareRuns(run_ids=["c", "b"]))
    look_into_repository(backend, found, repository.folder, with_text=True)
    assert found.code_changes[0].files[0].text == "@@ -1,1 +1,1 @@\n-one\n+two"
    assert found.differing == ["code"]
    assert msgspec.json.decode(msgspec.json.encode(found), type=CompareRunsResponse) == found


def test_a_recorded_patch_that_does_not_fit_is_said(backend: EmbeddedBackend, repository: Repository) -> None:
    repository.write("train.py", "other\n")
    first = repository.commit()
    repository.write("train.py", "two\n")
    make(backend, "a", tags={"mlflow.source.git.commit": first}, patch__diff=PATCH.format("two"))
    make(backend, "b", tags={"mlflow.source.git.commit": repository.commit()})
    found = compare_runs(backend, CompareRuns(run_ids=["a", "b"]))
    look_into_repository(backend, found, repository.folder, with_text=True)
    assert found.code_changes[0].note == f"what was recorded beside the commit {first[:8]} can't be applied to it"
