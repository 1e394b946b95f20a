"""A transaction: the one thing that use cases and resource modules are handed."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Sequence
from typing import Any

Row = tuple[Any, ...]


class Transaction:
    """SQL on one connection, inside BEGIN and COMMIT of whoever made it.

    ``cache`` lives as long as nobody else has changed the database; resource modules keep looked-up
    ids in it, under a key that starts with their own name.
    ``artifact_root`` is the address under which new experiments keep their files.
    """

    __slots__ = ("_connection", "artifact_root", "cache")

    def __init__(self, connection: sqlite3.Connection, artifact_root: str) -> None:
        self._connection = connection
        self.artifact_root = artifact_root
        self.cache: dict[Any, Any] = {}

    def execute(self, sql: str, args: Sequence[object] = ()) -> sqlite3.Cursor:
        return self._connection.execute(sql, args)

    def executemany(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        self._connection.executemany(sql, rows)

    def insert(self, sql: str, args: Sequence[object] = ()) -> int:
        """Run an INSERT; the new row's integer key."""
        row_id = self._connection.execute(sql, args).lastrowid
        assert row_id is not None
        return row_id

    def one(self, sql: str, args: Sequence[object] = ()) -> Row | None:
        row: Row | None = self._connection.execute(sql, args).fetchone()
        return row

    def all(self, sql: str, args: Sequence[object] = ()) -> list[Row]:
        return self._connection.execute(sql, args).fetchall()

    @staticmethod
    def now() -> int:
        """Milliseconds since 1970 (UTC)."""
        return time.time_ns() // 1_000_000
