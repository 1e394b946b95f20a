"""Processes that are killed at a random moment: every acknowledged line is delivered, once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import solvent
from solvent.client.spool.sync import sync
from tests.client.server import serving
from tests.processes import free_port

TRAINER = """
import os, solvent
run = solvent.start_run()
os.write(1, (run.info.run_id + "\\n").encode())
step = 0
while True:
    solvent.log_metric("m", step / 3, step=step)
    os.write(1, f"{step}\\n".encode())
    step += 1
"""


def killed_trainer(home: Path, seconds: float, **variables: str) -> tuple[str, int]:
    """Log until SIGKILL; the run and how many points were acknowledged."""
    environment = os.environ | {"SOLVENT_HOME": str(home)} | variables
    process = subprocess.Popen([sys.executable, "-c", TRAINER], stdout=subprocess.PIPE, env=environment)
    assert process.stdout is not None
    run_id = process.stdout.readline().decode().strip()
    killer = threading.Timer(seconds, process.kill)
    killer.start()
    lines = process.stdout.read().split(b"\n")[:-1]  # what follows the last newline was cut
    process.wait()
    process.stdout.close()
    return run_id, len(lines)


def check_history(run_id: str, acknowledged: int) -> None:
    history = solvent.Client().get_metric_history(run_id, "m")
    steps = [point.step for point in history]
    assert steps == list(range(len(steps)))
    assert acknowledged <= len(steps) <= acknowledged + 1
    assert all(point.value == point.step / 3 for point in history)


@pytest.mark.faults
@pytest.mark.parametrize("attempt", range(5))
def test_what_a_killed_process_logged_is_delivered_by_the_next(home: Path, attempt: int) -> None:
    run_id, acknowledged = killed_trainer(home, random.uniform(0.0, 0.8))
    assert sync(home).failed == {}
    check_history(run_id, acknowledged)


@pytest.mark.faults
@pytest.mark.parametrize("attempt", range(3))
def test_a_sync_that_is_killed_is_taken_up_by_the_next(home: Path, attempt: int) -> None:
    run_id, acknowledged = killed_trainer(home, 0.6, SOLVENT_TRACKING_URI="")
    code = f"import pathlib\nfrom solvent.client.spool.sync import sync\nsync(pathlib.Path({str(home)!r}))"
    process = subprocess.Popen([sys.executable, "-c", code])
    time.sleep(random.uniform(0.1, 0.5))
    process.kill()
    process.wait()
    assert sync(home).failed == {}
    check_history(run_id, acknowledged)


@pytest.mark.faults
def test_a_server_that_dies_in_the_middle_loses_nothing(home: Path, tmp_path: Path) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    code = f"""
from pathlib import Path
from tests.client.server import serving
import time
with serving(Path({str(tmp_path / "server")!r}), {port}):
    print("up", flush=True)
    time.sleep(60)
"""
    root = str(Path(__file__).parents[2])
    server = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": root}
    )
    assert server.stdout is not None
    assert server.stdout.readline() == b"up\n"
    killer = threading.Timer(random.uniform(0.3, 1.0), server.kill)
    killer.start()
    run_id, acknowledged = killed_trainer(home, 1.2, SOLVENT_TRACKING_URI=address)
    server.wait()
    server.stdout.close()
    with serving(tmp_path / "server", port):
        assert sync(home).failed == {}
        solvent.set_tracking_uri(address)
        check_history(run_id, acknowledged)


@pytest.mark.faults
def test_a_terminated_process_ends_its_run_as_killed(home: Path) -> None:
    code = "import solvent, time\nprint(solvent.start_run().info.run_id, flush=True)\ntime.sleep(60)"
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert process.stdout is not None
    run_id = process.stdout.readline().decode().strip()
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == -signal.SIGTERM
    process.stdout.close()
    sync(home)
    assert solvent.get_run(run_id).info.status == "KILLED"
