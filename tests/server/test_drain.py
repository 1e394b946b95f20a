"""The end of a server with requests in flight: each is answered, and what was answered is kept."""

from __future__ import annotations

import json
import signal
import socket
import time
from pathlib import Path

import pytest

from solvent.backend.resolve import connect, open_embedded
from solvent.wire.metrics import GetMetricHistory
from solvent.wire.runs import CreateRun
from tests.server.test_run import running, wait_for


def begin(url: str, method: str, path: str, length: int) -> socket.socket:
    """A request whose head has been sent, and no byte of its body."""
    client = socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), timeout=30)
    head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    client.sendall(head.encode())
    return client


def finish(client: socket.socket, body: bytes) -> int:
    """Send the body; the status of the answer."""
    with client:
        client.sendall(body)
        answer = b""
        while b"\r\n\r\n" not in answer:
            part = client.recv(65536)
            assert part, "the connection was closed before its answer"
            answer += part
    return int(answer.split()[1])


def wait_until_it_listens_no_more(url: str) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2]))).close()
        except ConnectionRefusedError:
            return
        time.sleep(0.05)
    pytest.fail("it still listens")


@pytest.mark.parametrize("workers", [1, 2])
def test_requests_in_flight_are_answered_and_kept(tmp_path: Path, workers: int) -> None:
    """Their heads have come before SIGTERM, their bodies come after it."""
    with running(tmp_path, workers) as (process, url):
        wait_for(url)
        backend = connect(url)
        run_id = backend.call(CreateRun(experiment_id="0")).run.info.run_id
        backend.close()
        metric = {"run_id": run_id, "key": "m", "value": 1.0, "timestamp": 1}
        bodies = [json.dumps(metric | {"step": step}).encode() for step in range(20)]
        writes = [begin(url, "POST", "/api/2.0/mlflow/runs/log-metric", len(body)) for body in bodies]
        file = bytes(5 << 20)
        path = f"/api/2.0/mlflow-artifacts/artifacts/0/{run_id}/artifacts/big"
        upload = begin(url, "PUT", path, len(file))
        upload.sendall(file[: 1 << 20])
        for _ in range(2 * workers):  # all of them have been read when each process has answered another
            wait_for(url)
        process.send_signal(signal.SIGTERM)
        wait_until_it_listens_no_more(url)
        assert [finish(client, body) for client, body in zip(writes, bodies, strict=True)] == [200] * 20
        assert finish(upload, file[1 << 20 :]) == 200
        assert process.wait(20) == 0
    store = open_embedded(str(tmp_path / "store"))
    history = store.call(GetMetricHistory(run_id=run_id, metric_key="m")).metrics
    assert [point.step for point in history] == list(range(20))
    assert store.artifacts(f"mlflow-artifacts:/0/{run_id}/artifacts").size("big") == len(file)
    store.close()
