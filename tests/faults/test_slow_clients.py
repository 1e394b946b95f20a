"""Clients that are slow on purpose are cut off in bounded time, and nobody else waits for them."""

from __future__ import annotations

import itertools
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import urllib3

from solvent.backend.resolve import open_embedded
from solvent.server import patience
from solvent.server.loopback import Loopback
from tests.faults.raw import Drip, connect, head, read_to_end, request
from tests.faults.writers import API, TIME, post

pytestmark = pytest.mark.faults

FILE = f"{API}-artifacts/artifacts/large.bin"
SIZE = 8 << 20
MANY = 40


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server with a file and a tag that are larger than what the system's buffers hold, and little patience."""
    monkeypatch.setattr(patience, "HEAD_SECONDS", 1.0)
    monkeypatch.setattr(patience, "STALL_SECONDS", 1.0)
    backend = open_embedded(str(tmp_path))
    with Loopback(backend) as loopback:
        yield loopback.url
    backend.close()


@pytest.fixture
def http() -> urllib3.PoolManager:
    return urllib3.PoolManager(retries=False, timeout=30)


def others_are_served(http: urllib3.PoolManager, url: str) -> None:
    """A read, a write and an upload are answered."""
    run = post(http, url, "runs/create", {"experiment_id": "0", "start_time": TIME})["run"]["info"]["run_id"]
    post(http, url, "runs/log-metric", {"run_id": run, "key": "m", "value": 1.0, "timestamp": TIME})
    assert http.request("PUT", f"{url}{API}-artifacts/artifacts/others/{run}", body=b"x").status == 200
    assert http.request("GET", f"{url}/health").data == b"OK"


def test_heads_that_never_end_are_cut(url: str, http: urllib3.PoolManager) -> None:
    with ExitStack() as stack:
        slow = [stack.enter_context(connect(url)) for _ in range(MANY)]
        for connection in slow:
            Drip(connection, itertools.chain([b"GET / HTTP/1.1\r\n"], itertools.repeat(b"X: y\r\n")), 0.1)
        silent = stack.enter_context(connect(url))
        others_are_served(http, url)
        assert [read_to_end(connection) for connection in [*slow, silent]] == [b""] * (MANY + 1)


@pytest.mark.parametrize(
    ("method", "path"), [("POST", f"{API}/runs/create"), ("PUT", FILE), ("POST", "/no/such/endpoint")]
)
def test_bodies_that_never_end_are_cut(url: str, http: urllib3.PoolManager, method: str, path: str) -> None:
    with ExitStack() as stack:
        slow = [stack.enter_context(connect(url)) for _ in range(MANY)]
        for connection in slow:
            Drip(connection, itertools.chain([head(method, path, 10_000)], itertools.repeat(b" ")), 0.1)
        others_are_served(http, url)
        for connection in slow:
            assert b" 200 " not in read_to_end(connection)[:15]
    assert http.request("GET", url + FILE).status == 404, "half a file was kept"


def test_a_second_request_that_never_ends_is_cut(url: str) -> None:
    with connect(url) as connection:
        connection.sendall(request("GET", "/health") + b"GET / HT")
        assert read_to_end(connection).count(b"HTTP/1.1") == 1


def test_a_body_that_comes_slowly_but_steadily_is_taken(url: str) -> None:
    piece = b" " * patience.LEAST_PROGRESS
    body = [b"{}", *[piece] * 20]
    with connect(url) as connection:
        content = [head("POST", f"{API}/runs/search", sum(map(len, body))), *body]
        Drip(connection, content, 0.15)  # three times longer than the server's patience with one that stalls
        assert connection.recv(15) == b"HTTP/1.1 200 OK"


@pytest.mark.parametrize("kind", ["file", "json"])
def test_clients_that_do_not_read_are_cut(url: str, http: urllib3.PoolManager, kind: str) -> None:
    assert http.request("PUT", url + FILE, body=b"x" * SIZE).status == 200
    tags = [{"key": f"t{number}", "value": "v" * 8_000} for number in range(100)]
    for _ in range(10):
        post(http, url, "runs/create", {"experiment_id": "0", "start_time": TIME, "tags": tags})
    asked = request("GET", FILE) if kind == "file" else request("POST", f"{API}/runs/search", {"experiment_ids": ["0"]})
    with ExitStack() as stack:
        slow = [stack.enter_context(connect(url, receive_buffer=4096)) for _ in range(10)]
        for connection in slow:
            connection.sendall(asked)
        others_are_served(http, url)
        assert all(0 < trickle(connection) < SIZE for connection in slow[:1])
        assert all(len(read_to_end(connection)) < SIZE for connection in slow[1:])


def trickle(connection: socket.socket) -> int:
    """Read byte by byte with pauses for longer than the server's patience; how many came before the end."""
    pause = threading.Event()
    for _ in range(40):
        connection.recv(1)
        pause.wait(0.05)
    return len(read_to_end(connection)) + 40
