"""The server's log: what is in it, and what never is."""

from __future__ import annotations

import io
import json
import logging
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import urllib3

from solvent.server import logs
from solvent.server.logs import RequestLog

SCRIPT = """
import sys
from solvent.backend.resolve import open_embedded
from solvent.server.run import serve
if __name__ == "__main__":
    backend = open_embedded(sys.argv[1])
    serve(backend, port=0, workers=int(sys.argv[3]), log_format=sys.argv[2], on_listening=lambda url: print(url, flush=True))
    backend.close()
"""


def log_of(tmp_path: Path, form: str, workers: int = 1) -> str:
    """What a server logs while it is asked a few things."""
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    command = [sys.executable, str(script), str(tmp_path / "store"), form, str(workers)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        pool = urllib3.PoolManager(retries=urllib3.Retry(20, backoff_factor=0.1))
        assert pool.request("GET", f"{url}/health?token=hidden1").status == 200
        given = {"X-Request-ID": "mine-1", "Authorization": "Bearer hidden2"}
        answer = pool.request("GET", f"{url}/api/2.0/mlflow/runs/get?run_id=hidden3", headers=given)
        assert (answer.status, answer.headers["x-request-id"]) == (404, "mine-1")
        answer = pool.request("POST", f"{url}/api/2.0/mlflow/experiments/create", json={"name": "hidden4"})
        assert answer.status == 200
        bad = pool.request("GET", f"{url}/version", headers={"X-Request-ID": 'a"b hidden5'})
        assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]+", bad.headers["x-request-id"])
        pool.clear()
        process.terminate()
        _, text = process.communicate(timeout=30)
        assert process.returncode == 0
    assert "hidden" not in text
    return text


@pytest.mark.parametrize("workers", [1, 2])
def test_json_is_one_object_per_request(tmp_path: Path, workers: int) -> None:
    lines = [json.loads(line) for line in log_of(tmp_path, "json", workers).splitlines()]
    requests = {line["route"]: line for line in lines if line["event"] == "request"}
    assert {route: line["status"] for route, line in requests.items()} == {
        "/health": 200,
        "/api/2.0/mlflow/runs/get": 404,
        "/api/2.0/mlflow/experiments/create": 200,
        "/version": 200,
    }
    line = requests["/api/2.0/mlflow/runs/get"]
    assert line["request_id"] == "mine-1"
    assert set(line) == {"time", "level", "event", "method", "route", "status", "ms", "bytes", "request_id"}
    assert (line["method"], line["level"], line["ms"] > 0, line["bytes"] > 0) == ("GET", "info", True, True)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["time"])


def test_text_is_one_line_per_request(tmp_path: Path) -> None:
    lines = [line for line in log_of(tmp_path, "text").splitlines() if "mine-1" in line]
    assert len(lines) == 1
    assert re.fullmatch(r"\S+Z info GET /api/2.0/mlflow/runs/get 404 [\d.]+ms \d+B mine-1", lines[0])


def test_what_goes_wrong_has_the_same_form(monkeypatch: pytest.MonkeyPatch) -> None:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(root, "level", logging.WARNING)
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    logs.configure("json")
    try:
        raise ValueError("wrong\nvalue")
    except ValueError:
        logging.getLogger("solvent.x").exception("failed on %s", "this")
    line = json.loads(stream.getvalue())
    assert (line["level"], line["logger"], line["message"]) == ("error", "solvent.x", "failed on this")
    assert "ValueError: wrong\nvalue" in line["exception"]
    stream.truncate(0)
    stream.seek(0)
    logs.configure("text")
    logging.getLogger("solvent.x").warning("careful")
    assert stream.getvalue().endswith(" warning solvent.x: careful\n")


class Stuck(io.StringIO):
    """A pipe that nobody reads, until it is released."""

    def __init__(self) -> None:
        super().__init__()
        self.released = threading.Event()

    def write(self, text: str) -> int:
        self.released.wait(30)
        return super().write(text)


def test_a_log_that_stands_still_holds_up_nobody(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(logs, "_MOST_WAITING", 10)
    stream = Stuck()
    log = RequestLog("text", stream)
    for number in range(100):
        log.request("GET", "/version", 200, 0.001, 1, f"id-{number}")
    stream.released.set()
    log.close()
    written = stream.getvalue().splitlines()
    assert written[-1].endswith("id-99")
    dropped = [record.message for record in caplog.records]
    assert len(written) + sum(int(text.split()[0]) for text in dropped) == 100
    assert len(written) <= 20


def test_a_closed_log_is_no_error() -> None:
    stream = io.StringIO()
    log = RequestLog("json", stream)
    stream.close()
    log.request("GET", "/version", 200, 0.001, 1, "id")
    log.close()
    assert stream.closed
