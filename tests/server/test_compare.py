"""Comparing over HTTP: which files the server gives away for it."""

from __future__ import annotations

import io
from pathlib import Path

from solvent.backend.resolve import open_embedded
from solvent.server.loopback import Loopback
from solvent.wire.experiments import CreateExperiment
from solvent.wire.runs import CreateRun
from tests.server.conftest import Web

PATH = "/api/solvent/v1/runs/compare"


def test_files_of_foreign_places_are_not_read(web: Web, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    foreign = web.backend.call(CreateExperiment(name="foreign", artifact_location=str(secret))).experiment_id
    runs = [web.backend.call(CreateRun(experiment_id=number)).run.info for number in (foreign, "0")]
    for info in runs:
        web.backend.artifacts(info.artifact_uri).write("solvent/packages.txt", io.BytesIO(b"mine==1\n"))
    found = web.get(f"{PATH}?run_ids={runs[0].run_id}&run_ids={runs[1].run_id}").json
    assert "outside the server's artifact folder" in found["runs"][0]["unread"][0]
    assert found["packages"] == [{"key": "mine", "differs": False, "values": [None, "1"]}]


def test_a_server_that_serves_no_files_says_so(tmp_path: Path) -> None:
    backend = open_embedded(str(tmp_path))
    run_id = backend.call(CreateRun()).run.info.run_id
    with Loopback(backend, serve_artifacts=False) as loopback:
        client = Web(loopback.url, backend)
        answer = client.get(f"{PATH}?run_ids={run_id}&run_ids={run_id}")
        client.close()
    backend.close()
    assert answer.status == 200
    assert "--no-serve-artifacts" in answer.json["runs"][1]["unread"][0]


def test_a_question_of_the_wrong_form_is_refused(web: Web) -> None:
    for query in ("", "?run_ids=a", "?run_ids=" + "&run_ids=".join("x" * 21), "?run_ids=a&run_ids=b&code=perhaps"):
        answer = web.get(PATH + query)
        assert (answer.status, answer.json["error_code"]) == (400, "INVALID_PARAMETER_VALUE"), query
    assert web.get(f"{PATH}?run_ids=none&run_ids=none").status == 404
