"""Opening databases: new, ours, newer, foreign, damaged, unreachable."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from solvent.errors import InvalidInput
from solvent.store.database import APPLICATION_ID, connect, migrations
from solvent.store.errors import NotAStore, StoreReadOnly, StoreTooNew
from solvent.store.migrate import migrate
from solvent.store.store import Store
from tests.processes import PLAIN_USER


def foreign(path: Path, *statements: str) -> bytes:
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()
    return path.read_bytes()


def test_a_new_file_gets_the_schema_and_our_mark(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    connection = connect(path)
    migrate(connection, path)
    migrate(connection, path)
    assert connection.execute("PRAGMA user_version").fetchone() == (len(migrations()),)
    assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert connection.execute("SELECT id, name FROM experiments").fetchall() == [(0, "Default")]
    connection.close()


def test_an_empty_file_becomes_a_store(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    path.touch()
    Store(path).close()
    assert path.stat().st_size > 0


def test_a_newer_store_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    Store(path).close()
    before = foreign(path, "PRAGMA user_version = 999")
    with pytest.raises(StoreTooNew, match=r"schema version 999, this Solvent knows up to [0-9]+: upgrade Solvent"):
        Store(path)
    assert path.read_bytes() == before


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    before = foreign(path, "CREATE TABLE t (x)")
    with pytest.raises(NotAStore, match="is a database of another program: give Solvent a file of its own"):
        Store(path)
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["s.db"]


def test_mlflows_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "mlflow.db"
    foreign(path, "CREATE TABLE alembic_version (x)", "CREATE TABLE runs (x)")
    with pytest.raises(NotAStore, match="is a database of MLflow"):
        Store(path)


def test_what_is_no_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    path.write_bytes(b"some text, " * 100)
    with pytest.raises(NotAStore, match="is not a Solvent database, or is damaged"):
        Store(path)
    assert path.read_bytes() == b"some text, " * 100


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(NotAStore, match="is a folder, and a database file was expected"):
        Store(tmp_path)


def test_a_missing_folder_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(StoreReadOnly, match="can't be opened: check that its folder exists and can be written"):
        Store(tmp_path / "nowhere" / "s.db")


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no /proc on this system")
def test_a_folder_that_takes_no_files_is_refused() -> None:
    with pytest.raises(StoreReadOnly, match="can't be opened: check that its folder exists and can be written"):
        Store(Path("/proc/solvent.db"))


READ_ONLY = """
import sys
from pathlib import Path
from solvent.store.errors import StoreReadOnly
from solvent.store.store import Store
from solvent.tracking.runs import create_run
from solvent.wire.runs import CreateRun
try:
    Store(Path(sys.argv[1])).write(create_run, CreateRun())
except StoreReadOnly as error:
    print(error)
"""


@pytest.mark.skipif(os.name != "posix", reason="needs file permissions")
@pytest.mark.parametrize(("file", "folder"), [(0o444, 0o555), (0o444, 0o755)])
def test_a_read_only_file_is_not_written(tmp_path: Path, file: int, folder: int) -> None:
    path = tmp_path / "s.db"
    Store(path).close()
    before = path.read_bytes()
    path.chmod(file)
    tmp_path.chmod(folder)
    try:
        answer = subprocess.run([*PLAIN_USER, sys.executable, "-c", READ_ONLY, path], capture_output=True, text=True)
    finally:
        tmp_path.chmod(0o755)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert str(path) in answer.stdout
    assert "check" in answer.stdout
    assert path.read_bytes() == before


def test_the_sync_mode_is_a_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOLVENT_STORE_SYNCHRONOUS", "normal")
    store = Store(tmp_path / "s.db")
    assert store._connection.execute("PRAGMA synchronous").fetchone() == (1,)
    store.close()
    monkeypatch.setenv("SOLVENT_STORE_SYNCHRONOUS", "off")
    with pytest.raises(InvalidInput, match="SOLVENT_STORE_SYNCHRONOUS is 'off': it must be FULL or NORMAL"):
        Store(tmp_path / "s.db")
