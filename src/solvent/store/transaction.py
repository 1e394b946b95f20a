"""A transaction: the one thing that use cases and resource modules are handed."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from solvent.wire.base import Request, Wire

Q = TypeVar("Q", bound=Request[Any])
R = TypeVar("R", bound=Wire)
Row = tuple[Any, ...]


class Touched:
    """What was written of one run: ``kinds`` are bits, ``keys`` the ids of names; ``more``: not all are named."""

    __slots__ = ("keys", "kinds", "more")

    def __init__(self) -> None:
        self.kinds = 0
        self.keys: set[int] = set()
        self.more = False


class Transaction:
    """SQL on one connection, inside BEGIN and COMMIT of whoever made it.

    ``cache`` lives as long as nobody else has changed the database; resource modules keep looked-up
    ids in it, under a key that starts with their own name. ``key_names`` is the dictionary of key
    ids and names as far as it was needed: an id never means a second name, so that readers may keep
    it for good.
    ``artifact_root`` is the address under which new experiments keep their files.
    ``touched`` is what the transaction has written to, for the log of changes (``store.changes``), by
    experiment and run, 0 for the experiment itself.
    ``actor`` is who asks, as far as that is known: a user's name, or empty.
    """

    __slots__ = ("_connection", "actor", "artifact_root", "cache", "key_names", "touched")

    def __init__(
        self,
        connection: sqlite3.Connection,
        artifact_root: str,
        key_names: dict[int, str] | None = None,
        actor: str = "",
    ) -> None:
        self._connection = connection
        self.actor = actor
        self.artifact_root = artifact_root
        self.cache: dict[Any, Any] = {}
        self.key_names: dict[int, str] = {} if key_names is None else key_names
        self.touched: dict[tuple[int, int], Touched] = {}

    def touch(self, experiment_id: int, run_id: int, kind: int, key_ids: Iterable[int] | None = ()) -> None:
        """Note that a run, or with ``run_id`` 0 the experiment itself, is written to. None: more than is named."""
        touched = self.touched.get((experiment_id, run_id))
        if touched is None:
            touched = self.touched[experiment_id, run_id] = Touched()
        touched.kinds |= kind
        if key_ids is None:
            touched.more = True
        else:
            touched.keys.update(key_ids)

    def execute(self, sql: str, args: Sequence[object] = ()) -> sqlite3.Cursor:
        return self._connection.execute(sql, args)

    def executemany(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        self._connection.executemany(sql, rows)

    def insert(self, sql: str, args: Sequence[object] = ()) -> int:
        """Run an INSERT; the new row's integer key."""
        row_id = self._connection.execute(sql, args).lastrowid
        assert row_id is not None
        return row_id

    def insert_unique(self, sql: str, rows: Sequence[Sequence[object]]) -> bool:
        """Run a plain INSERT for all rows; False, and none of them kept, if one is there already."""
        self._connection.execute("SAVEPOINT rows")
        try:
            self._connection.executemany(sql, rows)
        except sqlite3.IntegrityError:
            self._connection.execute("ROLLBACK TO rows")
            self._connection.execute("RELEASE rows")
            return False
        self._connection.execute("RELEASE rows")
        return True

    def one(self, sql: str, args: Sequence[object] = ()) -> Row | None:
        row: Row | None = self._connection.execute(sql, args).fetchone()
        return row

    def all(self, sql: str, args: Sequence[object] | Mapping[str, object] = ()) -> list[Row]:
        return self._connection.execute(sql, args).fetchall()

    def forget(self) -> None:
        """Drop what was remembered: the database is no longer what it was."""
        self.cache.clear()
        self.key_names.clear()

    @staticmethod
    def now() -> int:
        """Milliseconds since 1970 (UTC)."""
        return time.time_ns() // 1_000_000


UseCase = Callable[[Transaction, Q], R]
"""Answers a request within a transaction."""
