"""Asking for the end of a run that goes on elsewhere: a tag on the run, which its runner looks at."""

from __future__ import annotations

import time
from contextlib import suppress
from enum import Enum
from typing import NamedTuple

import msgspec

from solvent.backend.protocol import Backend
from solvent.errors import Conflict, NotSupported
from solvent.projects.lost import Lost, end_lost, reason_if_lost
from solvent.projects.runner import runner_of
from solvent.provenance.host import host_name, user_name
from solvent.wire.runs import GetRun, Run, SearchRuns, SetTag

CANCEL = "solvent.cancel"
"""Tag: a ``Cancel`` as JSON."""
_PROCESS = "solvent.process"
_OPEN = ("RUNNING", "SCHEDULED")
_LOOK_SECONDS = 0.5
_MOST_CHILDREN = 10_000


class Cancel(msgspec.Struct):
    """Who asked, and when (milliseconds since 1970)."""

    by: str = "somebody"
    at: int = 0

    @staticmethod
    def of(text: str) -> Cancel:
        """What a tag says, whoever wrote it."""
        try:
            return msgspec.json.decode(text, type=Cancel)
        except msgspec.MsgspecError:
            return Cancel()


class Asked(Enum):
    """What a request came to."""

    SENT = "its runner has been told"
    CLOSED = "its runner was dead, so the run was closed here"


class Answer(NamedTuple):
    asked: Asked
    says: str


def request_cancel(backend: Backend, run_id: str) -> Answer:
    """Ask for a run's end; a run whose runner is dead is closed at once.

    Raises:
        Conflict: it has ended already.
        NotSupported: it was not started by ``solvent run``, so nobody listens.
    """
    run = backend.call(GetRun(run_id=run_id)).run
    if run.info.status not in _OPEN:
        raise Conflict(f"run '{run_id}' has ended ({run.info.status}): there is nothing to cancel")
    runner = runner_of(run)
    if runner is None:
        raise NotSupported(f"run '{run_id}' was not started by 'solvent run', so nobody listens: {_by_hand(run)}")
    asked = msgspec.json.encode(Cancel(f"{user_name()} on {host_name()}", time.time_ns() // 1_000_000)).decode()
    backend.call(SetTag(run_id=run_id, key=CANCEL, value=asked))
    if (reason := reason_if_lost(run)) and end_lost(backend, Lost(run, reason), "KILLED"):
        return Answer(Asked.CLOSED, f"{reason}: the run was closed as KILLED{_end_children(backend, run)}")
    return Answer(Asked.SENT, f"process {runner.pid} on {runner.host} has been asked to end it")


def _end_children(backend: Backend, parent: Run) -> str:
    """What became of the runs that a dead runner had started, such as the members of a sweep: they go too."""
    children = backend.call(
        SearchRuns(
            experiment_ids=[parent.info.experiment_id],
            filter=f"tags.`mlflow.parentRunId` = '{parent.info.run_id}' AND attributes.status = 'RUNNING'",
            max_results=_MOST_CHILDREN,
        )
    ).runs
    asked = []
    for child in children:
        with suppress(Conflict, NotSupported):
            asked.append(request_cancel(backend, child.info.run_id))
    closed = sum(answer.asked is Asked.CLOSED for answer in asked)
    text = f", and {closed} run{'s' if closed != 1 else ''} below it" if closed else ""
    return text + (f"; {len(asked) - closed} below it have been asked to end" if len(asked) > closed else "")


def wait_for_end(backend: Backend, run_id: str, seconds: float) -> str | None:
    """The status with which a run ends in this time; None if it goes on."""
    deadline = time.monotonic() + seconds
    while True:
        status = backend.call(GetRun(run_id=run_id)).run.info.status
        if status not in _OPEN:
            return status
        if time.monotonic() > deadline:
            return None
        time.sleep(_LOOK_SECONDS)


def _by_hand(run: Run) -> str:
    process = next((tag.value for tag in run.data.tags if tag.key == _PROCESS), "")
    host, _, rest = process.partition(":")
    number = rest.partition(":")[0]
    return f"end process {number} on {host}" if number.isdigit() else "end its process where it runs"
