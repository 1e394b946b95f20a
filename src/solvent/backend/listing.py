"""Where the files of a run or a logged model are, and which there are.

These requests join rows and files, so they are answered here and not by a use case of one transaction.
"""

from __future__ import annotations

from solvent.backend.protocol import Backend
from solvent.wire.artifacts import ListArtifacts, ListArtifactsResponse, ListLoggedModelArtifacts
from solvent.wire.models import GetLoggedModel
from solvent.wire.runs import GetRun

Listing = ListArtifacts | ListLoggedModelArtifacts


def artifact_root(backend: Backend, request: Listing) -> str:
    """The artifact URI of the run or logged model that the request names."""
    if isinstance(request, ListLoggedModelArtifacts):
        return model_root(backend, request.model_id)
    return run_root(backend, request.run_id or request.run_uuid)


def run_root(backend: Backend, run_id: str | None) -> str:
    return backend.call(GetRun(run_id=run_id)).run.info.artifact_uri


def model_root(backend: Backend, model_id: str | None) -> str:
    return backend.call(GetLoggedModel(model_id=model_id)).model.info.artifact_uri


def list_artifacts(backend: Backend, request: Listing) -> ListArtifactsResponse:
    """One folder of the artifacts; the paths are relative to the root."""
    uri = artifact_root(backend, request)
    folder = request.path if isinstance(request, ListArtifacts) else request.artifact_directory_path
    return ListArtifactsResponse(root_uri=uri, files=backend.artifacts(uri).list(folder or ""))
