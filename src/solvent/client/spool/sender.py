"""The background thread that delivers: this process's own spools, and those that dead processes left.

It starts a moment after the first record, so that a short script is done before the backend is even
imported, and it never makes a caller wait. A server that is away is tried again with growing pauses.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from solvent.client.say import say
from solvent.client.spool.outbox import Outbox
from solvent.client.spool.spool import Spool

if TYPE_CHECKING:
    from solvent.client.spool.lane import Lane

START_SECONDS = 0.25
GATHER_SECONDS = 0.25
SYNC_SECONDS = 1.0
RESCAN_SECONDS = 60.0


class Sender:
    """Delivers outboxes in the background until it is stopped."""

    def __init__(self) -> None:
        self.outboxes: list[Outbox] = []
        self._lanes: dict[Spool, Lane] = {}
        self._adopted: dict[str, Lane] = {}
        self._wake = threading.Event()
        self._urgent = threading.Event()
        self._stopped = threading.Event()
        self._changed = threading.Condition()
        self._rescan_at = 0.0
        self._files_done: dict[Outbox, int] = {}
        self._thread = threading.Thread(target=self._run, name="solvent-sender", daemon=True)
        self._syncer = threading.Thread(target=self._sync, name="solvent-sync", daemon=True)
        self._thread.start()
        self._syncer.start()

    def nudge(self) -> None:
        """There is something to send."""
        if not self._wake.is_set():
            self._wake.set()

    def flush(self, outboxes: Sequence[Outbox], *, limit: float, patience: float, hang: float) -> bool:
        """Wait until all that the outboxes hold now is delivered. Whether it is.

        Args:
            limit: seconds to wait at most.
            patience: seconds to wait without progress when sending fails.
            hang: seconds to wait without progress when there is no answer.
        """
        targets = [(spool, spool.size) for outbox in outboxes for spool in outbox.spools]
        files = [(outbox, outbox.staged) for outbox in outboxes]
        start = last = time.monotonic()
        mark = self._mark()
        while not (all(self._has(*target) for target in targets) and all(self._uploaded(*file) for file in files)):
            self._urgent.set()
            self._wake.set()
            with self._changed:
                self._changed.wait(0.1)
            now = time.monotonic()
            if self._mark() != mark:
                mark, last = self._mark(), now
            lanes = [self._lanes.get(spool) for spool, _ in targets]
            failing = any(lane is not None and lane.error and lane.failed_at >= start for lane in lanes)
            if now - start > limit or now - last > (patience if failing else hang):
                return False
        return True

    def stop(self) -> bool:
        """End the thread, remove what is delivered. What is not stays for the next process.

        False: the thread is in the middle of a call and can't be ended.
        """
        self._stopped.set()
        self._urgent.set()
        self._wake.set()
        self._thread.join(1.0)
        for outbox in self.outboxes:
            for spool in outbox.spools:
                spool.retire()
        self._clean()
        if self._thread.is_alive():
            return False
        for lane in self._adopted.values():
            lane.close()
        return True

    def abandon(self) -> None:
        """In a forked child: let go of the parent's files, without which its locks would outlive it."""
        for outbox in self.outboxes:
            for spool in outbox.spools:
                spool.close()
        for lane in (*self._lanes.values(), *self._adopted.values()):
            lane.close()

    def _mark(self) -> int:
        lanes = self._lanes.copy().values()
        return sum(lane.progress for lane in lanes) + sum(self._files_done.copy().values())

    def _has(self, spool: Spool, size: int) -> bool:
        lane = self._lanes.get(spool)
        return lane.delivered >= size if lane is not None else not any(spool in box.spools for box in self.outboxes)

    def _uploaded(self, outbox: Outbox, count: int) -> bool:
        return self._files_done.get(outbox, 0) >= count

    def _run(self) -> None:
        self._urgent.wait(START_SECONDS)
        while not self._stopped.is_set():
            self._wake.clear()
            try:
                progressed = self._round()
            except Exception as error:  # a defect must not end the delivery in silence
                say(
                    f"sending failed in an unexpected way ({type(error).__name__}: {error}); nothing is lost, it is tried again"
                )
                progressed = False
            if not progressed:
                self._urgent.clear()
            with self._changed:
                self._changed.notify_all()
            if not progressed:
                self._wake.wait(self._pause())
            self._urgent.wait(GATHER_SECONDS)  # let records gather, so that a batch is worth its commit

    def _round(self) -> bool:
        """One attempt for everybody. Whether anything was delivered."""
        from solvent.client.spool.lane import Lane, adopt

        progressed = False
        for outbox in self.outboxes.copy():
            for spool in outbox.spools:
                lane = self._lanes.get(spool)
                if lane is None:
                    lane = self._lanes[spool] = Lane.own(spool)
                before = lane.files_done
                progressed |= lane.attempt(self._stopped, urgent=self._urgent.is_set())
                self._files_done[outbox] = self._files_done.get(outbox, 0) + lane.files_done - before
        self._clean(only_retired=True)
        now = time.monotonic()
        if self.outboxes and now >= self._rescan_at:
            self._rescan_at = now + RESCAN_SECONDS
            for folder in dict.fromkeys(outbox.folder for outbox in self.outboxes.copy()):
                self._adopted |= adopt(folder, self._adopted.keys())
        for name, lane in list(self._adopted.items()):
            progressed |= lane.attempt(self._stopped, urgent=False)
            if lane.remove_if_finished():
                del self._adopted[name]
        return progressed

    def _clean(self, *, only_retired: bool = False) -> None:
        for outbox in self.outboxes:
            for spool in outbox.spools:
                lane = self._lanes.get(spool)
                if lane is None or (only_retired and outbox.is_current(spool)):
                    continue
                if lane.remove_if_finished():
                    outbox.forget(spool)
                    del self._lanes[spool]

    def _pause(self) -> float:
        """Seconds until something has to be tried again."""
        now = time.monotonic()
        times = [lane.retry_at for lane in (*self._lanes.values(), *self._adopted.values()) if lane.error]
        return max(min([*times, self._rescan_at]) - now, 0.05)

    def _sync(self) -> None:
        while not self._stopped.wait(SYNC_SECONDS):
            for outbox in self.outboxes.copy():
                with contextlib.suppress(OSError, ValueError):  # it was just delivered and closed
                    outbox.sync()
