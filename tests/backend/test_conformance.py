"""The same calls over both backends: the same answers, the same errors."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from solvent.backend.protocol import Backend
from solvent.backend.resolve import connect, open_embedded
from solvent.errors import AlreadyExists, Conflict, InvalidInput, NotFound, SolventError
from solvent.server.loopback import Loopback
from solvent.store.operations import operation_of
from solvent.wire.accounts import GetSession
from solvent.wire.artifacts import FileInfo, ListArtifacts, ListLoggedModelArtifacts
from solvent.wire.base import ROUTES, Request
from solvent.wire.experiments import (
    CreateExperiment,
    GetExperiment,
    GetExperimentByName,
    SearchExperiments,
    SetExperimentTag,
    Tag,
)
from solvent.wire.ingest import Ingest, MetricRecord
from solvent.wire.metrics import GetMetricHistory, Metric
from solvent.wire.models import CreateLoggedModel, FinalizeLoggedModel, GetLoggedModel, SetLoggedModelTags
from solvent.wire.notes import SaveRunNote
from solvent.wire.runs import CreateRun, GetRun, LogBatch, LogMetric, LogParam, Param, SearchRuns, SetTag, UpdateRun


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Backend, Backend]]:
    """An embedded store, and another one behind a server."""
    near = open_embedded(str(tmp_path_factory.mktemp("near")))
    served = open_embedded(str(tmp_path_factory.mktemp("far")))
    with Loopback(served) as loopback:
        far = connect(loopback.url)
        yield near, far
        far.close()
    served.close()
    near.close()


@pytest.fixture(params=["embedded", "http"])
def either(request: pytest.FixtureRequest, pair: tuple[Backend, Backend]) -> Backend:
    return pair[request.param == "http"]


def outcome(backend: Backend, request: Request[Any]) -> object:
    """What a call leads to, without what differs between two stores: times, random names and ids."""
    try:
        answer = msgspec.to_builtins(backend.call(request))
    except SolventError as error:
        return error.code, error.status, str(error)
    return _without_own(answer)


def _without_own(value: Any) -> Any:
    own = {"creation_time", "last_update_time", "creation_timestamp_ms", "last_updated_timestamp_ms", "model_id"}
    if isinstance(value, dict):
        return {key: _without_own(item) for key, item in value.items() if key not in own and key != "artifact_uri"}
    return [_without_own(item) for item in value] if isinstance(value, list) else value


RUN = "0" * 32
CALLS: list[Request[Any]] = [
    CreateExperiment(name="conformance ü", tags=[Tag(key="team", value="a")]),
    CreateExperiment(name="conformance ü"),
    CreateExperiment(),
    GetExperimentByName(experiment_name="conformance ü"),
    GetExperimentByName(experiment_name="none & nothing?"),
    GetExperiment(experiment_id="1"),
    GetExperiment(experiment_id="99999"),
    GetExperiment(experiment_id="not a number"),
    SetExperimentTag(experiment_id="1", key="k", value="v\nw"),
    SearchExperiments(max_results=10, order_by=["name ASC", "experiment_id ASC"]),
    CreateRun(experiment_id="1", run_id=RUN, run_name="first", start_time=1, user_id="u"),
    CreateRun(experiment_id="1", run_id=RUN),
    CreateRun(experiment_id="99999"),
    LogMetric(run_id=RUN, key="loss", value=0.5, timestamp=5, step=0),
    LogMetric(run_id=RUN, key="loss", value="NaN", timestamp=6, step=1),
    LogMetric(run_id=RUN, key="loss", value="Infinity", timestamp=7, step=2),
    LogMetric(run_id="none", key="loss", value=0.5, timestamp=5),
    LogMetric(run_id=RUN, key="loss", value="abc", timestamp=5),
    LogMetric(run_id=RUN, key="loss", value=1.0, timestamp=2**70),
    LogParam(run_id=RUN, key="alpha", value="0.5"),
    LogParam(run_id=RUN, key="alpha", value="0.6"),
    LogParam(run_id=RUN, key="../x", value="0.6"),
    SetTag(run_id=RUN, key="note", value="ü" * 10),
    LogBatch(
        run_id=RUN,
        metrics=[Metric(key="acc", value=0.1 * step, timestamp=step, step=step) for step in range(5)],
        params=[Param(key="beta", value="1")],
        tags=[Tag(key="t", value="v")],
    ),
    LogBatch(run_id=RUN, metrics=[Metric(key="m", value=1.0, timestamp=1, step=1)] * 1001),
    GetRun(run_id=RUN),
    GetRun(run_id="none"),
    GetRun(),
    GetMetricHistory(run_id=RUN, metric_key="loss"),
    GetMetricHistory(run_id=RUN, metric_key="none"),
    SearchRuns(experiment_ids=["1"], filter="metrics.acc > 0.1", order_by=["metrics.acc DESC"], max_results=10),
    SearchRuns(experiment_ids=["1"], filter="metrics.acc >"),
    SearchRuns(experiment_ids=["1"], page_token="nonsense"),
    UpdateRun(run_id=RUN, status="FINISHED", end_time=9),
    UpdateRun(run_id=RUN, status="NONSENSE"),
    Ingest(spool="s", offset=0, records=[MetricRecord(run_id="none", key="m", value=1.0, timestamp=1)]),
    Ingest(spool="s", offset=7, records=[]),
    ListArtifacts(run_id="none"),
    ListArtifacts(run_id=RUN, path="../.."),
    CreateLoggedModel(experiment_id="1", name="model"),
    GetLoggedModel(model_id="m-none"),
    GetLoggedModel(),
    SetLoggedModelTags(model_id="a/../b ?", tags=[Tag(key="k", value="v")]),
    FinalizeLoggedModel(model_id="m-none", status="LOGGED_MODEL_READY"),
    ListLoggedModelArtifacts(model_id="m-none"),
]


def test_both_backends_answer_alike(pair: tuple[Backend, Backend]) -> None:
    near, far = pair
    for number, request in enumerate(CALLS):
        assert outcome(far, request) == outcome(near, request), (number, request)


def test_every_request_that_is_answered_near_is_answered_far(pair: tuple[Backend, Backend]) -> None:
    near, far = pair
    for route in ROUTES:
        if route.request.__module__ == GetSession.__module__:
            continue  # users are looked after near, or with a name: tests/server/test_auth.py
        if operation_of(route.request) is not None and route.request not in (CreateRun, Ingest):  # see CALLS
            in_path = dict.fromkeys(re.findall(r"\{(\w+)\}", route.path), "none")
            assert outcome(far, route.request(**in_path)) == outcome(near, route.request(**in_path)), route


def test_errors_keep_their_class(either: Backend) -> None:
    either.call(CreateExperiment(name="taken"))
    with pytest.raises(AlreadyExists, match="'taken' already exists"):
        either.call(CreateExperiment(name="taken"))
    with pytest.raises(NotFound, match="Could not find experiment with name 'zzz'"):
        either.call(GetExperimentByName(experiment_name="zzz"))
    with pytest.raises(InvalidInput, match="required parameter 'name'"):
        either.call(CreateExperiment())


def test_a_runs_files_are_written_listed_and_read(either: Backend) -> None:
    experiment_id = either.call(CreateExperiment(name="files")).experiment_id
    info = either.call(CreateRun(experiment_id=experiment_id)).run.info
    assert info.artifact_uri == f"mlflow-artifacts:/{experiment_id}/{info.run_id}/artifacts"
    files = either.artifacts(info.artifact_uri)
    files.write("model/weights.bin", io.BytesIO(b"123"))
    listing = either.call(ListArtifacts(run_id=info.run_id, path="model"))
    assert listing.root_uri == info.artifact_uri
    assert listing.files == [FileInfo(path="model/weights.bin", is_dir=False, file_size=3)]
    assert b"".join(files.read("model/weights.bin", 1)) == b"23"


def test_a_models_files_are_listed(either: Backend) -> None:
    made = either.call(CreateLoggedModel(experiment_id="0", name="m")).model.info
    either.artifacts(made.artifact_uri).write("MLmodel", io.BytesIO(b"flavors: {}"))
    listing = either.call(ListLoggedModelArtifacts(model_id=made.model_id))
    assert [info.path for info in listing.files] == ["MLmodel"]


def test_files_in_a_local_folder_are_reached_where_they_are(either: Backend, tmp_path: Path) -> None:
    either.artifacts(f"file://{tmp_path}/place").write("a", io.BytesIO(b"x"))
    assert (tmp_path / "place/a").read_bytes() == b"x"


@pytest.mark.parametrize("uri", ["s3://bucket/x", "mlflow-artifacts://other:1/x", "mlflow-artifacts:/../x"])
def test_files_of_elsewhere_are_refused(either: Backend, uri: str) -> None:
    with pytest.raises(InvalidInput):
        either.artifacts(uri)


def test_an_error_brings_its_details(either: Backend) -> None:
    run_id = either.call(CreateRun(experiment_id="0")).run.info.run_id
    first = either.call(SaveRunNote(run_id=run_id, text="first", version="")).note
    with pytest.raises(Conflict, match="merge your text") as caught:
        either.call(SaveRunNote(run_id=run_id, text="second", version=""))
    assert caught.value.details == {"note": {"text": "first", "version": first.version}}
