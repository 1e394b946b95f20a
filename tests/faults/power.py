"""A file system on which the power can be cut, for SQLite.

The layer passes every call on to the real files and writes down what was written and what was
synced. From that record the disk can be rebuilt as a power cut at any moment might have left it:
what was synced is there; of what was not, each write is there, gone, or torn at a sector.

Model: a file system that keeps the order of nothing between syncs (the weakest that SQLite is made
for, see "Atomic Commit In SQLite", sections 2 and 3).
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import apsw

SECTOR = 512
VFS_NAME = "solvent-power"


@dataclass
class Step:
    """One thing that happened to a file: ``write``, ``truncate``, ``sync`` or ``delete``.

    ``offset`` is the place of a write, the new size of a truncation, and 1 for a delete or sync that
    syncs the folder too.
    """

    kind: str
    name: str
    offset: int = 0
    data: bytes = b""


@dataclass
class Disk:
    """The record of all steps. ``now`` is the moment after the last one."""

    steps: list[Step] = field(default_factory=list)

    @property
    def now(self) -> int:
        return len(self.steps)

    def after_power_cut(self, moment: int, chance: random.Random) -> dict[str, bytes]:
        """The files by name, as a cut after the first ``moment`` steps might have left them."""
        past = self.steps[:moment]
        synced = {step.name: index for index, step in enumerate(past) if step.kind == "sync"}
        folder_synced = max(
            (index for index, step in enumerate(past) if step.kind == "sync" and step.offset), default=-1
        )
        files: dict[str, bytearray] = {}
        for index, step in enumerate(past):
            limit = folder_synced if step.kind == "delete" else synced.get(step.name, -1)
            if index < limit or (step.kind == "delete" and step.offset):
                _apply(files, step)
            elif chance.random() < 0.5:
                _apply(files, _torn(step, chance))
        return {name: bytes(content) for name, content in files.items()}


def _torn(step: Step, chance: random.Random) -> Step:
    """Sometimes only the first sectors of a write reach the disk."""
    if step.kind != "write" or chance.random() < 0.7:
        return step
    kept = SECTOR * chance.randrange(len(step.data) // SECTOR + 1)
    return Step("write", step.name, step.offset, step.data[:kept])


def _apply(files: dict[str, bytearray], step: Step) -> None:
    if step.kind == "delete":
        files.pop(step.name, None)
        return
    content = files.setdefault(step.name, bytearray())
    if step.kind == "truncate":
        del content[step.offset :]
    elif step.kind == "write":
        if len(content) < step.offset:
            content.extend(bytes(step.offset - len(content)))
        content[step.offset : step.offset + len(step.data)] = step.data


class PowerFile(apsw.VFSFile):
    def __init__(self, disk: Disk, name: Any, flags: list[int]) -> None:
        super().__init__("", name, flags)
        self._disk = disk
        path = Path(name.filename() if isinstance(name, apsw.URIFilename) else name)
        self._name = path.name
        self._folder_unsynced = path.name.endswith(("-wal", "-journal"))  # as unixOpen does for new ones

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        super().xWrite(data, offset)
        self._disk.steps.append(Step("write", self._name, offset, bytes(data)))

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        super().xTruncate(newsize)
        self._disk.steps.append(Step("truncate", self._name, newsize))

    def xSync(self, flags: int) -> None:  # noqa: N802
        super().xSync(flags)
        self._disk.steps.append(Step("sync", self._name, int(self._folder_unsynced)))
        self._folder_unsynced = False


class PowerLayer(apsw.VFS):
    """Registered under ``VFS_NAME`` until ``unregister``."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        super().__init__(VFS_NAME, "")

    def xOpen(self, name: Any, flags: list[int]) -> PowerFile:  # noqa: N802
        return PowerFile(self._disk, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        super().xDelete(filename, syncdir)
        self._disk.steps.append(Step("delete", Path(filename).name, int(syncdir)))


class PowerConnection:
    """What the store uses of ``sqlite3.Connection``, over the layer.

    The layer has no shared memory, so the one connection holds the file exclusively; the write-ahead
    log and its syncs are the same.
    """

    def __init__(self, path: Any, **_: object) -> None:
        self._connection = apsw.Connection(str(path), vfs=VFS_NAME)
        self._connection.execute("PRAGMA locking_mode = EXCLUSIVE")

    def execute(self, sql: str, args: Any = ()) -> Cursor:
        return Cursor(self._connection, self._connection.execute(sql, tuple(args)))

    def executemany(self, sql: str, rows: Any) -> Cursor:
        before = self._connection.total_changes()
        cursor = Cursor(self._connection, self._connection.executemany(sql, (tuple(row) for row in rows)))
        cursor.rowcount = self._connection.total_changes() - before
        return cursor

    @property
    def in_transaction(self) -> bool:
        return self._connection.in_transaction

    @property
    def total_changes(self) -> int:
        return self._connection.total_changes()

    def close(self) -> None:
        self._connection.close()


class Cursor:
    def __init__(self, connection: apsw.Connection, cursor: apsw.Cursor) -> None:
        self._cursor = cursor
        self.lastrowid = connection.last_insert_rowid()
        self.rowcount = connection.changes()

    def fetchone(self) -> Any:
        return self._cursor.fetchone()

    def fetchall(self) -> Any:
        return self._cursor.fetchall()

    def fetchmany(self, size: int) -> list[Any]:
        return list(islice(self._cursor, size))

    def __iter__(self) -> Any:
        return iter(self._cursor)
