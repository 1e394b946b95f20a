"""Runs whose machine or runner has died: found by the runner's silence, or by looking at its process; ended as FAILED."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

from solvent.backend.protocol import Backend
from solvent.errors import SolventError, Unauthenticated, Unavailable
from solvent.projects.runner import ALIVE, RUNNER, Runner, is_gone, last_alive, runner_of
from solvent.wire.experiments import SearchExperiments
from solvent.wire.runs import DeleteTag, GetRun, Run, SearchRuns, SetTag, UpdateRun

LOST = "solvent.lost"
"""Tag: why a run was ended for its process."""
SILENT_SECONDS = 600.0
"""A runner tells that it lives every 30 seconds; the rest is room for clocks that differ and networks that pause."""
_FILTER = f"tags.`{ALIVE}` IS NOT NULL"
_PAGE = 1_000
_MOST_EXPERIMENTS = 200

Silence = Callable[[Run], float | None]
"""For how many seconds a run's runner has been silent; None if that is not known."""


class Lost(NamedTuple):
    run: Run
    reason: str


def find_lost(backend: Backend, silence: Silence | None = None) -> list[Lost]:
    """The runs that say they run and whose runner is gone. ``silence``: how it is told; by the clocks if not given."""
    told = silence or silence_by_clock
    watched = list(_watched(backend))
    if isinstance(told, Attention):
        told.keep({run.info.run_id for run in watched})
    return [Lost(run, reason) for run in watched if (reason := _reason(run, told))]


def end_lost(backend: Backend, lost: Lost, status: str = "FAILED") -> bool:
    """End a run for its dead runner, at the time when that was last alive; False if it has ended meanwhile.

    Raises:
        Unavailable, Unauthenticated: not now, or not by us.
    """
    run_id = lost.run.info.run_id
    try:
        run = backend.call(GetRun(run_id=run_id)).run
        if run.info.status not in ("RUNNING", "SCHEDULED") or runner_of(run) != runner_of(lost.run):
            return False
        backend.call(SetTag(run_id=run_id, key=LOST, value=lost.reason))
        ended = last_alive(run) or time.time_ns() // 1_000_000
        backend.call(UpdateRun(run_id=run_id, status=status, end_time=max(ended, run.info.start_time or 0)))
        backend.call(DeleteTag(run_id=run_id, key=ALIVE))
    except (Unavailable, Unauthenticated):
        raise
    except SolventError:  # deleted meanwhile, or not ours to end
        return False
    return True


class Attention:
    """Tells silence by what one has seen oneself, whatever clock a runner has: for somebody who looks regularly."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: dict[str, tuple[int | None, float]] = {}

    def __call__(self, run: Run) -> float:
        run_id, alive, now = run.info.run_id, last_alive(run), self._clock()
        known = self._seen.get(run_id)
        if known is None or known[0] != alive:
            self._seen[run_id] = (alive, now)
            return 0.0
        return now - known[1]

    def keep(self, run_ids: set[str]) -> None:
        """Forget all other runs: they have ended."""
        self._seen = {run_id: seen for run_id, seen in self._seen.items() if run_id in run_ids}


def silence_by_clock(run: Run) -> float | None:
    """By our clock against the runner's."""
    alive = last_alive(run)
    return time.time() - alive / 1000 if alive is not None else None


def reason_if_lost(run: Run) -> str:
    """Why the runner of a run must be dead; '' if it may live."""
    return _reason(run, silence_by_clock)


def _reason(run: Run, silence: Silence) -> str:
    runner = runner_of(run)
    if run.info.status not in ("RUNNING", "SCHEDULED") or runner is None:
        return ""
    seconds = silence(run)
    gone = is_gone(runner)
    if gone:
        return f"{_process(runner)} ended without ending the run"
    if gone is None and seconds is not None and seconds > SILENT_SECONDS:
        return f"{_process(runner)} has given no sign of life for {int(seconds // 60)} minutes"
    return ""


def _process(runner: Runner) -> str:
    return f"process {runner.pid} on {runner.host}"


def _watched(backend: Backend) -> Iterator[Run]:
    """The runs that have a runner which has not ended them."""
    for ids in _experiments(backend):
        token: str | None = None
        while True:
            answer = backend.call(
                SearchRuns(
                    experiment_ids=ids,
                    filter=_FILTER,
                    max_results=_PAGE,
                    page_token=token,
                    metric_keys=[],
                    param_keys=[],
                    tag_keys=[ALIVE, RUNNER],
                )
            )
            yield from answer.runs
            if not (token := answer.next_page_token):
                break


def _experiments(backend: Backend) -> Iterator[list[str]]:
    token: str | None = None
    while True:
        answer = backend.call(SearchExperiments(max_results=_MOST_EXPERIMENTS, page_token=token))
        if answer.experiments:
            yield [one.experiment_id for one in answer.experiments]
        if not (token := answer.next_page_token):
            break
