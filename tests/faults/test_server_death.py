"""The server is killed while clients write: what it acknowledged is there, and no request is half there."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import urllib3

from solvent.backend.http import HttpBackend
from solvent.wire.metrics import GetMetricHistory
from solvent.wire.runs import GetRun
from tests.faults.rounds import ROUNDS, SEED, dice
from tests.faults.server import KilledServer
from tests.faults.writers import BATCH, Writer, Written, post

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("server death")]


@pytest.fixture(params=["FULL", "NORMAL"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[KilledServer]:
    """FULL commits in the writer's thread, NORMAL mostly in the event loop; both survive the process's death."""
    server = KilledServer(tmp_path, synchronous=request.param)
    server.start()
    yield server
    server.kill()


def steps(backend: HttpBackend, run_id: str, key: str) -> set[int]:
    """The steps of a metric; each must be there once, with the value that was sent."""
    points = backend.call(GetMetricHistory(run_id=run_id, metric_key=key)).metrics
    found = [point.step or 0 for point in points]
    assert len(found) == len(set(found)), f"a point of {key} counts twice"
    assert all(point.value == (point.step or 0) / 7 for point in points), f"a point of {key} has another value"
    return set(found)


def check(backend: HttpBackend, written: Written) -> None:
    """Every acknowledged request is there; the one in flight is there as a whole or not at all."""
    keys = [f"batch/{i}" for i in range(BATCH)] if written.batched else ["single"]
    kept = [steps(backend, written.run_id, key) for key in keys]
    if written.batched:
        params = backend.call(GetRun(run_id=written.run_id)).run.data.params
        kept.append({int(param.value) for param in params})
    assert all(each == kept[0] for each in kept), "half of a batch is there"
    lost = set(written.acknowledged) - kept[0]
    assert not lost, f"acknowledged and lost: {sorted(lost)}"
    assert kept[0] <= set(range(written.sent)), "something is there that nobody sent"


def test_what_a_killed_server_acknowledged_is_there(server: KilledServer) -> None:
    throw = dice("server death")
    experiment_id = post(urllib3.PoolManager(), server.url, "experiments/create", {"name": "killed"})["experiment_id"]
    backend = HttpBackend(server.url)
    acknowledged = 0
    for number in range(ROUNDS):
        writers = [Writer(server.url, experiment_id, batched=place % 2 == 1) for place in range(4)]
        for writer in writers:
            writer.start()
        time.sleep(throw.uniform(0.01, 0.25))
        server.kill()
        for writer in writers:
            writer.join()
        server.start()
        for writer in writers:
            assert writer.failure is None, (SEED, number, writer.failure)
            try:
                check(backend, writer.written)
            except AssertionError as error:
                raise AssertionError(f"round {number}, SOLVENT_FAULT_SEED={SEED}: {error}") from None
            acknowledged += len(writer.written.acknowledged)
    backend.close()
    assert acknowledged > ROUNDS
    print(f"\n{ROUNDS} kills of the server: {acknowledged} requests acknowledged, 0 lost, 0 half kept (seed {SEED})")
