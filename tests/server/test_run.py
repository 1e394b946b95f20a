"""The server as a process of its own: its socket, its memory, its end."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
import urllib3

from solvent.backend.resolve import connect, open_embedded
from solvent.errors import InvalidInput, SolventError, Unavailable
from solvent.server.run import listen, serve, url_of
from solvent.wire.experiments import CreateExperiment, GetExperiment
from solvent.wire.metrics import GetMetricHistory
from solvent.wire.runs import CreateRun, LogMetric

SCRIPT = """
import sys
from solvent.backend.resolve import open_embedded
from solvent.server.run import serve
if __name__ == "__main__":
    backend = open_embedded(sys.argv[1])
    serve(backend, port=0, workers=int(sys.argv[2]), on_listening=lambda url: print(url, flush=True))
    backend.close()
    print("closed", flush=True)
"""


@contextmanager
def running(tmp_path: Path, workers: int = 1) -> Iterator[tuple[subprocess.Popen[str], str]]:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    command = [sys.executable, str(script), str(tmp_path / "store"), str(workers)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


def wait_for(url: str) -> None:
    """Until all that starts slowly answers."""
    assert urllib3.request("GET", f"{url}/health", retries=urllib3.Retry(20, backoff_factor=0.1)).status == 200


def test_a_port_in_use_is_one_clear_line(tmp_path: Path) -> None:
    backend = open_embedded(str(tmp_path))
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Unavailable, match=rf"^port {port} on 127\.0\.0\.1 is in use: .*--port$"):
            serve(backend, port=port)
    backend.close()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.com"])
def test_other_machines_are_let_in_only_on_purpose(tmp_path: Path, host: str) -> None:
    backend = open_embedded(str(tmp_path))
    with pytest.raises(InvalidInput, match=r"nobody would be asked who they are: .*--insecure"):
        serve(backend, host)
    backend.close()


@pytest.mark.parametrize(
    ("host", "port"), [("no such host", 1), ("192.0.2.1", 0), ("127.0.0.1", 70_000), ("127.0.0.1", -1)]
)
def test_what_cant_be_listened_on_is_said(host: str, port: int) -> None:
    with pytest.raises(SolventError) as refused:
        listen(host, port)
    assert "\n" not in str(refused.value)


def test_the_url_is_one_that_a_browser_opens() -> None:
    with listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        assert url_of("0.0.0.0", listener) == f"http://127.0.0.1:{port}"
        assert url_of("::1", listener) == f"http://[::1]:{port}"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_after_what_had_come_is_committed(tmp_path: Path, number: signal.Signals) -> None:
    with running(tmp_path) as (process, url):
        backend = connect(url)
        run_id = backend.call(CreateRun(experiment_id="0")).run.info.run_id
        acknowledged = []

        def client(first: int) -> None:
            for step in range(first, 100_000, 8):
                try:
                    backend.call(LogMetric(run_id=run_id, key="m", value=1.0, timestamp=1, step=step))
                except SolventError:
                    return
                acknowledged.append(step)

        with ThreadPoolExecutor(8) as pool:
            for first in range(8):
                pool.submit(client, first)
            while len(acknowledged) < 50:
                time.sleep(0.01)
            process.send_signal(number)
        assert process.wait(20) == 0
        assert process.stdout is not None
        assert process.stdout.read() == "closed\n"
        backend.close()
    store = open_embedded(str(tmp_path / "store"))
    history = store.call(GetMetricHistory(run_id=run_id, metric_key="m", max_results=25_000))
    store.close()
    assert set(acknowledged) <= {metric.step or 0 for metric in history.metrics}


def test_an_idle_connection_does_not_delay_the_end(tmp_path: Path) -> None:
    with running(tmp_path) as (process, url):
        wait_for(url)
        with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2]))) as idle:
            idle.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert idle.recv(1000).startswith(b"HTTP/1.1 200")
            process.terminate()
            assert process.wait(15) == 0


def test_several_processes_share_one_store(tmp_path: Path) -> None:
    with running(tmp_path, workers=2) as (process, url):
        wait_for(url)

        def create(number: int) -> str:
            backend = connect(url)
            try:
                return backend.call(CreateExperiment(name=f"e{number}")).experiment_id
            finally:
                backend.close()

        with ThreadPoolExecutor(8) as pool:
            ids = list(pool.map(create, range(40)))
        assert len(set(ids)) == 40
        near, far = open_embedded(str(tmp_path / "store")), connect(url)
        for experiment_id in ids:
            assert far.call(GetExperiment(experiment_id=experiment_id)) == near.call(
                GetExperiment(experiment_id=experiment_id)
            )
        near.close()
        far.close()
        process.terminate()
        assert process.wait(20) == 0


@pytest.mark.faults
def test_the_processes_end_with_their_parent(tmp_path: Path) -> None:
    with running(tmp_path, workers=2) as (process, url):
        wait_for(url)
        process.kill()
        process.wait()
        port = int(url.rpartition(":")[2])
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
            except ConnectionRefusedError:
                return
            time.sleep(0.1)
        pytest.fail("a worker still listens after its parent is gone")


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads memory from /proc")
def test_large_files_pass_through_without_being_held(tmp_path: Path) -> None:
    size, chunk = 50 << 20, os.urandom(1 << 20)
    with running(tmp_path) as (process, url):
        wait_for(url)
        pool = urllib3.PoolManager(retries=False)
        address = f"{url}/api/2.0/mlflow-artifacts/artifacts/big"
        before = _peak(process)
        assert pool.request("PUT", address, body=(chunk for _ in range(50))).status == 200
        with pool.request("GET", address, preload_content=False) as answer:
            received = sum(len(part) for part in answer.stream(1 << 20))
        assert received == size
        assert _peak(process) - before < 25 << 20
        pool.clear()
        process.terminate()
        assert process.wait(15) == 0
    assert (tmp_path / "store/artifacts/big").stat().st_size == size


def test_a_broken_off_upload_leaves_nothing(tmp_path: Path) -> None:
    with running(tmp_path) as (process, url):
        wait_for(url)
        with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2]))) as client:
            head = "PUT /api/2.0/mlflow-artifacts/artifacts/folder/half HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000000\r\n\r\n"
            client.sendall(head.encode() + b"x" * 2_000_000)
        process.terminate()
        assert process.wait(15) == 0
    folder = tmp_path / "store/artifacts/folder"
    assert not folder.exists() or list(folder.iterdir()) == []


def _peak(process: subprocess.Popen[str]) -> int:
    """The most memory (bytes) that the process has held so far."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return next(int(line.split()[1]) << 10 for line in status.splitlines() if line.startswith("VmHWM"))
