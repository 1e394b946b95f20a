"""Gathering what a comparison needs: rows of the store, and files of the runs.

Like listings this joins both, so it is answered here. It asks a backend for no more than MLflow's
servers have too, and so it also compares the runs of those.
"""

from __future__ import annotations

from collections.abc import Callable

from solvent.artifacts.protocol import ArtifactStore
from solvent.backend.protocol import Backend
from solvent.errors import EndpointNotFound, InvalidInput
from solvent.http import ForeignServer
from solvent.tracking.compare.compare import compare
from solvent.tracking.compare.recorded import Recorded, Room, read_recorded
from solvent.tracking.validation import required
from solvent.wire.compare import MAX_COMPARED, CompareRuns, CompareRunsResponse
from solvent.wire.runs import GetMetricSummaries, GetRun, MetricSummary

_UNKNOWN = (EndpointNotFound, ForeignServer)
"""MLflow's servers answer what they don't know with their page for a lost user."""
Files = Callable[[str], ArtifactStore]
"""From an artifact URI to the files there, for who may read them."""


def compare_runs(backend: Backend, request: CompareRuns, files: Files | None = None) -> CompareRunsResponse:
    """Lay the runs side by side.

    Args:
        files: instead of the backend's own; raises what a comparison is to say of files that are not to be read.
    """
    run_ids = required(request.run_ids, "run_ids")
    if not 2 <= len(run_ids) <= MAX_COMPARED:
        raise InvalidInput(f"a comparison takes 2 to {MAX_COMPARED} runs: {len(run_ids)} are named")
    room = Room()
    found = [_recorded(backend, run_id, files or backend.artifacts, room) for run_id in run_ids]
    return compare(found, with_text=bool(request.code))


def ask_comparison(backend: Backend, request: CompareRuns) -> CompareRunsResponse:
    """The same of any server: one that does not know the request is asked for the parts."""
    try:
        return backend.call(request)
    except _UNKNOWN:
        return compare_runs(backend, request)


def _recorded(backend: Backend, run_id: str, files: Files, room: Room) -> Recorded:
    run = backend.call(GetRun(run_id=run_id)).run
    return read_recorded(run, _summaries(backend, run_id), files, room)


def _summaries(backend: Backend, run_id: str) -> list[MetricSummary] | None:
    try:
        return backend.call(GetMetricSummaries(run_id=run_id)).summaries
    except _UNKNOWN:
        return None
