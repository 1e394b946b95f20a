"""The trainer is killed while it logs: every metric whose call returned is delivered, each once."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from solvent.backend.protocol import Backend
from solvent.backend.resolve import connect
from solvent.wire.metrics import GetMetricHistory
from solvent.wire.runs import GetRun
from tests.faults import trainer
from tests.faults.rounds import ROUNDS, SEED, dice
from tests.faults.server import KilledServer
from tests.processes import bare_environment

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("trainer death")]

ROUNDS_PER_SYNC = 5
fork = multiprocessing.get_context("forkserver")
fork.set_forkserver_preload(["tests.faults.trainer"])  # a trainer starts in milliseconds


@dataclass
class Logged:
    """A run, and how many of its calls of ``log_metric`` had returned when its trainer died."""

    run_id: str
    returned: int


def killed_trainer(uri: str, folder: Path, seconds: float, server: KilledServer | None) -> Logged:
    """Run a trainer, kill it ``seconds`` after its run is open, and say what it had been told.

    ``server`` is killed midway, and started again when the trainer is dead.
    """
    reader, reports = fork.Pipe(duplex=False)
    process = fork.Process(target=trainer.train, args=(reports, uri, folder), daemon=True)
    process.start()
    reports.close()
    logged = Logged(reader.recv_bytes().decode(), 0)
    counting = threading.Thread(target=count, args=(reader, logged))
    counting.start()
    time.sleep(seconds / 2)
    if server:
        server.kill()
    time.sleep(seconds / 2)
    process.kill()
    process.join()
    counting.join()
    if server:
        server.start()
    return logged


def count(reader: Connection, logged: Logged) -> None:
    try:
        while True:
            (logged.returned,) = trainer.COUNT.unpack(reader.recv_bytes())
    except EOFError:
        reader.close()


def sync(uri: str, folder: Path) -> None:
    """``solvent sync`` as a person would call it after the crash."""
    command: list[str | Path] = [Path(sys.executable).with_name("solvent"), "sync"]
    environment = bare_environment(SOLVENT_TRACKING_URI=uri)
    ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr


def check(backend: Backend, logged: Logged) -> None:
    assert [param.key for param in backend.call(GetRun(run_id=logged.run_id)).run.data.params] == ["pid"]
    token, points = None, []
    while True:
        page = backend.call(GetMetricHistory(run_id=logged.run_id, metric_key="loss", page_token=token))
        points += page.metrics
        token = page.next_page_token
        if not token:
            break
    assert [point.step or 0 for point in points] == list(range(len(points))), "a point is missing or counts twice"
    assert all(point.value == (point.step or 0) / 7 for point in points), "a point has another value"
    assert len(points) >= logged.returned, f"{logged.returned} calls returned, {len(points)} points are there"
    assert len(points) <= logged.returned + 1, "more is there than was logged"


@pytest.fixture(params=["embedded", "server", "server that dies too"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, KilledServer | None, bool]]:
    """Where trainers log to: the address, its server if there is one, and whether that is killed as well."""
    if request.param == "embedded":
        yield str(tmp_path / "store"), None, False
        return
    (tmp_path / "server").mkdir()
    server = KilledServer(tmp_path / "server")
    server.start()
    yield server.url, server, request.param == "server that dies too"
    server.kill()


def test_what_a_killed_trainer_logged_is_delivered(
    place: tuple[str, KilledServer | None, bool], tmp_path: Path
) -> None:
    uri, server, dies = place
    folder = tmp_path / "trainer"
    folder.mkdir()
    throw = dice(f"trainer death {dies}")
    rounds = -(-ROUNDS // 3)
    backend = connect(uri)
    dead: list[Logged] = []
    delivered = 0
    for number in range(1, rounds + 1):
        dead.append(killed_trainer(uri, folder, throw.uniform(0.0, 0.1), server if dies else None))
        if number % ROUNDS_PER_SYNC and number != rounds:
            continue
        sync(uri, folder)
        for logged in dead:
            try:
                check(backend, logged)
            except AssertionError as error:
                raise AssertionError(f"round {number}, SOLVENT_FAULT_SEED={SEED}: {error}") from None
            delivered += logged.returned
        dead = []
    backend.close()
    assert delivered > rounds
    print(f"\n{rounds} kills of the trainer: {delivered} points logged, 0 lost, 0 twice (seed {SEED})")
