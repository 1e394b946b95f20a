"""The embedded backend: the rules of the house in this process, on a SQLite file."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import solvent.accounts
import solvent.registry
import solvent.tracking  # noqa: F401 - they register their use cases
from solvent.artifacts.local import LocalArtifacts, local_folder
from solvent.artifacts.paths import PROXY_SCHEME, proxy_path
from solvent.backend.comparing import compare_runs
from solvent.backend.listing import list_artifacts
from solvent.errors import InvalidInput, NotSupported
from solvent.store.operations import operation_of
from solvent.store.store import Store
from solvent.wire.artifacts import ListArtifacts, ListLoggedModelArtifacts
from solvent.wire.base import Request, Route, Wire, route_of
from solvent.wire.compare import CompareRuns
from solvent.wire.trash import SweepUploads, SweepUploadsResponse

R = TypeVar("R", bound=Wire)

UNSTORABLE = (OverflowError, UnicodeEncodeError)
"""What a database driver raises for an integer beyond 64 bits, or a text that is not valid Unicode."""


class EmbeddedBackend:
    """``store`` holds the rows, ``artifact_folder`` the files behind ``mlflow-artifacts:`` addresses."""

    def __init__(self, uri: str, store: Store, artifact_folder: Path) -> None:
        self.uri = uri
        self.store = store
        self.artifact_folder = artifact_folder
        store.files = self.artifacts

    def call(self, request: Request[R]) -> R:
        if isinstance(request, (ListArtifacts, ListLoggedModelArtifacts)):
            return list_artifacts(self, request)  # type: ignore[return-value]
        if isinstance(request, CompareRuns):
            return compare_runs(self, request)  # type: ignore[return-value]
        if isinstance(request, SweepUploads):
            return self.sweep_uploads(request)  # type: ignore[return-value]
        operation = operation_of(type(request))
        if operation is None:
            raise not_answered(route_of(type(request)))
        try:
            if operation.outside:
                return operation.run(self.store, request, "")  # type: ignore[no-any-return]
            act = self.store.write if operation.writes else self.store.read
            return act(operation.run, request)  # type: ignore[no-any-return]
        except UNSTORABLE as error:
            raise unstorable(error) from error

    def artifacts(self, uri: str) -> LocalArtifacts:
        if uri.startswith(PROXY_SCHEME):
            return LocalArtifacts(self.artifact_folder / proxy_path(uri))
        return LocalArtifacts(local_folder(uri))

    def sweep_uploads(self, request: SweepUploads) -> SweepUploadsResponse:
        files, size = LocalArtifacts(self.artifact_folder).sweep_uploads(request.min_age, dry_run=request.dry_run)
        return SweepUploadsResponse(files=files, bytes=size)

    def close(self) -> None:
        self.store.close()


def not_answered(route: Route) -> NotSupported:
    """The error for a request that no imported room answers."""
    return NotSupported(f"{route.method} {route.path} is not answered by this version of Solvent")


def unstorable(error: Exception) -> InvalidInput:
    """The error for a value that the wire can carry and a database can't."""
    what = "an integer does not fit into 64 bits" if isinstance(error, OverflowError) else "a text is not valid Unicode"
    return InvalidInput(f"a value can't be stored: {what}")
