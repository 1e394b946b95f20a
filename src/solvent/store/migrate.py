"""Bringing a database to this version's schema, with a copy of the old one kept beside it."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from solvent.store.backup import Backup, copy
from solvent.store.database import APPLICATION_ID, connect, migrations, schema_version
from solvent.store.errors import store_error


class Migration(NamedTuple):
    """The schema's versions before (0: a new file) and after; the copy of the old database, if there was one."""

    before: int
    after: int
    backup: Backup | None


def migrate(connection: sqlite3.Connection, path: Path) -> Migration:
    """Bring the database to this version's schema, once, whoever else starts at the same moment.

    All that is missing comes in one transaction. The copy is made before it begins, while nobody
    else can write, and one line on stderr says where it is.

    Raises:
        StoreTooNew: a newer Solvent wrote it.
        NotAStore: it is another program's database.
        StoreFull: there is no room for the copy; nothing has changed.
    """
    try:
        known = len(migrations())
        if schema_version(connection, path) == known:
            return Migration(known, known, None)
        connection.execute("BEGIN EXCLUSIVE")
        done = _migrate(connection, path)
    except sqlite3.Error as error:
        raise store_error(error, path) from error
    if done.backup:
        sys.stderr.write(
            f"solvent: {path} was upgraded from schema version {done.before} to {done.after}; "
            f"as it was before, it is kept in {done.backup.path}\n"
        )
    return done


def _migrate(connection: sqlite3.Connection, path: Path) -> Migration:
    """Inside a transaction that keeps all other writers out; ends it."""
    kept = None
    try:
        scripts = migrations()
        before = schema_version(connection, path)
        if 0 < before < len(scripts):
            with closing(connect(path, read_only=True)) as reader:
                kept = copy(reader, path)
        for number, script in enumerate(scripts[before:], before + 1):
            for statement in _statements(script):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        if kept is not None:  # nothing has changed: a copy of each failed attempt would fill the disk
            kept.path.unlink(missing_ok=True)
        raise
    return Migration(before, len(scripts), kept)


def _statements(script: str) -> list[str]:
    """The script's statements, one by one: ``executescript`` would commit our transaction."""
    statements, current = [], ""
    for line in script.splitlines(keepends=True):
        current += line
        if sqlite3.complete_statement(current):
            statements.append(current)
            current = ""
    return statements
