"""``solvent db`` as a process."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

from solvent.backend.resolve import open_embedded
from solvent.store.database import APPLICATION_ID, migrations
from solvent.wire.models import CreateLoggedModel, FinalizeLoggedModel
from solvent.wire.runs import CreateRun, LogMetric
from tests.cli.conftest import Solvent
from tests.cli.test_server import serving

LATEST = len(migrations())


def some_run(work: Path) -> str:
    backend = open_embedded(str(work / ".solvent"))
    run_id = backend.call(CreateRun(experiment_id="0")).run.info.run_id
    backend.call(LogMetric(run_id=run_id, key="m", value=1.0, timestamp=1, step=1))
    backend.close()
    return run_id


def damage(work: Path, statement: str) -> None:
    connection = sqlite3.connect(work / ".solvent" / "solvent.db")
    connection.execute(statement)
    connection.commit()
    connection.close()


def test_upgrade_says_from_where_to_where(solvent: Solvent, work: Path) -> None:
    connection = sqlite3.connect(work / "old.db")
    connection.executescript(migrations()[0])
    connection.execute("PRAGMA user_version = 1")
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.close()
    shutil.copy(work / "old.db", work / "other.db")
    answer = solvent("db", "upgrade", "sqlite:///old.db")
    assert answer.stdout == f"Upgraded {work}/old.db from schema version 1 to {LATEST}.\n"
    assert answer.stderr.startswith(f"solvent: {work}/old.db was upgraded from schema version 1 to {LATEST}; as it was")
    report = json.loads(solvent("db", "upgrade", "--json", "--tracking-uri", "other.db").stdout)
    assert (report["before"], report["after"]) == (1, LATEST)
    assert Path(report["backup"]).is_file()
    assert "there is nothing to upgrade" in solvent("db", "upgrade", "--tracking-uri", "old.db").stdout


def test_a_newer_database_is_refused_in_one_line(solvent: Solvent, work: Path) -> None:
    some_run(work)
    damage(work, "PRAGMA user_version = 99")
    for command in (["db", "upgrade"], ["runs", "list", "--experiment-id", "0"]):
        answer = solvent(*command)
        assert (answer.returncode, answer.stdout) == (1, "")
        assert answer.stderr == (
            f"Error: {work}/.solvent/solvent.db has schema version 99, this Solvent knows up to {LATEST}: "
            "upgrade Solvent (pip install -U solvent)\n"
        )


def test_backup_and_restore(solvent: Solvent, work: Path) -> None:
    first = some_run(work)
    answer = solvent("db", "backup", "copy.db")
    assert answer.returncode == 0
    assert answer.stdout.startswith(f"Copied the database to {work}/copy.db (")
    second = some_run(work)
    report = json.loads(solvent("db", "restore", "copy.db", "--json").stdout)
    assert report["version"] == LATEST
    listed = solvent("runs", "list", "--experiment-id", "0").stdout
    assert first in listed
    assert second not in listed
    listed = solvent("runs", "list", "--experiment-id", "0", "--tracking-uri", f"sqlite:///{report['replaced']}").stdout
    assert second in listed


def test_backup_works_beside_a_server_and_restore_does_not(solvent: Solvent, work: Path) -> None:
    run_id = some_run(work)
    with serving(work) as (url, _):
        report = json.loads(solvent("db", "backup", "--json").stdout)
        assert report["bytes"] == Path(report["backup"]).stat().st_size
        answer = solvent("db", "restore", report["backup"])
        assert (answer.returncode, answer.stdout) == (1, "")
        assert "is in use by a server or a command: stop it first" in answer.stderr
        assert run_id in solvent("runs", "list", "--experiment-id", "0", "--tracking-uri", url).stdout
        answer = solvent("db", "check", "--tracking-uri", url)
        assert (answer.returncode, "is a server: run this on its machine" in answer.stderr) == (1, True)
    assert solvent("db", "restore", report["backup"]).returncode == 0


def test_check_and_repair(solvent: Solvent, work: Path) -> None:
    answer = solvent("db", "check")
    assert (answer.returncode, "there is no database at" in answer.stderr) == (1, True)
    run_id = some_run(work)
    answer = solvent("db", "check")
    assert (answer.returncode, {line.split(": ")[1] for line in answer.stdout.splitlines()}) == (0, {"ok"})
    damage(work, "UPDATE metric_summaries SET count = 7")
    report = json.loads(solvent("db", "check", "--json").stdout)
    assert report["sound"] is False
    (wrong,) = [check for check in report["checks"] if check["problems"]]
    assert (wrong["check"], wrong["examples"]) == (
        "summaries",
        [f"run {run_id}, metric 'm': count is 1, the summary says 7"],
    )
    answer = solvent("db", "check", "--repair")
    assert (answer.returncode, "summaries: 1 problems, repaired" in answer.stdout) == (0, True)
    assert solvent("db", "check").returncode == 0


def test_a_ready_model_without_files_is_found(solvent: Solvent, work: Path) -> None:
    backend = open_embedded(str(work / ".solvent"))
    model = backend.call(CreateLoggedModel(experiment_id="0", name="m")).model.info
    backend.call(FinalizeLoggedModel(model_id=model.model_id, status="LOGGED_MODEL_READY"))
    backend.close()
    answer = solvent("db", "check")
    assert answer.returncode == 1
    assert f"logged model {model.model_id} has no files at {model.artifact_uri}" in answer.stdout


def test_a_damaged_index_is_found(solvent: Solvent, work: Path) -> None:
    some_run(work)
    database = work / ".solvent" / "solvent.db"
    connection = sqlite3.connect(database)
    (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'runs_by_start'").fetchone()
    connection.close()
    with database.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(bytes(4096))
    answer = solvent("db", "check")
    assert answer.returncode == 1
    assert answer.stdout.startswith("integrity: ")
