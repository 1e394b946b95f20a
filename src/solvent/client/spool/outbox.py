"""What this process has to say to one destination: its spools, of which the last is written to."""

from __future__ import annotations

import itertools
import threading
from pathlib import Path

from solvent.client.spool.place import open_spool
from solvent.client.spool.spool import Spool
from solvent.client.spool.staging import stage

MAX_SPOOL_BYTES = 64 * 1024 * 1024


class Outbox:
    """Takes records and artifacts for ``address`` from any thread; they are kept once a call returns.

    ``runs`` are those that this process has open: a spool that is begun later names them.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self._current = open_spool(address)
        self.folder: Path = self._current.path.parent
        self.spools: tuple[Spool, ...] = (self._current,)
        self.runs: set[str] = set()
        self.staged = 0
        self._numbers = itertools.count(1)
        self._lock = threading.RLock()

    def append(self, line: bytes) -> None:
        """Keep one record."""
        while not (spool := self._current).append(line):
            self._succeed(spool)
        if spool.size > MAX_SPOOL_BYTES:  # go on in a new one, so that what was delivered can be deleted
            self._succeed(spool)

    def stage(self, run_id: str, path: str, source: Path | bytes) -> None:
        """Keep a copy of an artifact for its upload."""
        with self._lock:
            stage(self._current.path.with_suffix(".files"), next(self._numbers), run_id, path, source)
            self.staged += 1

    def sync(self) -> None:
        """Bring all records to the disk."""
        for spool in self.spools:
            spool.sync()

    def forget(self, spool: Spool) -> None:
        """Close a spool that was delivered and is not written to any more."""
        with self._lock:
            self.spools = tuple(other for other in self.spools if other is not spool)
        spool.close()

    def is_current(self, spool: Spool) -> bool:
        return spool is self._current

    def _succeed(self, spool: Spool) -> None:
        """Retire a spool, unless another thread has done so."""
        with self._lock:
            if self._current is spool:
                successor = Spool(self.folder, self.address, self.runs.copy())
                self.spools = (*self.spools, successor)
                self._current = successor
                spool.retire()
