"""Artifacts: listing. The bytes themselves travel as HTTP bodies, not as Structs."""

from __future__ import annotations

from solvent.wire.base import Request, Wire, route


class FileInfo(Wire):
    """A file or folder. ``path`` is relative to the run's (or the proxy's) root, with ``/``."""

    path: str = ""
    is_dir: bool | None = None
    file_size: int | None = None


class ListArtifactsResponse(Wire):
    root_uri: str = ""
    files: list[FileInfo] = []
    next_page_token: str | None = None


@route("GET", "mlflow/artifacts/list")
class ListArtifacts(Request[ListArtifactsResponse]):
    run_id: str | None = None
    run_uuid: str | None = None
    path: str | None = None
    page_token: str | None = None


class ListProxiedArtifactsResponse(Wire):
    files: list[FileInfo] = []


@route("GET", "mlflow/logged-models/{model_id}/artifacts/directories")
class ListLoggedModelArtifacts(Request[ListArtifactsResponse]):
    model_id: str | None = None
    artifact_directory_path: str | None = None
    page_token: str | None = None


class MultipartUpload(Wire):
    """The body of MLflow's multipart requests, as far as they are looked at."""

    path: str | None = None
