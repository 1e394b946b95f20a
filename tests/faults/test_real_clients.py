"""The server is killed again and again under real clients: MLflow's own, ours, and plain HTTP, all at once."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.rounds import ROUNDS, SEED, dice
from tests.faults.server import KilledServer
from tests.faults.workload import Piece, pieces
from tests.faults.writers import Writer
from tests.oracle import environments
from tests.processes import bare_environment

pytestmark = [pytest.mark.faults, pytest.mark.oracle, pytest.mark.xdist_group("real clients")]

KILLS = max(ROUNDS // 5, 1)
SDK = """
import json, sys, threading
import solvent
stop = []
threading.Thread(target=lambda: stop.append(sys.stdin.readline()), daemon=True).start()
run = solvent.start_run()
print(json.dumps({"run": run.info.run_id}), flush=True)
step = 0
while not stop:
    solvent.log_metric("single", step / 7, step=step)
    print(json.dumps({"kept": step}), flush=True)
    step += 1
    threading.Event().wait(0.001)
solvent.end_run()
"""


class Client(threading.Thread):
    """A client process, and what it says was acknowledged: by run, the numbers of its requests."""

    def __init__(self, command: list[str | Path], folder: Path, kind: str, **variables: str) -> None:
        super().__init__(daemon=True)
        self.kind = kind
        self.runs: dict[str, list[int]] = {}
        with (folder / f"{kind}.log").open("wb") as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                cwd=folder,
                env=bare_environment(**variables),
            )
        self.begun = threading.Event()
        self.start()

    def run(self) -> None:
        kept: list[int] = []
        for line in self._process.stdout or ():
            said = json.loads(line)
            if "run" in said:
                kept = self.runs[said["run"]] = []
            else:
                kept.append(said["kept"])
            self.begun.set()

    def end(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write("stop\n")
        self._process.stdin.close()
        self.join(120)
        assert self._process.wait(120) == 0
        assert self._process.stdout is not None
        self._process.stdout.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[KilledServer]:
    server = KilledServer(tmp_path)
    server.start()
    yield server
    server.kill()


def expected(run: str, kind: str, number: int) -> set[Piece]:
    """What request ``number`` of a run leaves."""
    if kind != "batch":
        return {("metric", run, "single", number, number / 7)}
    points = {("metric", run, f"b{i}", number, number / 7) for i in range(20)}
    return points | {("param", run, f"p{number}", "1"), ("tag", run, f"t{number}", "1")}


def check(found: set[Piece], client: Client) -> int:
    """All that was acknowledged is there, and no request is half there; how many were acknowledged."""
    for run, kept in client.runs.items():
        if client.kind != "sdk":
            whole: set[Piece] = {("tag", run, "kind", client.kind), ("tag", run, "whole", "x" * 1000)}
            assert whole <= found, f"run {run} lacks a tag that it was made with"
        own = {piece for piece in found if piece[1] == run and piece[2] not in ("kind", "whole") and piece[0] != "run"}
        for number in kept:
            wanted = expected(run, client.kind, number)
            assert wanted <= own, f"acknowledged and lost: request {number} of {client.kind} run {run}"
            own -= wanted
        logged = {piece for piece in own if not str(piece[2]).startswith(("mlflow.", "solvent.", "system/"))}
        in_flight = expected(run, client.kind, len(kept))
        assert logged in (set(), in_flight), f"half a request, or what nobody sent: {sorted(map(str, logged))[:5]}"
    return sum(map(len, client.runs.values()))


def client_processes(url: str, folder: Path) -> list[Client]:
    python = environments.executable("mlflow-3.17")
    script = Path(__file__).with_name("mlflow_writer.py")
    quick = {"MLFLOW_HTTP_REQUEST_MAX_RETRIES": "0", "MLFLOW_HTTP_REQUEST_TIMEOUT": "30"}
    mlflow = [Client([python, script, url, kind], folder, kind, **quick) for kind in ("batch", "single")]
    ours = Client(
        [sys.executable, "-c", SDK], folder, "sdk", SOLVENT_TRACKING_URI=url, SOLVENT_HOME=str(folder / "home")
    )
    return [*mlflow, ours]


def test_real_clients_lose_nothing_that_was_acknowledged(server: KilledServer, tmp_path: Path) -> None:
    throw = dice("real clients")
    clients = client_processes(server.url, tmp_path)
    for client in clients:
        assert client.begun.wait(120), (tmp_path / f"{client.kind}.log").read_text()[-3000:]
    raw: list[Writer] = []
    for _ in range(KILLS):
        writers = [Writer(server.url, "0", batched=False) for _ in range(2)]
        for writer in writers:
            writer.start()
        time.sleep(throw.uniform(0.05, 0.6))
        server.kill()
        for writer in writers:
            writer.join()
            assert writer.failure is None, (SEED, writer.failure)
        raw += writers
        server.start()
    time.sleep(0.5)
    for client in clients:
        client.end()
    server.kill()
    found = pieces(tmp_path / "solvent.db")
    by_run: dict[Any, set[Piece]] = {}
    for piece in found:
        by_run.setdefault(piece[1], set()).add(piece)
    try:
        counts = {
            client.kind: check(set().union(*(by_run.get(run, set()) for run in client.runs)), client)
            for client in clients
        }
        for writer in raw:
            own = {("metric", writer.written.run_id, "single", n, n / 7) for n in writer.written.acknowledged}
            assert own <= found
    except AssertionError as error:
        raise AssertionError(f"SOLVENT_FAULT_SEED={SEED}: {error}") from None
    finally:
        server.start()
    runs = {client.kind: len(client.runs) for client in clients}
    assert runs["batch"] > 1
    assert all(counts.values())
    plain = sum(len(writer.written.acknowledged) for writer in raw)
    print(f"\n{KILLS} kills under real clients: acknowledged {counts}, plain HTTP {plain}, 0 lost, 0 half kept")
