"""Our HTTP backend against a real MLflow server: the same requests, errors and files."""

from __future__ import annotations

import io

import pytest

from solvent.backend.comparing import ask_comparison
from solvent.backend.resolve import connect
from solvent.errors import AlreadyExists, InvalidInput, NotFound
from solvent.wire.artifacts import FileInfo, ListArtifacts
from solvent.wire.compare import CompareRuns
from solvent.wire.experiments import CreateExperiment, GetExperimentByName, SearchExperiments
from solvent.wire.metrics import GetMetricHistory, Metric
from solvent.wire.models import CreateLoggedModel, GetLoggedModel, ModelParam, SearchLoggedModels
from solvent.wire.runs import CountRuns, CreateRun, GetRun, LogBatch, LogMetric, LogParam, Param, SearchRuns, UpdateRun

pytestmark = pytest.mark.oracle


def test_a_run_is_written_and_read_back(mlflow_url: str) -> None:
    backend = connect(mlflow_url)
    experiment_id = backend.call(CreateExperiment(name="from solvent")).experiment_id
    run_id = backend.call(CreateRun(experiment_id=experiment_id, run_name="r", start_time=1)).run.info.run_id
    backend.call(LogMetric(run_id=run_id, key="loss", value="NaN", timestamp=1, step=0))
    metrics = [Metric(key="loss", value=0.5, timestamp=2, step=1)]
    backend.call(LogBatch(run_id=run_id, metrics=metrics, params=[Param(key="p", value="1")]))
    backend.call(UpdateRun(run_id=run_id, status="FINISHED", end_time=9))
    run = backend.call(GetRun(run_id=run_id)).run
    assert (run.info.status, run.info.end_time, run.data.params) == ("FINISHED", 9, [Param(key="p", value="1")])
    assert len(backend.call(GetMetricHistory(run_id=run_id, metric_key="loss")).metrics) == 2
    found = backend.call(SearchRuns(experiment_ids=[experiment_id], filter="metrics.loss < 1", max_results=5)).runs
    assert [other.info.run_id for other in found] == [run_id]
    assert backend.call(SearchExperiments(filter="name = 'from solvent'", max_results=5)).experiments
    backend.close()


def test_its_errors_keep_their_class(mlflow_url: str) -> None:
    backend = connect(mlflow_url)
    with pytest.raises(NotFound, match="Could not find experiment with name 'zzz'"):
        backend.call(GetExperimentByName(experiment_name="zzz"))
    backend.call(CreateExperiment(name="twice"))
    with pytest.raises(AlreadyExists):
        backend.call(CreateExperiment(name="twice"))
    run_id = backend.call(CreateRun(experiment_id="0")).run.info.run_id
    backend.call(LogParam(run_id=run_id, key="p", value="1"))
    with pytest.raises(InvalidInput, match="Changing param values is not allowed"):
        backend.call(LogParam(run_id=run_id, key="p", value="2"))
    with pytest.raises(Exception, match="check the tracking URI"):
        backend.call(CountRuns(experiment_ids=["0"]))
    backend.close()


def test_its_artifacts_are_ours_to_use(mlflow_url: str) -> None:
    backend = connect(mlflow_url)
    info = backend.call(CreateRun(experiment_id="0")).run.info
    files = backend.artifacts(info.artifact_uri)
    files.write("model/weights ü.bin", io.BytesIO(b"0123456789"))
    assert files.list("model") == [FileInfo(path="model/weights ü.bin", is_dir=False, file_size=10)]
    assert b"".join(files.read("model/weights ü.bin", 3, 5)) == b"34"
    assert files.size("model/weights ü.bin") == 10
    assert [entry.path for entry in backend.call(ListArtifacts(run_id=info.run_id)).files] == ["model"]
    with pytest.raises(NotFound, match=r"No such artifact: '.*none'"):
        b"".join(files.read("none"))
    files.delete("model")
    assert files.list("") == []
    backend.close()


def test_its_logged_models_are_read(mlflow_url: str) -> None:
    backend = connect(mlflow_url)
    made = backend.call(CreateLoggedModel(experiment_id="0", name="m", params=[ModelParam(key="k", value="v")])).model
    read = backend.call(GetLoggedModel(model_id=made.info.model_id)).model
    assert (read.info.name, read.data.params) == ("m", [ModelParam(key="k", value="v")])
    found = backend.call(SearchLoggedModels(experiment_ids=["0"], max_results=10)).models
    assert made.info.model_id in [model.info.model_id for model in found]
    backend.close()


def test_its_runs_are_compared(mlflow_url: str) -> None:
    backend = connect(mlflow_url)
    infos = [backend.call(CreateRun(experiment_id="0", start_time=1)).run.info for _ in range(2)]
    for number, info in enumerate(infos):
        metrics = [Metric(key="loss", value=0.5 + number, timestamp=2, step=1)]
        backend.call(LogBatch(run_id=info.run_id, metrics=metrics, params=[Param(key="p", value=str(number))]))
        packages = io.BytesIO(f"numpy=={number}\n".encode())
        backend.artifacts(info.artifact_uri).write("solvent/packages.txt", packages)
    found = ask_comparison(backend, CompareRuns(run_ids=[info.run_id for info in infos]))
    assert found.differing == ["environment", "params", "metrics"]
    assert found.packages[0].values == ["0", "1"]
    assert found.metrics[0].relative == [0.0, 2.0]
    assert found.code_changes[0].note == "the code of one of the runs was not recorded"
    backend.close()
