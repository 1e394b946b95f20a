"""The open store: consistent reads, and writes in groups that are answered after their commit."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from solvent.errors import SolventError
from solvent.store.database import connect, migrate
from solvent.store.errors import store_error
from solvent.store.operations import UseCase
from solvent.store.transaction import Transaction
from solvent.wire.base import Request, Wire

Q = TypeVar("Q", bound=Request[Any])
R = TypeVar("R", bound=Wire)
Outcome = Wire | BaseException


class Job(NamedTuple):
    """One use case with its request."""

    run: UseCase[Any, Any]
    request: Request[Any]


class Store:
    """One database file.

    Safe to use from many threads, and beside other processes on the same file.
    """

    def __init__(self, path: Path, *, synchronous: str = "FULL", artifact_root: str = "mlflow-artifacts:/") -> None:
        self.path = path
        self.synchronous = synchronous
        self.artifact_root = artifact_root
        self._connection = connect(path, synchronous=synchronous)
        migrate(self._connection, path)
        self._transaction = Transaction(self._connection, artifact_root)
        self._data_version = -1
        self._lock = threading.Lock()
        self._local = threading.local()
        self._readers: list[sqlite3.Connection] = []
        self._key_names: dict[int, str] = {}  # what all readers know of the dictionary of names

    def read(self, use_case: UseCase[Q, R], request: Q) -> R:
        """Answer from one snapshot; never waits for writers."""
        connection = self._reader()
        try:
            connection.execute("BEGIN")
            try:
                return use_case(Transaction(connection, self.artifact_root, self._key_names), request)
            finally:
                if connection.in_transaction:
                    connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise store_error(error, self.path) from error

    def write(self, use_case: UseCase[Q, R], request: Q) -> R:
        """Answer after the commit."""
        (outcome,) = self.write_group([Job(use_case, request)])
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome  # type: ignore[return-value]

    def write_group(self, jobs: Sequence[Job]) -> list[Outcome]:
        """Run the jobs in one transaction; one outcome each, in order, valid once this returns.

        A job that fails is rolled back alone. If the commit fails, all have failed.
        """
        with self._lock:
            try:
                self._begin()
                outcomes = [self._attempt(job) for job in jobs]
                self._connection.execute("COMMIT")
            except BaseException as error:
                self._abandon()
                if not isinstance(error, (sqlite3.Error, SolventError)):
                    raise
                failure = store_error(error, self.path) if isinstance(error, sqlite3.Error) else error
                return [failure] * len(jobs)
        return outcomes

    def close(self) -> None:
        with self._lock:
            for reader in self._readers:
                reader.close()
            self._readers.clear()
            self._connection.close()

    def _begin(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        version = self._connection.execute("PRAGMA data_version").fetchone()[0]
        if version != self._data_version:  # another connection has committed: what we remember may be stale
            self._transaction.forget()
            self._data_version = version

    def _attempt(self, job: Job) -> Outcome:
        self._connection.execute("SAVEPOINT job")
        try:
            outcome: Outcome = job.run(self._transaction, job.request)
        except sqlite3.OperationalError:
            raise  # the disk or the file, not this request: the whole group fails
        except Exception as error:
            self._connection.execute("ROLLBACK TO job")
            self._transaction.forget()
            outcome = error
        self._connection.execute("RELEASE job")
        return outcome

    def _abandon(self) -> None:
        self._transaction.forget()
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def _reader(self) -> sqlite3.Connection:
        reader: sqlite3.Connection | None = getattr(self._local, "reader", None)
        if reader is None:
            reader = self._local.reader = connect(self.path, read_only=True)
            with self._lock:
                self._readers.append(reader)
        return reader
