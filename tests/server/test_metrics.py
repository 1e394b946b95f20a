"""What Prometheus reads, as its own parser understands it."""

from __future__ import annotations

import time
from pathlib import Path

import msgspec
import pytest
import urllib3
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from solvent.backend.embedded import EmbeddedBackend
from solvent.server.loopback import Loopback
from solvent.server.metrics import SECONDS, Counts, Histogram, Metrics
from solvent.store.store import Store
from tests.server.conftest import Web
from tests.server.test_run import running, wait_for

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def samples(text: str) -> Samples:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def read(url: str) -> Samples:
    answer = urllib3.request("GET", f"{url}/metrics")
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    return samples(answer.data.decode())


def value(found: Samples, name: str, **labels: str) -> float:
    return found.get((name, frozenset(labels.items())), 0.0)


def test_requests_and_commits_are_counted(backend: EmbeddedBackend) -> None:
    with Loopback(backend) as loopback:
        web = Web(loopback.url, backend)
        run_id = web.post("/api/2.0/mlflow/runs/create", {"experiment_id": "0"}).json["run"]["info"]["run_id"]
        metric = {"run_id": run_id, "key": "m", "value": 1.0, "timestamp": 1}
        for step in range(5):
            assert web.post("/api/2.0/mlflow/runs/log-metric", metric | {"step": step}).status == 200
        assert web.get("/api/2.0/mlflow/runs/get?run_id=nothing").status == 404
        assert web.put(f"/api/2.0/mlflow-artifacts/artifacts/0/{run_id}/artifacts/secret-name.txt", b"x").status == 200
        assert web.get(f"/api/2.0/mlflow/{run_id}/nothing").status in (200, 404)
        assert web.ask("PROPFIND", "/api/2.0/mlflow/nothing").status == 404
        found = read(loopback.url)
        web.close()
    route = "/api/2.0/mlflow/runs/log-metric"
    assert value(found, "solvent_requests_total", method="POST", route=route, status="200") == 5
    assert value(found, "solvent_requests_total", method="GET", route="/api/2.0/mlflow/runs/get", status="404") == 1
    template = "/api/2.0/mlflow-artifacts/artifacts/{path:path}"
    assert value(found, "solvent_requests_total", method="PUT", route=template, status="200") == 1
    assert value(found, "solvent_requests_total", method="other", route="unmatched", status="404") == 1
    assert value(found, "solvent_request_seconds_count", route=route) == 5
    assert value(found, "solvent_request_seconds_bucket", route=route, le="+Inf") == 5
    assert 0 < value(found, "solvent_request_seconds_sum", route=route) < 60
    assert value(found, "solvent_writer_group_size_sum") == 6
    assert value(found, "solvent_commit_seconds_count") == value(found, "solvent_writer_group_size_count") > 0
    assert value(found, "solvent_writer_queue") == 0
    assert value(found, "solvent_requests_running") == 1  # this one
    assert value(found, "solvent_database_bytes") > 10_000
    assert value(found, "process_resident_memory_bytes") > 1 << 20
    assert not any("secret-name" in label or run_id in label for _, labels in found for _, label in labels)


def test_what_clients_send_does_not_grow_it(backend: EmbeddedBackend) -> None:
    with Loopback(backend) as loopback:
        web = Web(loopback.url, backend)
        for number in range(30):
            web.get(f"/nothing/{number}")
            web.post(f"/api/2.0/nothing/{number}", {})
            web.ask("PROPFIND", f"/{number}")
            web.get(f"/api/2.0/mlflow-artifacts/artifacts/{number}")
        found = read(loopback.url)
        web.close()
    assert sum(name == "solvent_requests_total" for name, _ in found) < 10


def test_the_processes_of_a_server_count_together(tmp_path: Path) -> None:
    with running(tmp_path, workers=2) as (process, url):
        wait_for(url)
        asked = 40
        for _ in range(asked):
            assert urllib3.request("GET", f"{url}/version").status == 200
        for _ in range(100):  # the other process tells every second
            found = read(url)
            if value(found, "solvent_requests_total", method="GET", route="/version", status="200") == asked:
                break
            time.sleep(0.1)
        else:
            pytest.fail("the counts of both processes were never seen together")
        process.terminate()
        assert process.wait(20) == 0


def test_the_counts_of_a_dead_process_stay(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.db")
    dead = Counts(requests={"GET /version 200": 7}, running=3, memory=1 << 40)
    (tmp_path / "4194305.json").write_bytes(msgspec.json.encode(dead))
    (tmp_path / "4194306.json").write_bytes(b"half a fi")
    metrics = Metrics(tmp_path)
    metrics.request("GET", "/version", 200, 0.1, 5)
    found = samples(metrics.text(store, 0).decode())
    assert value(found, "solvent_requests_total", method="GET", route="/version", status="200") == 8
    assert value(found, "solvent_requests_running") == 0
    assert value(found, "process_resident_memory_bytes") < 1 << 40
    metrics.close()
    store.close()


@given(st.lists(st.floats(0, 20)))
def test_buckets_hold_what_is_at_most_their_bound(values: list[float]) -> None:
    histogram = Histogram([0] * (len(SECONDS) + 1))
    for seconds in values:
        histogram.add(SECONDS, seconds)
    for place, bound in enumerate(SECONDS):
        assert sum(histogram.counts[: place + 1]) == sum(seconds <= bound for seconds in values)
    assert sum(histogram.counts) == len(values)
    assert histogram.total == pytest.approx(sum(values))
