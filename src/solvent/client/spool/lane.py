"""One spool on its way: its delivery, its lock if it was adopted, and when to try again."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Container
from pathlib import Path

from solvent.client.connections import backend_of
from solvent.client.say import say
from solvent.client.spool.delivery import Delivery
from solvent.client.spool.reader import read_header
from solvent.client.spool.spool import SUFFIX, Spool, try_lock
from solvent.errors import SolventError, Unavailable

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
MAX_STEPS = 20
DRAFT_SECONDS = 3600.0


class Lane:
    """Attempts the delivery of a spool and remembers how it went.

    ``error`` is the last attempt's, None if it succeeded. ``quiet`` lanes, those of other processes,
    do not tell of a server that is away.
    """

    def __init__(self, delivery: Delivery, *, lock: int | None, quiet: bool) -> None:
        self.error: SolventError | None = None
        self.failed_at = self.retry_at = 0.0
        self.progress = 0
        self._delivery = delivery
        self._lock = lock
        self._quiet = quiet
        self._pause = FIRST_PAUSE
        self._told = False
        self._concluded = lock is None  # a process that lives ends its runs itself
        self.lost = 0

    @classmethod
    def own(cls, spool: Spool) -> Lane:
        """The lane of a spool that this process writes."""
        lane = open_lane(spool.path, lock=None, quiet=False)
        assert lane is not None  # its header was written before it got its name
        return lane

    @property
    def delivered(self) -> int:
        return self._delivery.delivered

    @property
    def files_done(self) -> int:
        return self._delivery.files_done

    @property
    def delivery(self) -> Delivery:
        return self._delivery

    def attempt(self, stopped: threading.Event, *, urgent: bool) -> bool:
        """Send what there is, up to ``MAX_STEPS`` batches, unless it is too early to try again."""
        if self.error is not None and not urgent and time.monotonic() < self.retry_at:
            return False
        steps = 0
        try:
            while steps < MAX_STEPS and not stopped.is_set() and self._delivery.step():
                steps += 1
                self.progress += 1
            if steps < MAX_STEPS and not stopped.is_set():
                self.conclude()
        except SolventError as error:
            self._failed(error)
        except OSError as error:
            self._failed(Unavailable(f"{self._delivery.path}: {error.strerror}"))
        else:
            if self._told:
                say(f"{self._delivery.address} can be reached again")
            self.error, self._pause, self._told = None, FIRST_PAUSE, False
        return steps > 0

    def conclude(self) -> None:
        """End the runs that a dead process has left open, once all of its spool is delivered; ``lost`` counts them."""
        if not self._concluded and self._delivery.finished():
            self.lost = self._delivery.end_lost_runs()
            self._concluded = True

    def remove_if_finished(self) -> bool:
        """Delete the spool if it is delivered, and give up its lock."""
        if not self._concluded or not self._delivery.finished():
            return False
        self._delivery.remove()
        self._release()
        return True

    def close(self) -> None:
        """Leave the spool as it is for somebody else."""
        self._delivery.close()
        self._release()

    def _release(self) -> None:
        if self._lock is not None:
            os.close(self._lock)

    def _failed(self, error: SolventError) -> None:
        self.error = error
        self.failed_at = time.monotonic()
        self.retry_at = self.failed_at + self._pause
        self._pause = min(self._pause * 2, LONGEST_PAUSE)
        if not self._quiet and not self._told:
            self._told = True
            place = f"everything is kept in {self._delivery.path.parent} and sent later"
            away = "is away" if isinstance(error, Unavailable) else "does not take what is logged"
            say(f"{self._delivery.address} {away}: logging goes on, {place} ({error})")


def open_lane(path: Path, *, lock: int | None, quiet: bool, to: str | None = None) -> Lane | None:
    """The lane of a spool; None if its process died before it held anything. ``to`` is another destination for it.

    Raises:
        SolventError: its header can't be read.
    """
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        header = read_header(file, path)
    finally:
        os.close(file)
    if header is None:
        return None
    return Lane(Delivery(path, header, backend_of, to=to), lock=lock, quiet=quiet)


def adopt(
    folder: Path, known: Container[str], failed: dict[str, str] | None = None, *, to: str | None = None
) -> dict[str, Lane]:
    """The spools of dead processes, locked by us from now on, oldest first; ``failed`` gets those that can't be read.

    ``to`` is a destination for all of them, instead of the one that each is addressed to.
    """
    found: dict[str, Lane] = {}
    for draft in folder.glob("*.new"):  # its process died before it wrote anything
        with contextlib.suppress(FileNotFoundError):
            if time.time() - draft.stat().st_mtime > DRAFT_SECONDS:
                _remove_dead(draft)
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        name = path.name.removesuffix(SUFFIX)
        if "." in name or name in known:
            continue
        with contextlib.suppress(FileNotFoundError):
            try:
                lane = _adopt_one(path, to)
            except SolventError as error:
                if failed is None:
                    say(str(error))
                else:
                    failed[name] = str(error)
                continue
            if lane is not None:
                found[name] = lane
    return found


def _remove_dead(draft: Path) -> None:
    """Its age alone says little: the clock may have been put forward since a moment ago."""
    file = os.open(draft, os.O_RDWR | os.O_CLOEXEC)
    try:
        if try_lock(file):
            draft.unlink()
    finally:
        os.close(file)


def _adopt_one(path: Path, to: str | None) -> Lane | None:
    lock = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    lane = None
    try:
        if try_lock(lock) and os.fstat(lock).st_nlink > 0:
            lane = open_lane(path, lock=lock, quiet=True, to=to)
            if lane is None:
                path.unlink()
    finally:
        if lane is None:
            os.close(lock)
    return lane
