"""Runs whose process died: ended by whoever delivers what it logged, unless somebody else goes on with them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import solvent
from solvent.client.spool.sync import sync
from tests.client.conftest import Script

OPEN = "import os, signal, solvent\nrun = solvent.start_run()\nsolvent.log_metric('m', 1)\n"
DIE = "os.kill(os.getpid(), signal.SIGKILL)\n"


def run_of(home: Path) -> solvent.entities.Run:
    (run,) = solvent.search_runs(output_format="list")
    return run


@pytest.mark.parametrize("sent", ["", "solvent.flush()\n"], ids=["nothing sent", "all sent"])
def test_a_run_whose_process_was_killed_is_ended_by_sync(home: Path, script: Script, sent: str) -> None:
    script(OPEN + sent + DIE, check=False)
    report = sync(home)
    assert (report.lost, report.failed) == (1, {})
    run = run_of(home)
    assert run.info.status == "FAILED"
    assert run.info.end_time is not None
    assert run.data.metrics == {"m": 1.0}
    assert run.data.tags["solvent.lost"].endswith("ended without ending the run")
    assert list((home / "spool").iterdir()) == []


def test_the_next_process_ends_it_too(home: Path, script: Script) -> None:
    script(OPEN + DIE, check=False)
    script("import solvent\nwith solvent.start_run(): solvent.log_metric('m', 2)\nimport time\ntime.sleep(1)")
    assert sorted(run.info.status for run in solvent.search_runs(output_format="list")) == ["FAILED", "FINISHED"]


def test_a_run_that_was_ended_before_the_death_stays_as_it_ended(home: Path, script: Script) -> None:
    script(OPEN + "solvent.end_run()\n" + DIE, check=False)
    assert sync(home).lost == 0
    run = run_of(home)
    assert run.info.status == "FINISHED"
    assert "solvent.lost" not in run.data.tags


def test_a_run_that_another_process_goes_on_with_is_left_alone(home: Path, script: Script) -> None:
    script(OPEN + "solvent.flush()\n" + DIE, check=False)
    (run,) = solvent.search_runs(output_format="list")
    with solvent.start_run(run.info.run_id):
        solvent.flush()
        assert sync(home).lost == 0
        assert solvent.get_run(run.info.run_id).info.status == "RUNNING"


def test_a_run_that_goes_on_in_a_later_spool_is_ended_once_all_is_delivered(home: Path, script: Script) -> None:
    grow = "from solvent.client.spool import outbox\noutbox.MAX_SPOOL_BYTES = 2000\n"
    log = "for i in range(50): solvent.log_metric('n', i)\n"
    script(grow + OPEN + log + "solvent.end_run()\n" + DIE, check=False)
    assert sync(home).lost == 0
    assert run_of(home).info.status == "FINISHED"
    script(grow + OPEN + log + "solvent.flush()\nsolvent.log_metric('n', 1)\n" + DIE, check=False)
    assert sync(home).lost == 1


def test_a_hung_up_process_ends_its_run_as_killed(home: Path) -> None:
    code = """
import signal, time
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # the suite itself may have been started with nohup
import solvent
print(solvent.start_run().info.run_id, flush=True)
time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env=os.environ | {}) as process:
        assert process.stdout is not None
        run_id = process.stdout.readline().decode().strip()
        process.send_signal(signal.SIGHUP)
        assert process.wait(30) == -signal.SIGHUP
    assert solvent.get_run(run_id).info.status == "KILLED"


@pytest.mark.parametrize("method", ["fork", "forkserver", "spawn"])
def test_a_worker_ends_its_run_and_delivers(home: Path, tmp_path: Path, method: str) -> None:
    (tmp_path / "train.py").write_text(f"""
import multiprocessing, solvent
def work():
    solvent.log_metric("m", 1)
if __name__ == "__main__":
    solvent.start_run()
    worker = multiprocessing.get_context("{method}").Process(target=work)
    worker.start()
    worker.join()
    solvent.end_run()
""")
    subprocess.run([sys.executable, "train.py"], check=True, timeout=60, capture_output=True)
    assert [run.info.status for run in solvent.search_runs(output_format="list")] == ["FINISHED", "FINISHED"]
    assert list((home / "spool").iterdir()) == []
