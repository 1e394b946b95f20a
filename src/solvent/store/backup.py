"""Copies of a database while it is in use, and putting one back in its place."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from solvent.disk import sync_folder
from solvent.errors import AlreadyExists, Conflict, NotFound
from solvent.store.database import APPLICATION_ID, connect, migrations
from solvent.store.errors import NotAStore, StoreFull, StoreTooNew, store_error

_SIDE_FILES = ("-wal", "-shm")


class Backup(NamedTuple):
    """``size`` in bytes; ``version`` of the schema."""

    path: Path
    size: int
    version: int


class Restored(NamedTuple):
    """``replaced`` is where the database lies that was there before, None if there was none."""

    path: Path
    version: int
    replaced: Path | None


def backup(database: Path, target: Path | None = None) -> Backup:
    """Copy the database as it is at one moment, whoever writes meanwhile; the copy is on the disk, whole, or not there.

    ``target`` is by default ``<database>.backup-v<version>-<time>`` beside it.

    Raises:
        NotFound: there is no such database.
        AlreadyExists: the target is there.
        StoreFull: the disk has no room.
    """
    if not database.is_file():
        raise NotFound(f"there is no database at {database}")
    with closing(connect(database, read_only=True)) as source:
        return copy(source, database, target)


def copy(source: sqlite3.Connection, database: Path, target: Path | None = None) -> Backup:
    """``backup`` from an open connection, which must not be in a transaction that writes."""
    version = _ours(source, database)
    target = target or free_name(database, f"backup-v{version}")
    if target.exists():
        raise AlreadyExists(f"{target} is there already: name another file, or move that one away")
    _check_room(database, target)
    draft = target.with_name(f".{target.name}.part")
    draft.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(draft, isolation_level=None)) as made:
            made.execute("PRAGMA journal_mode = OFF")  # a copy that is broken off is thrown away
            made.execute("PRAGMA synchronous = OFF")  # and is synced once, at its end
            source.backup(made)  # all at once: one snapshot, whoever writes
        _sync(draft)
        draft.rename(target)
        sync_folder(target.parent)
    except sqlite3.Error as error:
        raise store_error(error, target) from error
    except OSError as error:
        raise StoreFull(
            f"{target} can't be written ({error.strerror}): free some space, or name another place"
        ) from error
    finally:
        for file in (draft, *_beside(draft)):
            file.unlink(missing_ok=True)
    return Backup(target, target.stat().st_size, version)


def restore(database: Path, source: Path) -> Restored:
    """Put the backup ``source`` in the place of ``database``, which is kept beside it.

    Raises:
        NotFound: there is no such backup.
        NotAStore, StoreTooNew: it is no sound database of ours, or a newer Solvent's.
        Conflict: a server or a command has the database open.
    """
    version = verify(source)
    if database.exists() and database.samefile(source):
        raise Conflict(f"{source} is the database itself: name a backup of it")
    _check_room(source, database)
    draft = database.with_name(f".{database.name}.restored")
    try:
        _copy_file(source, draft)
        replaced = None
        if database.exists():
            with _nobody_else(database):
                replaced = free_name(database, "replaced")
                for suffix in ("", *_SIDE_FILES):  # the side files are gone, unless the database is damaged
                    with suppress(FileNotFoundError):
                        Path(f"{database}{suffix}").rename(f"{replaced}{suffix}")
                draft.rename(database)
        else:
            draft.rename(database)
        sync_folder(database.parent)
    finally:
        draft.unlink(missing_ok=True)
    return Restored(database, version, replaced)


def verify(file: Path) -> int:
    """The schema version of a sound database of ours."""
    if not file.is_file():
        raise NotFound(f"there is no backup at {file}")
    try:
        with closing(_reader(file)) as connection:
            version = _ours(connection, file)
            (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        raise store_error(error, file) from error
    if verdict != "ok":
        raise NotAStore(f"{file} is damaged ({verdict}): choose another backup")
    if version > len(migrations()):
        raise StoreTooNew(
            f"{file} has schema version {version}, this Solvent knows up to {len(migrations())}: upgrade Solvent first"
        )
    return version


def _reader(file: Path) -> sqlite3.Connection:
    """Reads a backup without making files beside it, unless its own log lies there."""
    mode = "mode=ro" if Path(f"{file}-wal").exists() else "mode=ro&immutable=1"
    return sqlite3.connect(f"{file.absolute().as_uri()}?{mode}", uri=True)


def _copy_file(source: Path, draft: Path) -> None:
    draft.unlink(missing_ok=True)
    with closing(_reader(source)) as reader, closing(sqlite3.connect(draft, isolation_level=None)) as made:
        made.execute("PRAGMA journal_mode = OFF")
        made.execute("PRAGMA synchronous = OFF")
        reader.backup(made)
    _sync(draft)


def free_name(database: Path, what: str) -> Path:
    """A name beside the database that nobody has: ``<database>.<what>-<time>``."""
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    name = Path(f"{database}.{what}-{stamp}")
    number = 1
    while name.exists():
        number += 1
        name = Path(f"{database}.{what}-{stamp}-{number}")
    return name


def _ours(connection: sqlite3.Connection, path: Path) -> int:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if application != APPLICATION_ID or not version:
        raise NotAStore(f"{path} is no Solvent database")
    return version


@contextmanager
def _nobody_else(database: Path) -> Iterator[None]:
    """Hold the database alone. All who have it open, even idle, hold a shared lock, because it is in WAL mode."""
    connection = sqlite3.connect(database, timeout=0.5, isolation_level=None)
    try:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("PRAGMA journal_mode = DELETE")  # what the log holds goes into the file, and the log goes
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        connection.close()
        if "locked" not in str(error):
            raise store_error(error, database) from error
        raise Conflict(
            f"{database} is in use by a server or a command: stop it first ('fuser {database}' says who it is)"
        ) from error
    except sqlite3.DatabaseError:  # damaged: nobody can work with it
        connection.close()
        yield
        return
    try:
        yield
        connection.execute("ROLLBACK")
    finally:
        connection.close()


def _check_room(source: Path, target: Path) -> None:
    need = source.stat().st_size
    log = Path(f"{source}-wal")
    need += log.stat().st_size if log.exists() else 0
    try:
        free = shutil.disk_usage(target.parent).free
    except OSError as error:
        raise NotFound(f"the folder {target.parent} can't be written ({error.strerror})") from error
    if free < need:
        raise StoreFull(f"a copy of {source} needs {need:,} bytes and {target.parent} has {free:,}: free some space")


def _beside(file: Path) -> list[Path]:
    return [Path(f"{file}{suffix}") for suffix in (*_SIDE_FILES, "-journal")]


def _sync(file: Path) -> None:
    descriptor = os.open(file, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
