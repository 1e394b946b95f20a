"""``solvent gc`` killed at any moment: nothing half deleted looks alive, nothing alive is touched, the next one finishes."""

from __future__ import annotations

import io
import subprocess
import sys
import time
from pathlib import Path

import pytest

from solvent.backend.embedded import EmbeddedBackend
from solvent.backend.resolve import open_embedded
from solvent.errors import Conflict, NotFound
from solvent.wire.metrics import GetMetricHistory, Metric
from solvent.wire.runs import CreateRun, DeleteRun, GetRun, LogBatch, RestoreRun
from tests.faults import rounds
from tests.faults.rounds import SEED

KILLS = 12
POINTS = 300
FILES = 4
COLLECT = """
import sys
import solvent.store.trash
solvent.store.trash.SLICE_ROWS = 100
from solvent.backend.resolve import open_embedded
from solvent.backend.trash import collect
from solvent.wire.trash import ListTrash
backend = open_embedded(sys.argv[1])
print("begins", flush=True)
collect(backend, ListTrash())
"""

pytestmark = pytest.mark.faults


def make_run(backend: EmbeddedBackend) -> str:
    info = backend.call(CreateRun(experiment_id="0")).run.info
    points = [Metric(key=f"m{step % 3}", value=1.0, timestamp=1, step=step) for step in range(POINTS)]
    backend.call(LogBatch(run_id=info.run_id, metrics=points))
    for number in range(FILES):
        backend.artifacts(info.artifact_uri).write(f"folder{number}/file", io.BytesIO(b"content"))
    return info.run_id


def assert_whole(backend: EmbeddedBackend, run_id: str) -> None:
    uri = backend.call(GetRun(run_id=run_id)).run.info.artifact_uri
    histories = [backend.call(GetMetricHistory(run_id=run_id, metric_key=f"m{key}")).metrics for key in range(3)]
    assert sum(map(len, histories)) == POINTS
    for number in range(FILES):
        assert b"".join(backend.artifacts(uri).read(f"folder{number}/file")) == b"content"


def can_be_restored(backend: EmbeddedBackend, run_id: str) -> bool:
    try:
        backend.call(RestoreRun(run_id=run_id))
    except (Conflict, NotFound):
        return False
    return True


def test_a_killed_collection_leaves_nothing_half_alive(tmp_path: Path) -> None:
    dice = rounds.dice("gc")
    backend = open_embedded(str(tmp_path), synchronous="NORMAL")
    alive = [make_run(backend) for _ in range(3)]
    killed = 0
    for _ in range(KILLS):
        doomed = [make_run(backend) for _ in range(6)]
        for run_id in doomed:
            backend.call(DeleteRun(run_id=run_id))
        with subprocess.Popen([sys.executable, "-c", COLLECT, str(tmp_path)], stdout=subprocess.PIPE) as collector:
            assert collector.stdout is not None
            assert collector.stdout.readline() == b"begins\n", SEED
            time.sleep(dice.random() * 0.15)
            collector.kill()
            killed += collector.wait() != 0
        for run_id in doomed:
            if can_be_restored(backend, run_id):
                assert_whole(backend, run_id)
                alive.append(run_id)
        for run_id in alive:
            assert_whole(backend, run_id)
    assert killed, f"seed {SEED}: all collections were done before they could be killed"
    subprocess.run([sys.executable, "-c", COLLECT, str(tmp_path)], check=True, stdout=subprocess.DEVNULL)
    for run_id in alive:
        assert_whole(backend, run_id)
    counts = backend.store.snapshot(
        lambda tx: tx.all("SELECT (SELECT count(*) FROM runs), (SELECT count(*) FROM metrics)")
    )
    assert counts == [(len(alive), len(alive) * POINTS)], SEED
    assert backend.store.snapshot(lambda tx: tx.all("PRAGMA foreign_key_check")) == []
    folders = {folder.name for folder in (tmp_path / "artifacts" / "0").iterdir()}
    assert folders == set(alive), SEED
    backend.close()
