"""Runs whose process died without ending them: once all that it logged is delivered, they are ended for it."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

from solvent.backend.protocol import Backend
from solvent.client.spool.owner import PROCESS
from solvent.client.spool.reader import Header, read_header
from solvent.client.spool.spool import SUFFIX
from solvent.errors import SolventError, Unauthenticated, Unavailable
from solvent.wire.runs import GetRun, Run, SetTag, UpdateRun

LOST = "solvent.lost"
_TELLING = (b'{"op":"run"', b'{"op":"tag"', b'{"op":"end"')


def end_lost_runs(backend: Backend, path: Path, header: Header) -> int:
    """End the runs that the dead process of a delivered spool had open, as FAILED; how many there were.

    A run that another process has opened or joined since is left alone, and so is one that goes on in a
    later spool of the same process. The end is the time of the last record.

    Raises:
        Unavailable: not now.
    """
    if not header.process or _goes_on(path, header):
        return 0
    return sum(_end(backend, run_id, header.process, path) for run_id in sorted(_open_runs(path, header)))


def _open_runs(path: Path, header: Header) -> set[str]:
    """The runs that were open when the spool's last line was written."""
    found = set(header.runs)
    for record in _records(path):
        run_id = str(record.get("run_id"))
        if record["op"] == "end":
            found.discard(run_id)
        elif record["op"] == "run" or record.get("key") == PROCESS:
            found.add(run_id)
    return found


def _records(path: Path) -> Iterator[dict[str, object]]:
    with path.open("rb") as file:
        for line in file:
            if line.startswith(_TELLING):
                with contextlib.suppress(ValueError):  # half a line that a crash left
                    yield json.loads(line)


def _goes_on(path: Path, header: Header) -> bool:
    """Whether the process went on in a later spool for the same destination, which names the open runs too."""
    for other in path.parent.glob(f"*{SUFFIX}"):
        if other.name <= path.name or "." in other.name.removesuffix(SUFFIX):
            continue
        with contextlib.suppress(OSError, SolventError):
            file = os.open(other, os.O_RDONLY | os.O_CLOEXEC)
            try:
                found = read_header(file, other)
            finally:
                os.close(file)
            if found is not None and (found.process, found.uri) == (header.process, header.uri):
                return True
    return False


def _end(backend: Backend, run_id: str, process: str, path: Path) -> bool:
    try:
        run = backend.call(GetRun(run_id=run_id)).run
        if run.info.status != "RUNNING" or _process_of(run) != process:
            return False
        host, pid, _ = process.rsplit(":", 2)
        reason = f"process {pid} on {host} ended without ending the run"
        backend.call(SetTag(run_id=run_id, key=LOST, value=reason))
        backend.call(UpdateRun(run_id=run_id, status="FAILED", end_time=path.stat().st_mtime_ns // 1_000_000))
    except (Unavailable, Unauthenticated):
        raise
    except SolventError:  # it was deleted, or is not ours to end
        return False
    return True


def _process_of(run: Run) -> str | None:
    return next((tag.value for tag in run.data.tags if tag.key == PROCESS), None)
