"""Many processes and many clients on one store: all are served, none waits for ever, nothing is lost."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import urllib3

from tests.faults.raw import connect, request
from tests.faults.rounds import ROUNDS, SEED, dice
from tests.faults.server import KilledServer
from tests.faults.workload import pieces
from tests.faults.writers import API, TIME, post
from tests.processes import bare_environment

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("many at once")]

CLIENTS = 200
REQUESTS = 10
LONGEST_WAIT = 60.0
"""Seconds: far beyond what is fair, short of what a client of ours would wait."""


@contextmanager
def serving(folder: Path, *flags: str, synchronous: str = "FULL") -> Iterator[KilledServer]:
    server = KilledServer(folder, *flags, synchronous=synchronous)
    server.start()
    try:
        yield server
    finally:
        server.kill()


def new_run(http: urllib3.PoolManager, url: str) -> str:
    run = post(http, url, "runs/create", {"experiment_id": "0", "start_time": TIME})
    return str(run["run"]["info"]["run_id"])


def point(run: str, key: str, step: int) -> dict[str, Any]:
    return {"run_id": run, "key": key, "value": step / 7, "timestamp": TIME, "step": step}


def metrics(folder: Path) -> set[tuple[Any, ...]]:
    """Run, key and step of all points; the store is sound and its summaries are true."""
    return {piece[1:4] for piece in pieces(folder / "solvent.db") if piece[0] == "metric"}


@pytest.mark.parametrize("synchronous", ["FULL", "NORMAL"])
@pytest.mark.parametrize("workers", ["1", "2"])
def test_two_hundred_clients_are_all_served(tmp_path: Path, workers: str, synchronous: str) -> None:
    with serving(tmp_path, "--workers", workers, synchronous=synchronous) as server:
        run = new_run(urllib3.PoolManager(), server.url)
        barrier = threading.Barrier(CLIENTS)

        def client(number: int) -> float:
            """The longest wait for an answer, in seconds."""
            http = urllib3.PoolManager(retries=False, timeout=LONGEST_WAIT)
            barrier.wait()
            waits = []
            for step in range(REQUESTS):
                start = time.monotonic()
                if step % 5 == 4:
                    assert http.request("GET", f"{server.url}{API}/runs/get?run_id={run}").status == 200
                post(http, server.url, "runs/log-metric", point(run, f"k{number}", step))
                waits.append(time.monotonic() - start)
            http.clear()
            return max(waits)

        with ThreadPoolExecutor(CLIENTS) as pool:
            longest = max(pool.map(client, range(CLIENTS)))
        found = metrics(tmp_path)
    assert found == {(run, f"k{number}", step) for number in range(CLIENTS) for step in range(REQUESTS)}
    print(f"\n{CLIENTS} clients, {workers} process(es): {CLIENTS * REQUESTS} writes, longest wait {longest:.1f} s")


@pytest.mark.parametrize("synchronous", ["FULL", "NORMAL"])
def test_a_database_that_another_process_holds_stalls_no_other_request(tmp_path: Path, synchronous: str) -> None:
    with serving(tmp_path, synchronous=synchronous) as server:
        http = urllib3.PoolManager(retries=False, timeout=LONGEST_WAIT)
        run = new_run(http, server.url)
        post(http, server.url, "runs/log-metric", point(run, "k", 0))
        holder = sqlite3.connect(tmp_path / "solvent.db", isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        with ThreadPoolExecutor(4) as pool:
            writes = [pool.submit(post, http, server.url, "runs/log-metric", point(run, "k", n)) for n in range(1, 5)]
            waits = []
            for _ in range(20):
                start = time.monotonic()
                assert http.request("GET", f"{server.url}{API}/runs/get?run_id={run}").status == 200
                assert http.request("GET", f"{server.url}/version").status == 200
                waits.append(time.monotonic() - start)
            assert not any(write.done() for write in writes), "a write was answered that can't have been kept"
            holder.execute("ROLLBACK")
            assert [write.result() for write in writes] == [{}] * 4
        holder.close()
        found = metrics(tmp_path)
    assert max(waits) < 5, "the loop waited for the database"
    assert found == {(run, "k", step) for step in range(5)}


COMMANDS = """
import sys
from solvent.cli.main import main
name, store = sys.argv[1:]
for number in range(4):
    sys.argv = ["solvent", "experiments", "create", "-n", f"{name}-{number}", "--tracking-uri", store]
    try:
        main()
    except SystemExit as end:
        if end.code:
            raise
