"""Whole histories come in pieces; multipart transfer is declined in MLflow's words."""

from __future__ import annotations

import pytest

from solvent.server import histories
from solvent.wire.metrics import Metric
from solvent.wire.runs import CreateRun, LogBatch
from tests.server.conftest import Web

POINTS = 25


@pytest.fixture
def run_id(web: Web) -> str:
    run_id = web.backend.call(CreateRun(experiment_id="0")).run.info.run_id
    points = [Metric(key="m", value=float(step), timestamp=step, step=step) for step in range(POINTS)]
    web.backend.call(LogBatch(run_id=run_id, metrics=points))
    return run_id


@pytest.mark.parametrize("page", [1, 7, POINTS, 10_000])
def test_a_history_is_whole_however_many_pieces_it_takes(
    web: Web, run_id: str, page: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(histories, "PAGE", page)
    answer = web.get(f"/api/2.0/mlflow/metrics/get-history?run_id={run_id}&metric_key=m")
    assert answer.status == 200
    assert [metric["step"] for metric in answer.json["metrics"]] == list(range(POINTS))
    assert ("content-length" in answer.headers) == (page >= POINTS)


def test_a_page_has_a_token_and_nothing_is_an_empty_object(web: Web, run_id: str) -> None:
    page = web.get(f"/api/2.0/mlflow/metrics/get-history?run_id={run_id}&metric_key=m&max_results=10").json
    assert len(page["metrics"]) == 10
    assert page["next_page_token"]
    assert web.get("/api/2.0/mlflow/metrics/get-history?run_id=nobody&metric_key=m").json == {}


def test_a_bad_request_is_told_before_anything_is_sent(web: Web) -> None:
    answer = web.get("/api/2.0/mlflow/metrics/get-history?run_id=x")
    assert answer.status == 400
    assert "metric_key" in answer.json["message"]


@pytest.mark.parametrize("step", ["create", "complete", "abort"])
def test_multipart_uploads_are_declined(web: Web, step: str) -> None:
    path = f"/api/2.0/mlflow-artifacts/mpu/{step}/0/run/artifacts"
    answer = web.post(path, {"path": "model.bin", "num_parts": 2, "upload_id": "x", "parts": []})
    assert (answer.status, answer.json["error_code"]) == (501, "NOT_IMPLEMENTED")
    assert answer.json["message"] == "Multipart upload is not supported for the current artifact repository"
    assert web.post(path, {}).status == 400
    assert web.post(f"/api/2.0/mlflow-artifacts/mpu/{step}/..%2Fx", {"path": "a"}).status == 400


def test_presigned_addresses_are_declined(web: Web) -> None:
    answer = web.get("/ajax-api/2.0/mlflow-artifacts/presigned/0/run/artifacts/model.bin")
    assert (answer.status, answer.json["error_code"]) == (501, "NOT_IMPLEMENTED")
    assert web.get("/api/2.0/mlflow-artifacts/presigned/..%2Fx").status == 400
