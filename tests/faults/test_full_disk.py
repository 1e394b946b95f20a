"""A full disk: one clear line, reads go on, and so do writes once there is room; nothing acknowledged is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import urllib3

from solvent.backend.resolve import open_embedded
from solvent.server.loopback import Loopback
from tests.faults.server import KilledServer
from tests.faults.small_disk import SmallDisk, small_disk
from tests.faults.workload import pieces
from tests.faults.writers import API, TIME
from tests.processes import bare_environment

pytestmark = pytest.mark.faults

MAX_WRITES = 5_000


class Filler:
    """Writes to a server until it refuses, and knows what it acknowledged."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = urllib3.PoolManager(retries=False, timeout=60)
        self.kept: list[int] = []
        self._number = 0
        self.run = self.ask("runs/create", {"experiment_id": "0", "start_time": TIME}).json()["run"]["info"]["run_id"]

    def ask(self, path: str, body: dict[str, Any]) -> urllib3.BaseHTTPResponse:
        return self.http.request("POST", f"{self.url}{API}/{path}", json=body)

    def write(self) -> urllib3.BaseHTTPResponse:
        self._number += 1
        number = self._number
        tags = [{"key": f"t{number}", "value": "x" * 5_000}]
        metrics = [{"key": "m", "value": number / 7, "timestamp": TIME, "step": number}]
        answer = self.ask("runs/log-batch", {"run_id": self.run, "metrics": metrics, "tags": tags})
        if answer.status == 200:
            self.kept.append(number)
        return answer

    def until_refused(self) -> None:
        answer = next(answer for _ in range(MAX_WRITES) if (answer := self.write()).status != 200)
        assert answer.status == 503, answer.data
        message = answer.json()["message"]
        assert message.startswith("no room left on the disk that holds ")
        assert message.endswith("free some space and send it again")

    def check_reads(self) -> None:
        assert self.http.request("GET", f"{self.url}/health").status == 200
        run = self.http.request("GET", f"{self.url}{API}/runs/get?run_id={self.run}").json()["run"]
        assert {int(tag["key"][1:]) for tag in run["data"]["tags"] if tag["key"].startswith("t")} == set(self.kept)
        assert self.ask("runs/search", {"experiment_ids": ["0"], "filter": "metrics.m > 0"}).status == 200

    def check_kept(self, folder: Path) -> None:
        found = {piece for piece in pieces(folder / "solvent.db") if piece[1] == self.run}
        assert {piece[3] for piece in found if piece[0] == "metric"} == set(self.kept)
        assert {int(piece[2][1:]) for piece in found if piece[0] == "tag" and piece[2][0] == "t"} == set(self.kept)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk") as disk:
        yield disk


def test_a_database_that_may_not_grow(tmp_path: Path) -> None:
    """What a full disk is to SQLite, on any machine."""
    backend = open_embedded(str(tmp_path))
    with Loopback(backend) as loopback:
        filler = Filler(loopback.url)
        connection = backend.store._connection
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        for more in (20, 40):
            connection.execute(f"PRAGMA max_page_count = {pages + more}")
            filler.until_refused()
            filler.check_reads()
        connection.execute("PRAGMA max_page_count = 1000000")
        assert filler.write().status == 200
    backend.close()
    filler.check_kept(tmp_path)


def test_a_server_on_a_full_disk(disk: SmallDisk, tmp_path: Path) -> None:
    server = KilledServer(disk.path)
    server.start()
    try:
        filler = Filler(server.url)
        for _ in range(3):
            disk.fill()
            filler.until_refused()
            filler.check_reads()
            answer = filler.http.request("PUT", f"{server.url}{API}-artifacts/artifacts/large", body=bytes(100_000))
            assert answer.status == 503
            assert answer.json()["message"] == "no room left for artifact 'large': free some space and send it again"
            assert filler.http.request("GET", f"{server.url}{API}-artifacts/artifacts").json() == {}
            disk.empty()
            for _ in range(20):
                assert filler.write().status == 200
        disk.fill()
        filler.until_refused()
        server.kill()
        disk.empty()
        server.start()
        filler.check_reads()
        assert filler.write().status == 200
    finally:
        server.kill()
    filler.check_kept(disk.path)


TRAINER = """
import sys
import solvent
from solvent.errors import Unavailable

run = solvent.start_run()
print(run.info.run_id, flush=True)
step = 0
try:
    while True:
        solvent.log_metric("m", step / 7, step=step)
        step += 1
except Unavailable as error:
    print(step, type(error).__name__, error, sep="\\t", flush=True)
sys.stdin.readline()  # there is room again
for step in range(step, step + 10):
    solvent.log_metric("m", step / 7, step=step)
solvent.end_run()
"""


def test_a_trainer_whose_spool_has_no_room(disk: SmallDisk, tmp_path: Path) -> None:
    home, store = disk.path / "home", tmp_path / "store"
    disk.fill()
    with (disk.path / "filler").open("r+b") as file:
        file.truncate(file.seek(0, os.SEEK_END) - 200_000)  # room for a home and some lines
    trainer = subprocess.Popen(
        [sys.executable, "-c", TRAINER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env=bare_environment(SOLVENT_HOME=str(home), SOLVENT_TRACKING_URI=str(store), SOLVENT_SYSTEM_METRICS="0"),
    )
    assert trainer.stdout is not None
    run = trainer.stdout.readline().strip()
    step, kind, message = trainer.stdout.readline().strip().split("\t")
    assert kind == "SpoolFull"
    assert message.startswith(f"no room left on the disk that holds {home}/spool/")
    assert message.endswith("set SOLVENT_HOME to a folder on another disk")
    disk.empty()
    trainer.communicate("go\n", timeout=120)
    assert trainer.returncode == 0
    found = {piece[3] for piece in pieces(store / "solvent.db") if piece[:3] == ("metric", run, "m")}
    assert found == set(range(int(step) + 10))
