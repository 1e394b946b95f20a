"""The open store: consistent reads, and writes in groups that are answered after their commit."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from solvent.errors import InvalidInput, SolventError
from solvent.store import changes, settings
from solvent.store.database import BUSY_SECONDS, connect, schema_version
from solvent.store.errors import StoreGone, store_error
from solvent.store.files import FilesAt
from solvent.store.migrate import migrate
from solvent.store.together import together_of
from solvent.store.transaction import Q, R, Transaction, UseCase
from solvent.wire.base import Request, Wire

T = TypeVar("T")
Outcome = Wire | BaseException

MOST_UNSAVED = 10_000
"""Rows (and twenty for each commit: about 3,000 pages) that are written at once before a checkpoint is due."""
_CHECKPOINT_PAGES = 1_000
_FAULTS_OF_A_JOB = (sqlite3.IntegrityError, sqlite3.DataError, sqlite3.ProgrammingError)
_RUN_AND_ACTOR = itemgetter(0, 2)


class Job(NamedTuple):
    """One use case with its request, and who asks (empty if nobody knows)."""

    run: UseCase[Any, Any]
    request: Request[Any]
    actor: str = ""


class Size(NamedTuple):
    """Bytes of the database file, of its write-ahead log, and of the room inside the file that nothing uses."""

    file: int
    log: int
    unused: int


class Store:
    """One database file.

    Safe to use from many threads, beside other processes on the same file, and after a fork.
    ``synchronous`` None means the setting ``SOLVENT_STORE_SYNCHRONOUS``. ``commit_seconds`` is how long the
    last commit took.
    """

    def __init__(
        self, path: Path, *, synchronous: str | None = None, artifact_root: str = "mlflow-artifacts:/"
    ) -> None:
        self.path = path
        self.artifact_root = artifact_root
        self.synchronous = synchronous or settings.synchronous()
        self.commit_seconds = 0.0
        self.files: FilesAt | None = None
        """For use cases outside of transactions; None where nobody has said how files are reached."""
        self._inherited: list[object] = []
        self._open()

    def _open(self) -> None:
        self._process = os.getpid()
        self._connection = connect(self.path, synchronous=self.synchronous)
        try:
            migrate(self._connection, self.path)
        except BaseException:
            self._connection.close()
            raise
        self._schema = schema_version(self._connection, self.path)
        self._transaction = Transaction(self._connection, self.artifact_root)
        self._file = self._identity()
        self._data_version = -1
        self._at_once = False
        self._unsaved = 0
        self._lock = threading.Lock()
        self._local = threading.local()
        self._readers: list[tuple[threading.Thread, sqlite3.Connection]] = []
        self._readers_lock = threading.Lock()  # another one: who writes may hold its own for long
        self._key_names: dict[int, str] = {}  # what all readers know of the dictionary of names

    def read(self, use_case: UseCase[Q, R], request: Q, actor: str = "") -> R:
        """Answer from one snapshot; never waits for writers."""
        connection = self._reader()
        try:
            connection.execute("BEGIN")
            try:
                return use_case(Transaction(connection, self.artifact_root, self._key_names, actor), request)
            finally:
                if connection.in_transaction:
                    connection.execute("COMMIT")
        except (sqlite3.Error, OverflowError, UnicodeEncodeError) as error:
            raise self._clear(error) from error

    def write(self, use_case: UseCase[Q, R], request: Q, actor: str = "") -> R:
        """Answer after the commit."""
        (outcome,) = self.write_group([Job(use_case, request, actor)])
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome  # type: ignore[return-value]

    def write_group(self, jobs: Sequence[Job]) -> list[Outcome]:
        """Run the jobs in one transaction; one outcome each, in order, valid once this returns.

        A job that fails is rolled back alone. If the commit fails, all have failed.
        """
        self._check_process()
        with self._lock:
            self._wait(at_once=False)
            try:
                self._begin()
                return self._finish(jobs)
            except BaseException as error:
                return self._failed(error, jobs)

    def write_at_once(self, jobs: Sequence[Job]) -> list[Outcome] | None:
        """Like ``write_group``, for a thread that must not wait: neither for others who write nor for the disk.

        None, and nothing is done, if that can't be: others write now, each commit is to be synced, or
        it is time that somebody who may wait brings home the write-ahead log, which syncs too.
        """
        self._check_process()
        if self.synchronous != "NORMAL" or self._unsaved > MOST_UNSAVED or not self._lock.acquire(blocking=False):
            return None
        begun, before = False, self._connection.total_changes
        try:
            self._wait(at_once=True)
            self._begin()
            begun = True
            outcomes = self._finish(jobs)
            self._unsaved += 20 + self._connection.total_changes - before
            return outcomes
        except BaseException as error:
            if begun or self._connection.in_transaction or not isinstance(error, (sqlite3.Error, SolventError)):
                return self._failed(error, jobs)
            return None  # whoever may wait meets it again, or not
        finally:
            self._lock.release()

    def version(self) -> int:
        """Another number than before, in the same thread, if anything was committed meanwhile, by whomever."""
        try:
            return int(self._reader().execute("PRAGMA data_version").fetchone()[0])
        except sqlite3.Error as error:
            raise self._clear(error) from error

    def snapshot(self, look: Callable[[Transaction], T]) -> T:
        """What ``look`` finds in one snapshot; never waits for writers."""
        connection = self._reader()
        try:
            connection.execute("BEGIN")
            try:
                return look(Transaction(connection, self.artifact_root, self._key_names))
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")  # nothing was written; a damaged file refuses to commit
        except sqlite3.Error as error:
            raise self._clear(error) from error

    def maintain(self, work: Callable[[Transaction], T]) -> T:
        """Run ``work`` in a write transaction that does not check references: it keeps them right itself."""
        with self._held() as connection:
            connection.execute("PRAGMA foreign_keys = OFF")
            try:
                self._begin()
                result = work(self._transaction)
                connection.execute("COMMIT")
            finally:
                self._abandon()  # also after the end: what was remembered may be gone
                connection.execute("PRAGMA foreign_keys = ON")
        return result

    def vacuum(self) -> None:
        """Rewrite the file without its unused room. Needs as much free disk as the file is large."""
        with self._held() as connection:
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def size(self) -> Size:
        """Bytes of the file, of the log beside it, and of the unused room inside the file."""
        connection = self._reader()
        page, pages, free = (
            connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_size", "page_count", "freelist_count")
        )
        log = self.path.with_name(self.path.name + "-wal")
        return Size(page * pages, log.stat().st_size if log.exists() else 0, page * free)

    @contextmanager
    def _held(self) -> Iterator[sqlite3.Connection]:
        """The writing connection, while nobody else of this process has it."""
        self._check_process()
        with self._lock:
            self._wait(at_once=False)
            try:
                yield self._connection
            except sqlite3.Error as error:
                raise self._clear(error) from error

    def close(self) -> None:
        if os.getpid() != self._process:
            return  # these connections are the parent's
        with self._lock, self._readers_lock:
            for _, reader in self._readers:
                reader.close()
            self._readers.clear()
            self._connection.close()

    def _begin(self) -> None:
        if self._identity() != self._file:
            raise StoreGone(
                f"{self.path} was moved, removed or replaced while it was open: start again to use what is there"
            )
        self._connection.execute("BEGIN IMMEDIATE")
        self._transaction.touched.clear()
        version = self._connection.execute("PRAGMA data_version").fetchone()[0]
        if version != self._data_version:  # another connection has committed: what we remember may be stale
            self._transaction.forget()
            if self._connection.execute("PRAGMA user_version").fetchone()[0] != self._schema:
                schema_version(self._connection, self.path)  # a newer Solvent has migrated the file meanwhile
            self._data_version = version

    def _finish(self, jobs: Sequence[Job]) -> list[Outcome]:
        """Run the jobs in the transaction that has begun, and commit it."""
        outcomes = [
            outcome for _, alike in groupby(jobs, key=_RUN_AND_ACTOR) for outcome in self._attempt_all(list(alike))
        ]
        changes.write(self._transaction)
        started = time.perf_counter()
        self._connection.execute("COMMIT")
        self.commit_seconds = time.perf_counter() - started
        return outcomes

    def _failed(self, error: BaseException, jobs: Sequence[Job]) -> list[Outcome]:
        """The outcomes of a group of which nothing is kept."""
        self._abandon()
        if not isinstance(error, (sqlite3.Error, SolventError)):
            raise error
        failure = self._clear(error)
        failure.__cause__ = error if failure is not error else None
        return [failure] * len(jobs)

    def _wait(self, *, at_once: bool) -> None:
        """Whether the writing connection may wait for others' locks, and for a checkpoint's syncs."""
        if at_once is not self._at_once:
            busy, pages = (0, 0) if at_once else (int(BUSY_SECONDS * 1000), _CHECKPOINT_PAGES)
            self._connection.execute(f"PRAGMA busy_timeout = {busy}")
            self._connection.execute(f"PRAGMA wal_autocheckpoint = {pages}")
            self._at_once = at_once
        if not at_once:
            self._unsaved = 0

    def _attempt_all(self, jobs: Sequence[Job]) -> Sequence[Outcome]:
        """The outcomes of jobs of one use case and actor: together if that can be done, else one by one."""
        many = together_of(jobs[0].run) if len(jobs) > 1 else None
        if many is not None:
            outcomes = self._alone(many, [job.request for job in jobs], jobs[0].actor)
            if isinstance(outcomes, list):
                return outcomes
        return [self._alone(*job) for job in jobs]

    def _alone(self, run: Callable[[Transaction, Any], T], request: object, actor: str) -> T | Exception:
        """What ``run`` answers; if it fails, its error, and nothing of it is kept."""
        before = self._connection.total_changes
        self._connection.execute("SAVEPOINT job")
        self._transaction.actor = actor
        answer: T | Exception
        try:
            answer = run(self._transaction, request)
        except Exception as error:
            if isinstance(error, sqlite3.Error) and not isinstance(error, _FAULTS_OF_A_JOB):
                raise  # the disk or the file, not this request: the whole group fails
            self._connection.execute("ROLLBACK TO job")
            if self._connection.total_changes != before:
                self._transaction.forget()
            answer = self._clear(error)
        self._connection.execute("RELEASE job")
        return answer

    def _abandon(self) -> None:
        self._transaction.forget()
        if self._connection.in_transaction:
            with suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")

    def _clear(self, error: Exception) -> Exception:
        """The error to show for one that SQLite or its driver raised; others stay as they are."""
        if isinstance(error, sqlite3.Error):
            return store_error(error, self.path)
        if isinstance(error, (OverflowError, UnicodeEncodeError)):
            return InvalidInput(f"a number or text of this request can't be kept: {error}")
        return error

    def _identity(self) -> tuple[int, int] | None:
        """Which file lies at the path, None if there is none."""
        try:
            status = self.path.stat()
        except OSError:
            return None
        return status.st_dev, status.st_ino

    def _reader(self) -> sqlite3.Connection:
        self._check_process()
        reader: sqlite3.Connection | None = getattr(self._local, "reader", None)
        if reader is None:
            reader = self._local.reader = connect(self.path, read_only=True)
            with self._readers_lock:
                for thread, other in self._readers:
                    if not thread.is_alive():
                        other.close()
                self._readers = [(thread, other) for thread, other in self._readers if thread.is_alive()]
                self._readers.append((threading.current_thread(), reader))
        return reader

    def _check_process(self) -> None:
        """Open anew in a forked child. The parent's connections are kept untouched: SQLite forbids using or closing them."""
        if os.getpid() != self._process:
            self._inherited += [self._connection, self._transaction, self._local, self._readers]
            self._open()
