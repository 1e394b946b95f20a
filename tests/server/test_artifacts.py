"""Artifact endpoints: the proxy, and the files of runs and models."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvent.backend.resolve import open_embedded
from solvent.server.loopback import Loopback
from solvent.wire.experiments import CreateExperiment
from solvent.wire.runs import CreateRun
from tests.server.conftest import Web

PROXY = "/api/2.0/mlflow-artifacts/artifacts"
_numbers = itertools.count()


@pytest.fixture
def folder() -> str:
    return f"test-{next(_numbers)}"


@pytest.mark.parametrize(
    ("asked", "status", "content"),
    [
        ("bytes=0-3", 206, b"0123"),
        ("bytes=8-", 206, b"89"),
        ("bytes=-2", 206, b"89"),
        ("bytes=-99", 206, b"0123456789"),
        ("bytes=5-99", 206, b"56789"),
        ("bytes=10-", 416, b""),
        ("bytes=-0", 416, b""),
        ("bytes=5-2", 200, b"0123456789"),
        ("bytes=0-1,3-4", 200, b"0123456789"),
        ("bytes=-", 200, b"0123456789"),
        ("lines=1-2", 200, b"0123456789"),
        ("bytes=" + "9" * 5000 + "-", 200, b"0123456789"),
    ],
)
def test_ranges(web: Web, folder: str, asked: str, status: int, content: bytes) -> None:
    web.put(f"{PROXY}/{folder}/digits", b"0123456789")
    answer = web.get(f"{PROXY}/{folder}/digits", headers={"range": asked})
    assert (answer.status, answer.body) == (status, content)
    if status == 416:
        assert answer.headers["content-range"] == "bytes */10"


def test_head_says_the_size_alone(web: Web, folder: str) -> None:
    web.put(f"{PROXY}/{folder}/digits", b"0123456789")
    answer = web.ask("HEAD", f"{PROXY}/{folder}/digits")
    assert (answer.status, answer.headers["content-length"], answer.body) == (200, "10", b"")


@pytest.mark.parametrize("name", ["evil.html", "evil.svg", "evil.js", "evil.xml", "evil"])
def test_no_file_runs_in_a_browser(web: Web, folder: str, name: str) -> None:
    web.put(f"{PROXY}/{folder}/{name}", b"<script>alert(1)</script>")
    headers = web.get(f"{PROXY}/{folder}/{name}").headers
    assert headers["content-type"] == "application/octet-stream"
    assert headers["content-disposition"].startswith("attachment;")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "sandbox; default-src 'none'"


def test_a_name_cant_break_the_header(web: Web, folder: str) -> None:
    name = quote('a";\tx=ü'.replace("\t", " "))
    web.put(f"{PROXY}/{folder}/{name}", b"x")
    assert web.get(f"{PROXY}/{folder}/{name}").headers["content-disposition"] == f"attachment; filename*=UTF-8''{name}"


CLIMBS = [
    "../../etc/passwd", "..%2f..%2fetc/passwd", "%2e%2e/%2e%2e/etc/passwd", "%252e%252e/etc/passwd", "/etc/passwd",
    "%2fetc/passwd", "a/..%5c..%5cetc", "a%00b", "C:%5cx", "a%23b", "..;/x",
]  # fmt: skip


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
@pytest.mark.parametrize("path", CLIMBS[:-1])
def test_no_path_climbs_out(web: Web, method: str, path: str) -> None:
    answer = web.ask(method, f"{PROXY}/{path}", body=b"x" if method == "PUT" else None)
    assert answer.status in (400, 404), answer.body  # 404: the client itself has normalised the path away
    assert b"root:" not in answer.body


@settings(max_examples=200, deadline=None)
@given(path=st.text(st.sampled_from("./\\%25ecf#?:;\x00 aü"), min_size=1, max_size=20), method=st.sampled_from(["PUT", "GET", "DELETE"]))  # fmt: skip
def test_no_path_is_an_accident(web: Web, path: str, method: str) -> None:
    root = web.backend.artifact_folder
    answer = web.ask(method, f"{PROXY}/{quote(path, safe='%/')}", body=b"x" if method == "PUT" else None)
    assert answer.status < 500, answer.body
    outside = {"solvent.db", "solvent.db-wal", "solvent.db-shm", "artifacts", ".gitignore"}
    assert {entry.name for entry in root.parent.iterdir()} <= outside


def test_listing_names_the_entries_of_a_folder(web: Web, folder: str) -> None:
    web.put(f"{PROXY}/{folder}/a/b.txt", b"12")
    assert web.get(f"{PROXY}?path={folder}").json == {"files": [{"path": "a", "is_dir": True}]}
    assert web.get(f"{PROXY}?path={folder}/a").json["files"] == [{"path": "b.txt", "is_dir": False, "file_size": 2}]
    assert web.get(f"{PROXY}?path=none").json == {}
    assert web.get(f"{PROXY}?path=../..").status == 400


def test_a_runs_files_are_listed_sent_and_received(web: Web) -> None:
    info = web.backend.call(CreateRun(experiment_id="0")).run.info
    run = f"run_uuid={info.run_id}"
    assert web.put(f"{PROXY}/0/{info.run_id}/artifacts/m/a.csv", b"1,2").status == 200
    assert web.ask("POST", f"/ajax-api/2.0/mlflow/upload-artifact?{run}&path=m/b.csv", body=b"3").status == 200
    listing = web.get(f"/api/2.0/mlflow/artifacts/list?run_id={info.run_id}&path=m").json
    assert listing["root_uri"] == info.artifact_uri
    assert [entry["path"] for entry in listing["files"]] == ["m/a.csv", "m/b.csv"]
    assert web.get(f"/get-artifact?{run}&path=m/b.csv").body == b"3"
    assert web.get(f"/get-artifact?{run}&path=../../../solvent.db").status == 400
    assert web.get("/get-artifact?run_uuid=none&path=a").status == 404
    assert web.get(f"/get-artifact?{run}").status == 400
    too_large = web.ask("POST", f"/ajax-api/2.0/mlflow/upload-artifact?{run}&path=c", body=b"x" * (10 << 20 | 1))
    assert too_large.status == 413
    assert web.get(f"/get-artifact?{run}&path=c").status == 404


def test_an_experiment_elsewhere_does_not_open_the_servers_disk(web: Web, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    for number, location in enumerate([str(tmp_path), f"file://{tmp_path}", f"file://localhost{tmp_path}"]):
        created = web.post("/api/2.0/mlflow/experiments/create", {"name": f"e{number}", "artifact_location": location})
        if created.status != 200:
            continue
        run = web.post("/api/2.0/mlflow/runs/create", created.json).json["run"]["info"]
        assert web.get(f"/api/2.0/mlflow/artifacts/list?run_id={run['run_id']}").status == 403
        assert web.get(f"/get-artifact?run_uuid={run['run_id']}&path=secret").status == 403


def test_an_address_that_climbs_is_not_served(web: Web) -> None:
    name = {"name": "climbs", "artifact_location": "mlflow-artifacts:/../.."}
    created = web.post("/api/2.0/mlflow/experiments/create", name)
    if created.status == 200:
        run = web.post("/api/2.0/mlflow/runs/create", created.json).json["run"]["info"]
        assert web.get(f"/api/2.0/mlflow/artifacts/list?run_id={run['run_id']}").status == 400


@pytest.fixture
def configured(tmp_path: Path) -> Iterator[Web]:
    """A server whose operator keeps runs in a folder of their own, and has switched the proxy off."""
    backend = open_embedded(str(tmp_path / "store"), default_artifact_root=f"file://{tmp_path}/runs")
    with Loopback(backend, serve_artifacts=False) as loopback:
        client = Web(loopback.url, backend)
        yield client
        client.close()
    backend.close()


def test_the_operators_own_folder_is_served(configured: Web, tmp_path: Path) -> None:
    experiment = configured.backend.call(CreateExperiment(name="a")).experiment_id
    run = configured.backend.call(CreateRun(experiment_id=experiment)).run.info
    assert run.artifact_uri == f"file://{tmp_path}/runs/{experiment}/{run.run_id}/artifacts"
    place = tmp_path / "runs" / experiment / run.run_id / "artifacts"
    place.mkdir(parents=True)
    (place / "a").write_text("x")
    assert configured.get(f"/get-artifact?run_uuid={run.run_id}&path=a").body == b"x"


def test_the_proxy_can_be_switched_off(configured: Web) -> None:
    for answer in (configured.get(PROXY), configured.put(f"{PROXY}/a", b"x"), configured.get(f"{PROXY}/a")):
        assert (answer.status, "--no-serve-artifacts" in answer.json["message"]) == (503, True)
