"""Keeping artifacts: in the embedded store at once, for a server as a copy that is uploaded in the background."""

from __future__ import annotations

import io
import os
from pathlib import Path

from solvent.client.active import RunLog
from solvent.client.checks import check_artifact_path
from solvent.client.destination import is_server
from solvent.client.session import session
from solvent.errors import InvalidInput, NotFound, Unavailable


def keep(log: RunLog, path: str, source: Path | bytes) -> None:
    """Keep a file or bytes as the artifact ``path`` of a run. Never waits for a network."""
    if is_server(log.outbox.address) or not _keep_now(log, path, source):
        log.outbox.stage(log.run_id, path, source)
        log.sender.nudge()


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


def files_below(folder: Path, artifact_path: str | None = None) -> list[tuple[Path, str]]:
    """The files of a folder and the artifact path of each; links to folders are not followed.

    Raises:
        InvalidInput: it is no folder.
    """
    if not folder.is_dir():
        raise InvalidInput(f"'{folder}' is no folder: log_artifacts wants one, log_artifact takes a file")
    prefix = f"{artifact_path}/" if artifact_path else ""
    found = []
    for parent, _, names in os.walk(folder):
        for name in sorted(names):
            file = Path(parent) / name
            found.append((file, check_artifact_path(prefix + file.relative_to(folder).as_posix())))
    return found
