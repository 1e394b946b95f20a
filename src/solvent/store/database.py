"""Opening a database: whose it is, which schema it has, and the connection's settings."""

from __future__ import annotations

import sqlite3
import time
from importlib import resources
from pathlib import Path

from solvent.errors import SolventError
from solvent.store.errors import NotAStore, StoreTooNew, store_error

APPLICATION_ID = 0x536F6C76  # "Solv": marks the file as ours
BUSY_SECONDS = 30.0
KEPT_WAL_BYTES = 64 * 1024 * 1024  # a WAL that grew larger is cut back to this once it is written home


def connect(path: Path, *, synchronous: str = "FULL", read_only: bool = False) -> sqlite3.Connection:
    """A connection in WAL mode that leaves transactions to the caller.

    ``synchronous`` FULL survives a power cut after each commit; NORMAL survives the death of the
    process only (SQLite, "PRAGMA synchronous").

    Raises:
        NotAStore: it is another program's database or no database at all; it is left as it was.
        StoreTooNew: a newer Solvent wrote it.
        StoreReadOnly: it can't be opened or written.
    """
    if path.is_dir():
        raise NotAStore(
            f"{path} is a folder, and a database file was expected: name a file in it, like {path / 'solvent.db'}"
        )
    connection = None
    try:
        connection = sqlite3.connect(
            path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=512
        )
        if read_only:
            connection.execute("PRAGMA query_only = ON")
        else:
            schema_version(connection, path)  # before anything is written: a foreign file stays as it is
            _use_wal(connection)
            connection.execute(f"PRAGMA synchronous = {synchronous}")
            connection.execute(f"PRAGMA journal_size_limit = {KEPT_WAL_BYTES}")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA mmap_size = 268435456")
        connection.execute("PRAGMA cache_size = -16384")
    except (sqlite3.Error, SolventError) as error:
        if connection is not None:
            connection.close()
        if isinstance(error, SolventError):
            raise
        raise store_error(error, path) from error
    return connection


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switch to WAL, once; two processes that make the same file don't wait for each other by themselves here."""
    deadline = time.monotonic() + BUSY_SECONDS
    while connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def migrations() -> list[str]:
    """The migrations' SQL in order; the first leads to version 1."""
    folder = resources.files("solvent.store").joinpath("migrations")
    files = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".sql")), key=lambda entry: entry.name)
    return [entry.read_text("utf-8") for entry in files]


def schema_version(connection: sqlite3.Connection, path: Path) -> int:
    """The schema version of our database, 0 of an empty file.

    Raises:
        StoreTooNew: a newer Solvent wrote it.
        NotAStore: it is another program's database.
    """
    version, application, tables = _marks(connection)
    if application != APPLICATION_ID and (version or tables):
        owner = "MLflow" if "alembic_version" in tables and "runs" in tables else "another program"
        raise NotAStore(f"{path} is a database of {owner}: give Solvent a file of its own")
    known = len(migrations())
    if version > known:
        raise StoreTooNew(
            f"{path} has schema version {version}, this Solvent knows up to {known}: upgrade Solvent (pip install -U solvent)"
        )
    return version


def _marks(connection: sqlite3.Connection) -> tuple[int, int, set[str]]:
    """Version, application and tables, from one snapshot: another process may be migrating just now."""
    ours = not connection.in_transaction
    if ours:
        connection.execute("BEGIN")
    try:
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        application = int(connection.execute("PRAGMA application_id").fetchone()[0])
        return version, application, {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    finally:
        if ours and connection.in_transaction:  # a failure may have ended it: what failed is to be seen
            connection.execute("COMMIT")
