"""Delivery to real servers that come and go."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import solvent
from solvent.client.spool.lane import open_lane
from solvent.client.spool.sync import sync
from solvent.errors import Unavailable
from tests.client.conftest import Script, spools
from tests.client.server import serving
from tests.processes import free_port

LOG = """
import solvent
with solvent.start_run(run_name="r") as run:
    for i in range(500): solvent.log_metric("m", i, step=i)
    solvent.log_text("hello", "a/b.txt")
"""


def test_a_run_on_a_server_from_start_to_end(home: Path, tmp_path: Path) -> None:
    port = free_port()
    with serving(tmp_path / "server", port):
        solvent.set_tracking_uri(f"http://127.0.0.1:{port}")
        solvent.set_experiment("far")
        with solvent.start_run() as run:
            solvent.log_metric("m", 1.0)
            solvent.log_text("hello", "a/b.txt")
        assert solvent.flush()
        found = solvent.get_run(run.info.run_id)
        assert (found.info.status, found.data.metrics) == ("FINISHED", {"m": 1.0})
        copy = solvent.Client().download_artifacts(run.info.run_id, "a/b.txt", str(tmp_path / "copy"))
        assert Path(copy).read_text() == "hello"
        assert [entry.info.run_id for entry in solvent.search_runs(output_format="list")] == [run.info.run_id]
        assert [file.suffix for file in spools(home)] == [".ack", ".files", ".jsonl"]


def test_a_server_that_is_away_is_no_error_and_gets_everything_when_it_is_back(
    home: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    port = free_port()
    solvent.set_tracking_uri(f"http://127.0.0.1:{port}")
    with solvent.start_run() as run:
        solvent.log_metric("m", 1.0)
        solvent.log_text("hello", "a.txt")
        assert not solvent.flush(timeout=1.5)
        with pytest.raises(Unavailable):
            solvent.get_run(run.info.run_id)
        solvent.log_metric("m", 2.0, step=1)
    told = [line for line in capfd.readouterr().err.splitlines() if line.startswith("solvent: ")]
    assert len(told) == 1
    assert "is away: logging goes on, everything is kept in" in told[0]
    with serving(tmp_path / "server", port):
        assert solvent.flush()
        assert solvent.get_run(run.info.run_id).data.metrics == {"m": 2.0}
        assert [file.path for file in solvent.Client().list_artifacts(run.info.run_id)] == ["a.txt"]


def test_a_process_that_ends_without_its_server_says_what_was_kept_and_sync_sends_it(
    home: Path, tmp_path: Path, script: Script
) -> None:
    port = free_port()
    done = script(LOG, SOLVENT_TRACKING_URI=f"http://me:secret@127.0.0.1:{port}")
    assert f"what was logged for http://127.0.0.1:{port} is kept in {home / 'spool'}" in done.stderr
    assert "solvent sync" in done.stderr
    assert "secret" not in done.stderr
    assert not any(b"secret" in file.read_bytes() for file in spools(home) if file.is_file())

    away = sync(home)
    assert (away.records, away.spools, len(away.failed)) == (0, 1, 1)
    seen: list[int] = []
    with serving(tmp_path / "server", port):
        report = sync(home, progress=lambda _, records: seen.append(records))
        assert (report.spools, report.live, report.files, report.rejected, report.failed) == (1, 0, 1, 0, {})
        assert report.records == seen[-1] >= 502
        solvent.set_tracking_uri(f"http://127.0.0.1:{port}")
        (run,) = solvent.search_runs(output_format="list")
        assert len(solvent.Client().get_metric_history(run.info.run_id, "m")) == 500
    assert [file for file in spools(home) if file.name.startswith(away.failed.popitem()[0])] == []


def test_the_next_process_in_the_folder_sends_what_is_left(home: Path, tmp_path: Path, script: Script) -> None:
    port = free_port()
    script(LOG, SOLVENT_TRACKING_URI=f"http://127.0.0.1:{port}")
    with serving(tmp_path / "server", port):
        script("import solvent, time\nsolvent.log_metric('other', 1)\nsolvent.flush()\ntime.sleep(1)")
        solvent.set_tracking_uri(f"http://127.0.0.1:{port}")
        (run,) = solvent.search_runs(output_format="list")
        assert run.data.metrics == {"m": 499.0}
    assert spools(home) == []


def test_a_live_process_is_left_alone_by_sync(home: Path, tmp_path: Path) -> None:
    solvent.set_tracking_uri(f"http://127.0.0.1:{free_port()}")
    solvent.log_metric("m", 1.0)
    code = (
        "import sys, pathlib\nfrom solvent.client.spool.sync import sync\n"
        f"report = sync(pathlib.Path({str(home)!r}))\nprint(report.spools, report.live)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == ["1", "1"]
    solvent.end_run()


def test_what_the_store_refuses_is_kept_with_its_reason(
    home: Path, script: Script, capfd: pytest.CaptureFixture[str]
) -> None:
    with solvent.start_run() as run:
        solvent.log_param("p", 1)
        solvent.flush()
        other = f"import solvent\nsolvent.log_params({{'p': 2, 'q': 3}}, run_id='{run.info.run_id}')"
        done = script(other)
    assert "refused 1 records" in done.stderr
    assert "already logged with value='1'" in done.stderr
    (rejected,) = [file for file in spools(home) if file.name.endswith(".rejected.jsonl")]
    entry = json.loads(rejected.read_text())
    assert entry["record"] == {"op": "param", "run_id": run.info.run_id, "key": "p", "value": "2"}
    assert entry["error_code"] == "INVALID_PARAMETER_VALUE"
    assert solvent.get_run(run.info.run_id).data.params == {"p": "1", "q": "3"}


def test_a_batch_that_is_sent_twice_counts_once_and_a_new_store_gets_all(home: Path, tmp_path: Path) -> None:
    """The note of what was delivered is lost, then the store is."""
    port = free_port()
    solvent.set_tracking_uri(f"http://127.0.0.1:{port}")
    run = solvent.start_run()
    with serving(tmp_path / "server", port):
        for step in range(100):
            solvent.log_metric("m", step, step=step)
        assert solvent.flush()
        history = solvent.Client().get_metric_history(run.info.run_id, "m")
        assert len(history) == 100
    with serving(tmp_path / "another", port):
        solvent.log_metric("m", 100, step=100)
        assert solvent.flush()
        assert len(solvent.Client().get_metric_history(run.info.run_id, "m")) == 101
        (spool,) = [file for file in spools(home) if file.suffix == ".jsonl"]
        copy = tmp_path / "copy" / "spool"
        copy.mkdir(parents=True)
        (copy / spool.name).write_bytes(spool.read_bytes())
        report = sync(copy.parent)
        assert (report.failed, report.rejected) == ({}, 0)
        assert len(solvent.Client().get_metric_history(run.info.run_id, "m")) == 101
    solvent.end_run()


def test_a_metric_for_a_run_of_another_process_waits_for_it(home: Path, tmp_path: Path, script: Script) -> None:
    """The run is opened in one spool, a worker logs to it in another that is delivered first."""
    port = free_port()
    run_id = script(
        "import solvent\nrun = solvent.start_run()\nprint(run.info.run_id)",
        SOLVENT_TRACKING_URI=f"http://127.0.0.1:{port}",
    ).stdout.strip()
    worker = f"import solvent\nsolvent.log_metric('m', 1, run_id='{run_id}')"
    script(worker, SOLVENT_TRACKING_URI=f"http://127.0.0.1:{port}", SOLVENT_HOME=str(tmp_path / "worker"))
    (spool,) = (tmp_path / "worker" / "spool").glob("*.jsonl")
    lane = open_lane(spool, lock=None, quiet=True)
    assert lane is not None
    with serving(tmp_path / "server", port):
        assert not lane.attempt(threading.Event(), urgent=True)
        assert "is not in" in str(lane.error)
        assert sync(home).failed == {}
        assert lane.attempt(threading.Event(), urgent=True)
        assert lane.error is None
        assert lane.remove_if_finished()
        solvent.set_tracking_uri(f"http://127.0.0.1:{port}")
        assert solvent.get_run(run_id).data.metrics == {"m": 1.0}


def test_a_metric_for_a_run_that_nobody_knows_is_refused_in_the_end(home: Path, script: Script) -> None:
    done = script("import solvent\nsolvent.log_metric('m', 1, run_id='nobody')")
    assert "what was logged" in done.stderr
    report = sync(home)
    assert (report.rejected, report.failed) == (1, {})
    assert [file.name.partition(".")[2] for file in spools(home)] == ["rejected.jsonl"]


def test_a_home_that_was_moved_takes_its_spools_along(home: Path, tmp_path: Path, script: Script) -> None:
    script("import os, solvent\nsolvent.log_metric('m', 1)\nos._exit(0)")
    assert len(spools(home)) == 1
    home.rename(tmp_path / "moved")
    report = sync(tmp_path / "moved")
    assert (report.records, report.failed) == (2, {})
    assert not home.exists()
    solvent.set_tracking_uri(str(tmp_path / "moved"))
    (run,) = solvent.search_runs(output_format="list")
    assert run.data.metrics == {"m": 1.0}


def test_a_damaged_spool_is_named_and_kept(home: Path) -> None:
    (home / "spool").mkdir(parents=True)
    (home / "spool" / "x.jsonl").write_text("garbage\n")
    report = sync(home)
    assert (report.spools, report.live) == (1, 0)
    assert "no readable header" in report.failed["x"]
    assert [file.name for file in spools(home)] == ["x.jsonl"]
