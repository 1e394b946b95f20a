"""Beside the server: end the runs whose machine has died."""

from __future__ import annotations

import logging
import threading

from solvent.backend.protocol import Backend
from solvent.errors import SolventError
from solvent.projects.lost import Attention, end_lost, find_lost

FIRST_SECONDS = 5.0
SECONDS = 60.0
_log = logging.getLogger(__name__)


class LostRuns:
    """Looks regularly; each of several server processes may."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._attention = Attention()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="solvent-lost-runs", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()

    def look(self) -> int:
        """End those that are lost; how many there were."""
        count = 0
        for lost in find_lost(self._backend, self._attention):
            if end_lost(self._backend, lost):
                count += 1
                _log.warning("run %s was ended as FAILED: %s", lost.run.info.run_id, lost.reason)
        return count

    def _run(self) -> None:
        wait = FIRST_SECONDS
        while not self._ended.wait(wait):
            wait = SECONDS
            try:
                self.look()
            except SolventError as error:
                _log.warning("can't look for lost runs now: %s", error)
