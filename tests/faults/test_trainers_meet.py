"""Trainers with clocks that jump, servers that come and go, and heirs that all want the same dead spool."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.rounds import ROUNDS, dice
from tests.faults.server import KilledServer
from tests.faults.workload import Piece, pieces
from tests.processes import bare_environment

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("trainers meet")]


class Folder:
    """Where trainers work: their home, and the store they log to."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.home = path / "home"
        self.store = path / "store"
        self.uri = str(self.store)

    def start(self, code: str, *args: str, **variables: str) -> subprocess.Popen[str]:
        environment = bare_environment(SOLVENT_HOME=str(self.home), SOLVENT_TRACKING_URI=self.uri) | variables
        return subprocess.Popen(
            [sys.executable, "-c", code, *args],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.path,
            env=environment,
        )

    def run(self, code: str, *args: str, **variables: str) -> str:
        process = self.start(code, *args, **variables)
        out, error = process.communicate(timeout=120)
        assert process.returncode == 0, error
        return out

    def sync(self) -> subprocess.Popen[str]:
        return self.start("from solvent.cli.main import main; import sys; sys.argv[1:] = ['sync']; main()")

    def synced(self) -> None:
        process = self.sync()
        out, error = process.communicate(timeout=120)
        assert process.returncode == 0, out + error
        assert self.leftovers() == []

    def leftovers(self) -> list[str]:
        return [path.name for path in (self.home / "spool").iterdir()]

    def found(self) -> set[Piece]:
        return pieces(self.store / "solvent.db")

    def steps(self, run: str, key: str = "m") -> set[int]:
        return {piece[3] for piece in self.found() if piece[:3] == ("metric", run, key)}


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


JUMPING = """
import os, random, sys, time
import solvent
from solvent.client.spool import outbox
outbox.MAX_SPOOL_BYTES = 10_000
chance, real, offset = random.Random(int(sys.argv[1])), time.time_ns, 0
time.time_ns = lambda: real() + offset
time.time = lambda: (real() + offset) / 1e9
run = solvent.start_run()
for step in range(1000):
    if step % 50 == 0:
        offset = chance.randint(-10**18, 10**18)
    solvent.log_metric("m", step / 7, step=step)
    solvent.set_tag("last", str(step))
print(run.info.run_id, flush=True)
os.kill(os.getpid(), 9)
"""


@pytest.mark.parametrize("uri", ["", "http://127.0.0.1:1"], ids=["delivered meanwhile", "delivered later"])
def test_a_clock_that_jumps_changes_nothing(folder: Folder, uri: str) -> None:
    trainer = folder.start(JUMPING, str(dice("clock").randrange(1 << 30)), SOLVENT_TRACKING_URI=uri or folder.uri)
    run = trainer.communicate(timeout=120)[0].strip()
    if uri:
        assert len(folder.leftovers()) > 5
        for spool in (folder.home / "spool").glob("*.jsonl"):
            header, rest = spool.read_text().split("\n", 1)
            spool.write_text(json.dumps(json.loads(header) | {"uri": folder.uri}) + "\n" + rest)
    folder.synced()
    assert folder.steps(run) == set(range(1000))
    assert ("tag", run, "last", "999") in folder.found()


OPENER = "import solvent, os; print(solvent.start_run().info.run_id, flush=True); os.kill(os.getpid(), 9)"
HELPER = """
import solvent, sys, time
real = time.time_ns
time.time_ns = lambda: real() - 10**15  # its clock is behind
for step in range(100):
    solvent.log_metric("m", step / 7, step=step, run_id=sys.argv[1])
"""


def test_a_spool_that_comes_before_the_one_that_opens_its_run_is_not_refused(folder: Folder) -> None:
    nowhere = "http://127.0.0.1:1"
    run = folder.start(OPENER, SOLVENT_TRACKING_URI=nowhere).communicate(timeout=60)[0].strip()
    folder.run(HELPER, run, SOLVENT_TRACKING_URI=nowhere)
    helper, opener = sorted((folder.home / "spool").glob("*.jsonl"))
    assert '"op":"run"' in opener.read_text()
    assert '"op":"run"' not in helper.read_text()
    for spool in (helper, opener):
        spool.write_text(spool.read_text().replace(nowhere, folder.uri))
    folder.synced()
    assert folder.steps(run) == set(range(100))


DYING = """
import os, solvent
run = solvent.start_run()
for step in range(20_000):
    solvent.log_metric("m", step / 7, step=step)
solvent.log_text("kept", "kept.txt")
print(run.info.run_id, flush=True)
os.kill(os.getpid(), 9)
"""
HEIR = "import solvent; solvent.log_metric('own', 1.0)"


def test_several_heirs_of_one_spool_deliver_it_once(folder: Folder) -> None:
    for _ in range(max(ROUNDS // 25, 1)):
        run = folder.start(DYING).communicate(timeout=60)[0].strip()
        heirs = [folder.sync(), folder.sync(), folder.start(HEIR), folder.start(HEIR)]
        ended = [(heir.communicate(timeout=120), heir.returncode) for heir in heirs]
        assert [code for _, code in ended] == [0] * 4, ended
        folder.synced()
        assert folder.steps(run) == set(range(20_000))
        (kept,) = (folder.store / "artifacts").glob(f"0/{run}/artifacts/kept.txt")
        assert kept.read_text() == "kept"


LIVING = """
import os, sys, solvent
run = solvent.start_run()
print(run.info.run_id, flush=True)
step, stop = 0, []
import threading
threading.Thread(target=lambda: stop.append(sys.stdin.readline()), daemon=True).start()
while not stop:
    solvent.log_metric("m", step / 7, step=step)
    step += 1
    if step % 100 == 0:
        threading.Event().wait(0.01)
solvent.end_run()
print(step, flush=True)
"""


@pytest.fixture
def server(folder: Folder) -> Iterator[KilledServer]:
    folder.store.mkdir()
    server = KilledServer(folder.store)
    server.start()
    folder.uri = server.url
    yield server
    server.kill()


def test_a_server_that_comes_and_goes_while_trainers_log(folder: Folder, server: KilledServer) -> None:
    trainers = [folder.start(LIVING) for _ in range(3)]
    runs = [trainer.stdout.readline().strip() for trainer in trainers if trainer.stdout]
    throw = dice("comes and goes")
    for _ in range(max(ROUNDS // 12, 1)):
        time.sleep(throw.uniform(0.0, 0.4))
        server.kill()
        time.sleep(throw.uniform(0.0, 0.2))
        server.start()
    counts = [int(trainer.communicate("stop\n", timeout=120)[0]) for trainer in trainers]
    if folder.leftovers():
        folder.synced()
    for run, count in zip(runs, counts, strict=True):
        assert folder.steps(run) == set(range(count))
        assert ("run", run, 3) in folder.found()
    print(f"\n{max(ROUNDS // 12, 1)} kills of the server under 3 live trainers: {sum(counts)} points, 0 lost")
