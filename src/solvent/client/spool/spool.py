"""The spool: the file that a record is in once ``log_*`` has returned.

``<home>/spool/<name>.jsonl`` starts with a header line that says where its records are meant to go,
and holds one JSON record per line, each written by one system call. The file is locked (flock) as
long as its process lives. Beside it lie ``<name>.ack`` (how far it was delivered), ``<name>.files/``
(artifacts to upload) and ``<name>.rejected.jsonl`` (what the store refused, and why).

Names sort by the time of their making.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import threading
import time
from collections.abc import Collection
from pathlib import Path

from solvent.client.spool.errors import spool_error
from solvent.client.spool.lines import quoted
from solvent.client.spool.owner import process_name
from solvent.disk import sync_folder
from solvent.settings import home

FORMAT = 1
OWN_HOME = "."
SUFFIX = ".jsonl"
MAX_RUNS = 200


def spool_folder(place: Path | None = None) -> Path:
    """``<home>/spool``, or that of another place, made if need be; a home that we make ignores itself in git."""
    place = place or home()
    folder = place / "spool"
    try:
        if not place.is_dir():
            place.mkdir(parents=True, exist_ok=True)
            (place / ".gitignore").write_text("*\n", "utf-8")
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise spool_error(error, str(folder)) from None
    return folder


def try_lock(descriptor: int) -> bool:
    """Become the one process that holds the file; False if another one does."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


_last_time = 0


def _next_time() -> int:
    """Now in nanoseconds, but later than at the last call, also when the clock was put back meanwhile."""
    global _last_time
    _last_time = max(time.time_ns(), _last_time + 1)
    return _last_time


class Spool:
    """The writing end of a spool, locked by this process. Safe to use from many threads.

    ``size`` is the byte up to which whole lines are written. ``runs`` are open already.
    """

    def __init__(self, folder: Path, address: str, runs: Collection[str] = ()) -> None:
        self.name = f"{_next_time():016x}{os.urandom(8).hex()}"
        self.path = folder / f"{self.name}{SUFFIX}"
        self.size = 0
        self.synced = 0
        self._torn = self._retired = self._named = False
        self._lock = threading.RLock()  # a signal handler may log in the middle of a log call
        draft = folder / f"{self.name}.new"
        try:
            self._file = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise spool_error(error, str(folder)) from None
        try_lock(self._file)
        # A home that is moved or mounted elsewhere keeps its own spools: they name it by its place.
        uri = OWN_HOME if address == str(folder.parent) else address
        header = f'{{"solvent_spool":{FORMAT},"uri":{quoted(uri)},"pid":{os.getpid()},"process":'
        header += f'{quoted(process_name())},"runs":[{",".join(quoted(run) for run in list(runs)[:MAX_RUNS])}]}}\n'
        try:
            self.append(header.encode())
            draft.rename(self.path)  # it appears locked and with its header
        except BaseException:
            os.close(self._file)
            draft.unlink(missing_ok=True)
            raise

    def append(self, line: bytes) -> bool:
        """Keep one line. Once this returns True, the line survives the death of this process.

        False: the spool has been retired, use its successor.

        Raises:
            SpoolFull: the disk has no room; the line was not kept.
        """
        with self._lock:
            if self._retired:
                return False
            try:
                if self._torn:  # end the half line that a full disk left, so that it spoils nothing
                    line = b"\n" + line
                written = os.write(self._file, line)
                while written < len(line):
                    self._torn = True
                    written += os.write(self._file, line[written:])
            except OSError as error:
                self._torn = True
                raise spool_error(error, str(self.path)) from None
            if self._torn:
                self._torn = False
                self.size = os.fstat(self._file).st_size
            else:
                self.size += written
            return True

    def retire(self) -> None:
        """Take no more lines."""
        with self._lock:
            self._retired = True

    def sync(self) -> None:
        """Bring what is written to the disk, so that it survives a power cut as well."""
        size = self.size
        if size != self.synced:
            os.fsync(self._file)
            if not self._named:
                self._sync_name()
            self.synced = size

    def _sync_name(self) -> None:
        """Bring the file's name to the disk, and those of the spool's folder and of the home, which may be new."""
        sync_folder(self.path.parent)
        for folder in self.path.parents[1:3]:
            with contextlib.suppress(PermissionError):  # what is above the home may not be ours to read
                sync_folder(folder)
        self._named = True

    def close(self) -> None:
        """Give up the lock: the next process may deliver and delete it."""
        os.close(self._file)
