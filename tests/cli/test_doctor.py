"""``solvent doctor``: what it finds on machines in order and out of order."""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path

import pytest

from solvent.backend.resolve import open_embedded
from solvent.cli import diagnosis
from solvent.cli.diagnosis import Check
from solvent.wire.runs import CreateRun, UpdateRun
from tests.cli.conftest import Solvent
from tests.cli.test_server import serving


def checks(answer: subprocess.CompletedProcess[str]) -> dict[str, dict[str, str]]:
    return {check["name"]: check for check in json.loads(answer.stdout)}


def make_store(work: Path, start_time: int | None = None) -> str:
    backend = open_embedded(str(work / ".solvent"))
    now = time.time_ns() // 1_000_000
    run_id = backend.call(CreateRun(experiment_id="0", start_time=start_time or now)).run.info.run_id
    backend.close()
    return run_id


def test_a_machine_in_order(solvent: Solvent, work: Path) -> None:
    make_store(work)
    answer = solvent("doctor")
    assert answer.returncode == 0, answer.stdout
    assert "OK   database: " in answer.stdout
    assert "FAIL" not in answer.stdout
    found = checks(solvent("doctor", "--json"))
    assert found["running runs"]["says"] == "1 are running"
    assert found["spool"]["verdict"] == found["folder"]["verdict"] == "OK"
    assert {"version", "extras", "page", "environment cache", "disk", "sync", "clock"} <= set(found)


def test_it_makes_nothing(solvent: Solvent, work: Path) -> None:
    assert solvent("doctor").returncode == 0
    assert list(work.iterdir()) == []


def test_silent_runs_are_told_and_left(solvent: Solvent, work: Path) -> None:
    silent = make_store(work, start_time=1)
    ended = make_store(work, start_time=1)
    backend = open_embedded(str(work / ".solvent"))
    backend.call(UpdateRun(run_id=ended, status="FINISHED"))
    backend.close()
    answer = solvent("doctor", "--json")
    assert answer.returncode == 0
    check = checks(answer)["running runs"]
    assert (check["verdict"], silent in check["says"]) == ("WARN", True)
    assert check["says"].startswith("1 of 1 runs")


def test_a_database_that_is_none_fails(solvent: Solvent, work: Path) -> None:
    (work / ".solvent").mkdir()
    (work / ".solvent" / "solvent.db").write_text("no database " * 100)
    answer = solvent("doctor")
    assert answer.returncode == 1
    assert "FAIL database: " in answer.stdout
    assert "solvent db restore" in answer.stdout


def test_an_old_database_is_not_upgraded_by_looking(solvent: Solvent, work: Path) -> None:
    import sqlite3

    make_store(work)
    connection = sqlite3.connect(work / ".solvent" / "solvent.db")
    connection.execute("PRAGMA user_version = 1")
    connection.commit()
    connection.close()
    check = checks(solvent("doctor", "--json"))["database"]
    assert (check["verdict"], check["remedy"]) == ("WARN", "run 'solvent db upgrade'")
    assert not list((work / ".solvent").glob("*.backup-*"))


def test_a_server_is_asked(solvent: Solvent, work: Path) -> None:
    with serving(work) as (url, _):
        found = checks(solvent("doctor", "--json", "--tracking-uri", url))
        assert found["tracking URI"]["verdict"] == found["running runs"]["verdict"] == "OK"
        assert "database" not in found
    answer = solvent("doctor", "--json", "--tracking-uri", url)
    assert answer.returncode == 1
    assert checks(answer)["tracking URI"]["verdict"] == "FAIL"


def test_spools_of_ended_processes_and_refused_records_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"solvent_spool":1}\n')
    (tmp_path / "a.rejected.jsonl").write_text("{}\n")
    spool, refused = diagnosis.spool(tmp_path)
    assert (spool.verdict, spool.remedy) == ("WARN", "run 'solvent sync'")
    assert (refused.verdict, "a.rejected.jsonl" in refused.remedy) == ("WARN", True)
    import fcntl

    with (tmp_path / "a.jsonl").open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert next(diagnosis.spool(tmp_path)).verdict == "OK"


def found(place: Path) -> dict[str, Check]:
    return {check.name: check for check in diagnosis.folder(place)}


def test_little_room_slow_disks_and_open_folders_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 10})())
    monkeypatch.setattr(diagnosis, "SLOW_SYNC_SECONDS", -1.0)
    tmp_path.chmod(0o777)
    checks = found(tmp_path)
    assert (checks["disk"].verdict, checks["sync"].verdict, checks["folder"].verdict) == ("FAIL", "WARN", "WARN")
    assert checks["folder"].remedy == f"chmod o-w {tmp_path}"


def test_files_from_the_future_are_told(tmp_path: Path) -> None:
    file = tmp_path / "solvent.db"
    file.touch()
    later = time.time() + 3600
    os.utime(file, (later, later))
    assert found(tmp_path)["clock"].verdict == "WARN"
