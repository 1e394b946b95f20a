"""Writes in groups: who fails, fails alone; who leaves, leaves alone."""

from __future__ import annotations

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import msgspec

from solvent.wire.metrics import GetMetricHistory
from solvent.wire.runs import CreateRun
from tests.server.conftest import Web

LOG_METRIC = "/api/2.0/mlflow/runs/log-metric"


def new_run(web: Web) -> str:
    return web.backend.call(CreateRun(experiment_id="0")).run.info.run_id


def values(web: Web, run_id: str) -> list[float]:
    history = web.backend.call(GetMetricHistory(run_id=run_id, metric_key="m", max_results=25_000))
    return sorted(float(metric.value or 0) for metric in history.metrics)


def send(web: Web, run_id: str, value: float) -> socket.socket:
    """A log-metric request whose answer is not read yet."""
    body = msgspec.json.encode({"run_id": run_id, "key": "m", "value": value, "timestamp": 1, "step": int(value)})
    address = urlsplit(web.url)
    connection = socket.create_connection((address.hostname, address.port), timeout=20)
    head = f"POST {LOG_METRIC} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    connection.sendall(head.encode() + body)
    return connection


def test_a_client_that_leaves_in_mid_commit_takes_no_answer_with_it(web: Web) -> None:
    run_id = new_run(web)
    with web.backend.store._lock:  # the writer waits here: all that comes now is one or two groups
        clients = [send(web, run_id, value) for value in range(20)]
        time.sleep(0.1)
        for leaving in clients[::3]:
            leaving.close()
        time.sleep(0.1)
    for number, client in enumerate(clients):
        if number % 3:
            assert client.recv(65536).startswith(b"HTTP/1.1 200")
            client.close()
    assert values(web, run_id) == list(range(20))
    assert web.get("/health").status == 200


def test_a_bad_request_in_a_group_fails_alone(web: Web) -> None:
    run_id = new_run(web)
    with web.backend.store._lock:
        clients = [send(web, "none" if value % 4 == 0 else run_id, value) for value in range(12)]
        time.sleep(0.1)
    for number, client in enumerate(clients):
        assert client.recv(65536)[9:12] == (b"404" if number % 4 == 0 else b"200")
        client.close()
    assert values(web, run_id) == [value for value in range(12) if value % 4]


def test_fifty_clients_at_once_are_all_answered(web: Web) -> None:
    run_id = new_run(web)

    def client(number: int) -> list[int]:
        points = range(number * 20, number * 20 + 20)
        return [
            web.post(LOG_METRIC, {"run_id": run_id, "key": "m", "value": p, "timestamp": 1, "step": p}).status
            for p in points
        ]

    with ThreadPoolExecutor(50) as pool:
        statuses = [status for answers in pool.map(client, range(50)) for status in answers]
    assert statuses == [200] * 1000
    assert values(web, run_id) == list(range(1000))


def test_a_value_beyond_64_bits_is_refused(web: Web) -> None:
    body = {"run_id": new_run(web), "key": "m", "value": 1, "timestamp": 2**70, "step": 0}
    answer = web.post(LOG_METRIC, body)
    assert (answer.status, answer.json["error_code"]) == (400, "INVALID_PARAMETER_VALUE")
