"""Copies of a database in use, and putting them back."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from solvent.errors import AlreadyExists, Conflict, NotFound
from solvent.store.backup import backup, restore, verify
from solvent.store.database import migrations
from solvent.store.errors import NotAStore, StoreFull, StoreTooNew
from solvent.store.store import Store
from solvent.tracking.runs import create_run, get_run
from solvent.wire.runs import CreateRun, GetRun


def runs(path: Path) -> set[str]:
    store = Store(path)
    found = {row[0] for row in store.snapshot(lambda tx: tx.all("SELECT uuid FROM runs"))}
    store.close()
    return found


def test_a_copy_is_one_moment_of_a_database_that_is_written_to(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    store = Store(path, synchronous="NORMAL")
    stop = threading.Event()
    written = []

    def write() -> None:
        while not stop.is_set():
            written.append(store.write(create_run, CreateRun()).run.info.run_id)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while len(written) < 20:
            pass
        before = len(written)
        made = backup(path)
        after = len(written)
    finally:
        stop.set()
        writer.join()
        store.close()
    assert made.path.name.startswith(f"s.db.backup-v{len(migrations())}-")
    assert (verify(made.path), made.size) == (len(migrations()), made.path.stat().st_size)
    kept = runs(made.path)
    assert set(written[:before]) <= kept <= set(written[: after + 1])


def test_what_lies_only_in_the_log_is_copied(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    store = Store(path)
    run_id = store.write(create_run, CreateRun()).run.info.run_id
    assert (tmp_path / "s.db-wal").stat().st_size > 0
    target = tmp_path / "copy.db"
    assert backup(path, target).path == target
    store.close()
    assert runs(target) == {run_id}


def test_nothing_is_overwritten_or_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, target = tmp_path / "s.db", tmp_path / "copy.db"
    Store(path).close()
    target.write_text("mine")
    with pytest.raises(AlreadyExists, match="is there already"):
        backup(path, target)
    assert target.read_text() == "mine"
    with pytest.raises(NotFound, match="no database at"):
        backup(tmp_path / "none.db")
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 10})())
    with pytest.raises(StoreFull, match=r"needs .* bytes and .* has 10"):
        backup(path)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["copy.db", "s.db"]


def test_what_is_restored_is_what_was_copied_and_the_replaced_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    store = Store(path)
    first = store.write(create_run, CreateRun()).run.info.run_id
    made = backup(path)
    second = store.write(create_run, CreateRun()).run.info.run_id
    store.close()
    done = restore(path, made.path)
    assert runs(path) == {first}
    assert done.replaced is not None
    assert runs(done.replaced) == {first, second}
    assert made.path.exists()


def test_a_lost_database_is_restored(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    store = Store(path)
    run_id = store.write(create_run, CreateRun()).run.info.run_id
    store.close()
    made = backup(path)
    path.unlink()
    assert restore(path, made.path).replaced is None
    assert runs(path) == {run_id}


@pytest.mark.parametrize("damage", [b"", b"no database at all" * 100])
def test_a_damaged_database_is_restored_and_kept(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "s.db"
    store = Store(path)
    run_id = store.write(create_run, CreateRun()).run.info.run_id
    store.close()
    made = backup(path)
    path.write_bytes(damage or path.read_bytes()[:5000])
    done = restore(path, made.path)
    assert runs(path) == {run_id}
    assert done.replaced is not None
    assert done.replaced.exists()


HOLD = """
import sys
from pathlib import Path
from solvent.store.store import Store
store = Store(Path(sys.argv[1]))
print("open", flush=True)
sys.stdin.read()
store.close()
"""


def test_a_database_in_use_is_not_replaced(tmp_path: Path) -> None:
    """The other process is idle: it holds no transaction, just the file."""
    path = tmp_path / "s.db"
    Store(path).close()
    made = backup(path)
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(Conflict, match="is in use by a server or a command: stop it first"):
            restore(path, made.path)
        holder.communicate("", timeout=30)
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(["s.db", made.path.name])
    restore(path, made.path)


def test_only_sound_backups_of_ours_are_restored(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    store = Store(path)
    run_id = store.write(create_run, CreateRun()).run.info.run_id
    store.close()
    before = path.read_bytes()
    foreign, newer, text = tmp_path / "foreign.db", tmp_path / "newer.db", tmp_path / "text.db"
    with sqlite3.connect(foreign) as connection:
        connection.execute("CREATE TABLE t (x)")
    connection.close()
    text.write_text("no database " * 100)
    backup(path, newer)
    connection = sqlite3.connect(newer)
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    for file, error, message in (
        (foreign, NotAStore, "is no Solvent database"),
        (text, NotAStore, "is not a Solvent database, or is damaged"),
        (newer, StoreTooNew, "schema version 999, this Solvent knows up to"),
        (tmp_path / "none.db", NotFound, "there is no backup at"),
        (path, Conflict, "is the database itself"),
    ):
        with pytest.raises(error, match=message):
            restore(path, file)
    assert path.read_bytes() == before
    assert runs(path) == {run_id}


def test_an_older_backup_is_brought_up_to_date_when_it_is_opened(tmp_path: Path) -> None:
    path, old = tmp_path / "s.db", tmp_path / "old.db"
    connection = sqlite3.connect(old)
    connection.executescript(migrations()[0])
    connection.execute("PRAGMA user_version = 1")
    connection.execute(f"PRAGMA application_id = {0x536F6C76}")
    connection.execute("INSERT INTO runs (uuid, experiment_id, name, status, start_time) VALUES ('r', 0, 'n', 3, 1)")
    connection.commit()
    connection.close()
    assert restore(path, old).version == 1
    store = Store(path)
    assert store.read(get_run, GetRun(run_id="r")).run.info.run_name == "n"
    store.close()
