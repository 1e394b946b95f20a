"""What this process knows: where it logs to, which runs are open, who delivers.

Each thread has its own stack of active runs. A forked child starts with none, and with outboxes,
threads and connections of its own.
"""

from __future__ import annotations

import os
import threading

from solvent.client import connections
from solvent.client.destination import check_uri, destination
from solvent.client.entities import Experiment
from solvent.client.process.active import ActiveRun
from solvent.client.process.background import Background
from solvent.client.process.log import RunLog
from solvent.client.spool.outbox import Outbox
from solvent.client.spool.sender import Sender
from solvent.settings import tracking_uri


class _Thread(threading.local):
    """What belongs to one thread."""

    def __init__(self) -> None:
        self.stack: list[ActiveRun] = []
        self.last_run_id: str | None = None


class Session:
    """One per process: ``session``."""

    def __init__(self) -> None:
        self.uri: str | None = None
        self.experiment: Experiment | None = None
        self.thread = _Thread()
        self.open_runs: dict[str, ActiveRun] = {}
        self.logs: dict[tuple[str, str], RunLog] = {}  # by address and run id, of runs that are not open here
        self.background: Background | None = None
        self._outboxes: dict[str, Outbox] = {}
        self._sender: Sender | None = None
        self._lock = threading.RLock()

    def set_uri(self, uri: str) -> None:
        """Log to ``uri`` from the next run on; '' means the environment's or the default again."""
        self.uri = check_uri(os.fspath(uri)) or None
        self.experiment = None
        if self.uri:
            connections.remember(destination(self.uri), self.uri)

    @property
    def address(self) -> str:
        """The destination of what is started or read now."""
        uri = tracking_uri(self.uri)
        return destination(check_uri(uri) if uri else None)

    def begin(self, run: ActiveRun, *, captured: bool, sampled: bool | None) -> None:
        """A run is active in this thread from now on."""
        self.thread.stack.append(run)
        self.open_runs[run.info.run_id] = run
        if self.background is None:
            self.background = Background(self.open_runs)
        self.background.started(run, captured=captured, sampled=sampled)

    def end(self, run: ActiveRun, status: str) -> None:
        """Write the end of a run, whichever thread it is active in."""
        self.thread.last_run_id = run.info.run_id
        self.open_runs.pop(run.info.run_id, None)
        if self.background is not None:
            self.background.ended(run)
        run.info.end_time = run.log.end(status)
        run.info.status = status

    def outbox(self, address: str) -> Outbox:
        """The outbox for a destination, its delivery under way."""
        with self._lock:
            box = self._outboxes.get(address)
            if box is None:
                box = self._outboxes[address] = Outbox(address)
                self.sender.outboxes.append(box)
            return box

    @property
    def sender(self) -> Sender:
        with self._lock:
            if self._sender is None:
                self._sender = Sender()
            return self._sender

    def flush(
        self, address: str | None = None, *, limit: float = 60.0, patience: float = 0.0, hang: float = 30.0
    ) -> bool:
        """Deliver what this process has logged (for ``address``, or at all). Whether all of it is delivered."""
        with self._lock:
            boxes = [box for name, box in self._outboxes.items() if address is None or name == address]
        if not boxes:
            return True
        return self.sender.flush(boxes, limit=limit, patience=patience, hang=hang)

    def undelivered(self) -> list[Outbox]:
        """The outboxes that still have spools once the sender was stopped."""
        return [box for box in self._outboxes.values() if box.spools]

    def stop(self) -> None:
        """End the delivery and close the connections; what is not delivered stays."""
        if self._sender is None or self._sender.stop():
            connections.close_all()

    def reset(self) -> None:
        """Know nothing, as at the start of the process. What was open is kept from being closed: after a fork it
        is the parent's."""
        _parents.append(self.__dict__.copy())
        self.__init__()  # type: ignore[misc]
        connections.forget_all()

    def after_fork(self) -> None:
        """Become the session of a new process that logs to the same place."""
        uri, experiment = self.uri, self.experiment
        if self._sender is not None:
            self._sender.abandon()
        self.reset()
        self.uri, self.experiment = uri, experiment


_parents: list[dict[str, object]] = []
"""Keeps the parent's objects in a child from being collected: closing them would close what is not ours."""

session = Session()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=session.after_fork)
