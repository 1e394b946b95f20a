"""Requests of a gigabyte: refused, or passed through, and never held in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import urllib3

from tests.faults.server import KilledServer
from tests.faults.writers import API

pytestmark = [
    pytest.mark.faults,
    pytest.mark.xdist_group("large requests"),
    pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads the peak of memory from /proc"),
]

MEGABYTE = 1 << 20
GIGABYTE = 1 << 30
SEARCH = f"{API}/runs/search"
FILE = f"{API}-artifacts/artifacts/gigabyte.bin"
JSON = {"Content-Type": "application/json"}


class Watched(KilledServer):
    def peak(self) -> int:
        """Bytes of memory that its process has held at most."""
        assert self._process is not None
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return next(int(line.split()[1]) << 10 for line in status.splitlines() if line.startswith("VmHWM"))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Watched]:
    server = Watched(tmp_path)
    server.start()
    yield server
    server.kill()


@pytest.fixture
def http() -> urllib3.PoolManager:
    return urllib3.PoolManager(retries=False, timeout=120, maxsize=50)


def zeros(size: int) -> Iterator[bytes]:
    piece = bytes(MEGABYTE)
    for _ in range(size // MEGABYTE):
        yield piece


@pytest.mark.parametrize("length", [{"Content-Length": str(GIGABYTE)}, {"Transfer-Encoding": "chunked"}])
def test_a_json_body_of_a_gigabyte_is_refused(
    server: Watched, http: urllib3.PoolManager, length: dict[str, str]
) -> None:
    before = server.peak()
    answer = http.request("POST", server.url + SEARCH, body=zeros(GIGABYTE), headers=JSON | length)
    assert answer.status == 413
    assert answer.json()["message"].startswith("the request body is larger than")
    assert server.peak() - before < 100 * MEGABYTE
    assert http.request("GET", f"{server.url}/health").data == b"OK"


def test_a_file_of_a_gigabyte_passes_through(server: Watched, http: urllib3.PoolManager, tmp_path: Path) -> None:
    before = server.peak()
    assert http.request("PUT", server.url + FILE, body=zeros(GIGABYTE)).status == 200
    answer = http.request("GET", server.url + FILE, preload_content=False)
    digest, size = hashlib.blake2b(), 0
    for piece in answer.stream(MEGABYTE):
        digest.update(piece)
        size += len(piece)
    assert size == GIGABYTE
    expected = hashlib.blake2b()
    for piece in zeros(GIGABYTE):
        expected.update(piece)
    assert digest.digest() == expected.digest()
    assert server.peak() - before < 100 * MEGABYTE
    assert http.request("DELETE", server.url + FILE).status == 200
    assert [path for path in (tmp_path / "artifacts").rglob("*") if path.is_file()] == []


def test_many_large_bodies_at_once_are_not_all_held(server: Watched, http: urllib3.PoolManager) -> None:
    body = b'{"experiment_ids": ["0"]}' + b" " * (40 * MEGABYTE)

    def send(_: int) -> int:
        return http.request("POST", server.url + SEARCH, body=body, headers=JSON).status

    before = server.peak()
    with ThreadPoolExecutor(40) as pool:
        statuses = list(pool.map(send, range(40)))
    assert set(statuses) <= {200, 503}
    assert 200 in statuses
    assert server.peak() - before < 700 * MEGABYTE, "40 bodies of 40 MB were held at once"
