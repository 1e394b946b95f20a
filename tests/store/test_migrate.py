"""Bringing older databases to this version's schema."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from solvent.store.check import summaries
from solvent.store.database import APPLICATION_ID, migrations
from solvent.store.errors import StoreFull
from solvent.store.store import Store
from solvent.tracking.datasets import list_dataset_versions
from solvent.tracking.logging import log_metric
from solvent.tracking.runs import get_run
from solvent.tracking.search_runs import search_runs
from solvent.wire.datasets import ListDatasetVersions
from solvent.wire.runs import GetRun, LogMetric, SearchRuns

LATEST = len(migrations())


def old_database(path: Path, version: int = 1) -> None:
    """A database as an older Solvent has left it, with a run in it."""
    connection = sqlite3.connect(path)
    for script in migrations()[:version]:
        connection.executescript(script)
    connection.execute(f"PRAGMA user_version = {version}")
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute("INSERT INTO runs (uuid, experiment_id, name, status, start_time) VALUES ('r', 0, 'n', 3, 1)")
    connection.commit()
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()


def version_of(path: Path) -> int:
    connection = sqlite3.connect(path)
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    connection.close()
    return version


def copies(folder: Path) -> list[Path]:
    return sorted(folder.glob("s.db.backup-*"))


@pytest.mark.parametrize("version", range(1, LATEST))
def test_every_older_version_comes_up_to_date_and_is_kept(
    tmp_path: Path, version: int, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "s.db"
    old_database(path, version)
    store = Store(path)
    assert store.read(get_run, GetRun(run_id="r")).run.info.run_name == "n"
    assert store.snapshot(lambda tx: tx.all("PRAGMA foreign_key_check")) == []
    store.close()
    (kept,) = copies(tmp_path)
    assert kept.name.startswith(f"s.db.backup-v{version}-")
    assert (version_of(kept), version_of(path)) == (version, LATEST)
    said = capsys.readouterr().err
    assert said == (
        f"solvent: {path} was upgraded from schema version {version} to {LATEST}; as it was before, it is kept in {kept}\n"
    )
    Store(path).close()
    assert copies(tmp_path) == [kept]


def test_values_of_before_the_search_indexes_are_found_and_go_on(tmp_path: Path) -> None:
    """Version 5 kept the smallest and largest value also of a single point, and one index for all values."""
    path = tmp_path / "s.db"
    old_database(path, 5)
    long = "v" * 120
    connection = sqlite3.connect(path)
    connection.executescript(f"""
        INSERT INTO runs (uuid, experiment_id, name, status, start_time) VALUES ('q', 0, 'm', 3, 2);
        INSERT INTO keys (id, name) VALUES (1, 'loss'), (2, 'note');
        INSERT INTO params VALUES (1, 2, 0, '{long}'), (2, 2, 0, 'short');
        INSERT INTO metrics VALUES (1, 1, 0, 0, 3.0, 0), (2, 1, 0, 0, 2.0, 0);
        INSERT INTO metric_summaries VALUES (1, 1, 0, 3.0, 0, 0, 0, 1, 0, 3.0, 3.0, 3.0, 1);
        INSERT INTO metric_summaries VALUES (2, 1, 0, 2.0, 0, 0, 0, 1, 0, 2.0, 2.0, 2.0, 1);
    """)
    connection.close()
    store = Store(path)

    def found(filter: str, order: str) -> list[str]:
        search = SearchRuns(experiment_ids=["0"], filter=filter, order_by=[order])
        return [run.info.run_id for run in store.read(search_runs, search).runs]

    assert found(f"params.note = '{long}'", "run_name") == ["r"]
    assert found("params.note LIKE '%o%'", "run_name") == ["q"]
    assert found("", "params.note DESC") == ["r", "q"]
    assert found("", "run_name") == ["q", "r"]
    assert found("", "metrics.loss.min") == ["q", "r"]
    store.write(log_metric, LogMetric(run_id="r", key="loss", value=1.0, timestamp=1, step=1))
    assert found("", "metrics.loss.min") == ["r", "q"]
    assert found("metrics.loss.mean = 2 AND metrics.loss.max = 3", "metrics.loss.max") == ["r"]
    assert store.snapshot(summaries)[1] == []
    store.close()


def test_a_new_database_leaves_no_copy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Store(tmp_path / "s.db").close()
    assert [file.name for file in tmp_path.iterdir()] == ["s.db"]
    assert capsys.readouterr().err == ""


def test_processes_that_start_at_once_upgrade_once(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    old_database(path)
    script = f"""
import sys
from pathlib import Path
import solvent.tracking
from solvent.store.store import Store
from solvent.tracking.runs import create_run
from solvent.wire.runs import CreateRun
print("ready", flush=True)
sys.stdin.readline()
store = Store(Path({str(path)!r}))
store.write(create_run, CreateRun())
store.close()
"""
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", script],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(6)
    ]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    said = [worker.communicate(timeout=60)[1] for worker in workers]
    assert [worker.returncode for worker in workers] == [0] * 6
    (kept,) = copies(tmp_path)
    assert version_of(kept) == 1
    assert sum("was upgraded from schema version 1" in text for text in said) == 1
    store = Store(path)
    assert store.snapshot(lambda tx: tx.all("SELECT count(*) FROM runs")) == [(7,)]
    store.close()


def test_a_failed_migration_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "s.db"
    Store(path).close()
    before = path.read_bytes()
    broken = [*migrations(), "CREATE TABLE half (x);\nCREATE TABLE experiments (x);\n"]
    for module in ("database", "migrate", "backup"):
        monkeypatch.setattr(f"solvent.store.{module}.migrations", lambda: broken)
    with pytest.raises(Exception, match="table experiments already exists"):
        Store(path)
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert copies(tmp_path) == []
    Store(path).close()


def test_no_room_for_the_copy_means_no_upgrade(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "s.db"
    old_database(path)
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 10})())
    with pytest.raises(StoreFull, match="free some space"):
        Store(path)
    assert version_of(path) == 1
    assert copies(tmp_path) == []


def test_data_sets_of_before_get_the_time_of_their_first_run(tmp_path: Path) -> None:
    """Version 6 did not know when a data set was first used."""
    path = tmp_path / "s.db"
    old_database(path, 6)
    connection = sqlite3.connect(path)
    connection.executescript("""
        INSERT INTO runs (uuid, experiment_id, name, status, start_time) VALUES ('q', 0, 'm', 3, 700);
        INSERT INTO datasets (id, experiment_id, name, digest, source_type, source) VALUES
          (1, 0, 'd', 'a', 'local', 'x'), (2, 0, 'd', 'b', 'local', 'x'), (3, 0, 'e', 'a', 'local', 'x');
        INSERT INTO run_datasets (run_id, dataset_id) VALUES (1, 1), (2, 1), (2, 2);
    """)
    connection.close()
    store = Store(path)
    assert store.snapshot(lambda tx: tx.all("SELECT id, created FROM datasets ORDER BY id")) == [
        (1, 1),
        (2, 700),
        (3, 0),
    ]
    versions = store.read(list_dataset_versions, ListDatasetVersions(name="d")).versions
    assert [(one.digest, one.creation_time, one.runs) for one in versions] == [("b", 700, 1), ("a", 1, 2)]
    store.close()
