"""Keeping artifacts: in the embedded store at once, for a server as a copy that is uploaded in the background."""

from __future__ import annotations

import io
from pathlib import Path

from solvent.client.destination import is_server
from solvent.client.process.log import RunLog
from solvent.client.process.session import session
from solvent.errors import NotFound, Unavailable


def keep(log: RunLog, path: str, source: Path | bytes) -> None:
    """Keep a file or bytes as the artifact ``path`` of a run. Never waits for a network."""
    if is_server(log.outbox.address) or not _keep_now(log, path, source):
        log.stage(path, source)


def _keep_now(log: RunLog, path: str, source: Path | bytes) -> bool:
    """Write to the embedded store; False if it can't be reached now."""
    from solvent.client.connections import backend_of
    from solvent.wire.runs import GetRun

    try:
        backend = backend_of(log.outbox.address)
        if log.artifact_uri is None:
            session.flush(log.outbox.address)
            log.artifact_uri = backend.call(GetRun(run_id=log.run_id)).run.info.artifact_uri
        store = backend.artifacts(log.artifact_uri)
        if isinstance(source, bytes):
            store.write(path, io.BytesIO(source))
        else:
            store.write_file(path, source)
    except (Unavailable, NotFound):
        return False
    return True