"""


def test_two_servers_and_five_commands_share_one_file(tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path}/solvent.db"
    with serving(tmp_path) as one, serving(tmp_path) as two:
        run = new_run(urllib3.PoolManager(), one.url)
        stop = threading.Event()

        def client(number: int) -> list[int]:
            http, server = urllib3.PoolManager(retries=False, timeout=LONGEST_WAIT), (one, two)[number % 2]
            kept: list[int] = []
            while not stop.is_set() or len(kept) < 20:
                post(http, server.url, "runs/log-metric", point(run, f"k{number}", len(kept)))
                kept.append(len(kept))
            return kept

        with ThreadPoolExecutor(6) as pool:
            clients = [pool.submit(client, number) for number in range(6)]
            commands = [
                subprocess.Popen(
                    [sys.executable, "-c", COMMANDS, f"c{number}", store],
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                    env=bare_environment(),
                )
                for number in range(5)
            ]
            printed = [command.communicate(timeout=LONGEST_WAIT * 2) for command in commands]
            stop.set()
            kept = [result.result() for result in clients]
        assert [error for _, error in printed] == [""] * 5
        assert sum(out.count("Created experiment with ID") for out, _ in printed) == 20
        names = urllib3.request("POST", f"{two.url}{API}/experiments/search", json={"max_results": 100}).json()
    found = metrics(tmp_path)
    assert {e["name"] for e in names["experiments"]} == {"Default"} | {f"c{n}-{i}" for n in range(5) for i in range(4)}
    assert found == {(run, f"k{number}", step) for number, steps in enumerate(kept) for step in steps}


def test_clients_that_leave_and_bad_requests_disturb_nobody(tmp_path: Path) -> None:
    """Good clients write while others leave in the middle of their commits and others again send what is refused."""
    throw = dice("leavers")
    with serving(tmp_path) as server:
        run = new_run(urllib3.PoolManager(), server.url)
        post(urllib3.PoolManager(), server.url, "runs/log-parameter", {"run_id": run, "key": "taken", "value": "x"})
        stop = threading.Event()

        def good(number: int) -> int:
            http, step = urllib3.PoolManager(retries=False, timeout=LONGEST_WAIT), 0
            while not stop.is_set() or step < 20:
                post(http, server.url, "runs/log-metric", point(run, f"good{number}", step))
                step += 1
            return step

        def bad(number: int) -> int:
            http, refused = urllib3.PoolManager(retries=False, timeout=LONGEST_WAIT), 0
            while not stop.is_set():
                metrics = [{name: value for name, value in point(run, "bad", refused).items() if name != "run_id"}]
                params = [{"key": "taken", "value": f"{number}"}]
                body = {"run_id": run, "metrics": metrics, "params": params}
                answer = http.request("POST", f"{server.url}{API}/runs/log-batch", json=body)
                assert answer.status == 400, answer.data
                refused += 1
            return refused

        def leaver() -> None:
            for number in range(ROUNDS * 4):
                with connect(server.url) as connection:
                    connection.sendall(request("POST", f"{API}/runs/log-metric", point(run, "left", number)))
                    if throw.random() < 0.5:
                        connection.recv(throw.choice([1, 10]))

        with ThreadPoolExecutor(8) as pool:
            goods = [pool.submit(good, number) for number in range(4)]
            bads = [pool.submit(bad, number) for number in range(2)]
            leaver()
            stop.set()
            steps = [result.result() for result in goods]
            refused = sum(result.result() for result in bads)
        server.kill()
        log = (tmp_path / "server.log").read_text()
        server.start()
    found = metrics(tmp_path)
    assert {(key, step) for _, key, step in found if key.startswith("good")} == {
        (f"good{number}", step) for number, count in enumerate(steps) for step in range(count)
    }, f"SOLVENT_FAULT_SEED={SEED}"
    assert not any(key == "bad" for _, key, _ in found), "half of a bad request was kept"
    assert refused > 0
    assert "Traceback" not in log, log[-3000:]
    print(f"\n{ROUNDS * 4} clients left in mid-request, {refused} bad requests: {json.dumps(steps)} good ones all kept")
