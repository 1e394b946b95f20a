"""The artifact endpoints: MLflow's proxy, and the files of runs and logged models."""

from __future__ import annotations

from pathlib import Path

from solvent.artifacts.local import LocalArtifacts, local_folder
from solvent.artifacts.paths import PROXY_SCHEME, file_path
from solvent.backend.embedded import EmbeddedBackend
from solvent.backend.listing import Listing, artifact_root, list_artifacts, model_root, run_root
from solvent.errors import NotSupported, PermissionDenied
from solvent.server.asgi import Receive, Scope, Send, answer, query_value, read_body
from solvent.server.decoding import body_decoder, parse_query, query_decoder
from solvent.server.engine import Engine, encode
from solvent.server.errors import Disabled
from solvent.server.router import Router
from solvent.server.transfer import receive_file, send_file
from solvent.tracking.validation import required
from solvent.wire.artifacts import (
    ListArtifacts,
    ListLoggedModelArtifacts,
    ListProxiedArtifactsResponse,
    MultipartUpload,
)

MAX_PAGE_UPLOAD = 10 << 20
"""Bytes of a file that is sent through ``upload-artifact``, as in MLflow."""
_MAX_MULTIPART_BODY = 1 << 20
_PROXY = "mlflow-artifacts/artifacts"


class ArtifactEndpoints:
    """``serve`` False switches the proxy off: clients then go to the artifact locations themselves."""

    def __init__(self, backend: EmbeddedBackend, engine: Engine, *, serve: bool) -> None:
        self._backend = backend
        self._engine = engine
        self._serve = serve
        self._decode_run_listing = query_decoder(ListArtifacts)
        self._decode_multipart = body_decoder(MultipartUpload)
        self._decode_model_listing = query_decoder(ListLoggedModelArtifacts)

    def add_to(self, router: Router) -> None:
        router.add_api("GET", _PROXY, self.list_proxied)
        router.add_api("GET", f"{_PROXY}/{{path:path}}", self.download_proxied)
        router.add_api("PUT", f"{_PROXY}/{{path:path}}", self.upload_proxied)
        router.add_api("DELETE", f"{_PROXY}/{{path:path}}", self.delete_proxied)
        for step in ("create", "complete", "abort"):
            router.add_api("POST", f"mlflow-artifacts/mpu/{step}/{{path:path}}", self.multipart)
        router.add_api("GET", "mlflow-artifacts/presigned/{path:path}", self.presigned)
        router.add_api("GET", "mlflow/artifacts/list", self.list_of_run)
        router.add_api("GET", "mlflow/logged-models/{model_id}/artifacts/directories", self.list_of_model)
        router.add_api("GET", "mlflow/logged-models/{model_id}/artifacts/files", self.download_of_model)
        router.add_api("POST", "mlflow/upload-artifact", self.upload_to_run)
        router.add("GET", "/get-artifact", self.download_of_run)

    async def list_proxied(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = parse_query(scope["query_string"]).get("path", [""])[-1]
        files = await self._engine.in_thread(self._proxied().list, path)
        for info in files:  # this listing alone gives names, not paths
            info.path = info.path.rpartition("/")[2]
        await answer(send, 200, encode(ListProxiedArtifactsResponse(files=files)))

    async def download_proxied(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send_file(self._engine, self._proxied(), scope["path_params"]["path"], scope, receive, send)

    async def upload_proxied(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive_file(self._engine, self._proxied(), scope["path_params"]["path"], scope, receive)
        await answer(send, 200, b"{}")

    async def delete_proxied(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._engine.in_thread(self._proxied().delete, scope["path_params"]["path"])
        await answer(send, 200, b"{}")

    async def multipart(self, scope: Scope, receive: Receive, send: Send) -> None:
        """MLflow's clients ask before they send a large file in parts, read the 501, and send it whole."""
        self._proxied()
        file_path(scope["path_params"]["path"])
        request = self._decode_multipart(await read_body(scope, receive, _MAX_MULTIPART_BODY))
        required(request.path, "path")
        raise NotSupported("Multipart upload is not supported for the current artifact repository")

    async def presigned(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._proxied()
        file_path(scope["path_params"]["path"])
        raise NotSupported("Multipart download is not supported for the current artifact repository")

    async def list_of_run(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = self._decode_run_listing(scope["query_string"])
        await answer(send, 200, await self._engine.in_thread(self._listing, request))

    async def list_of_model(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = self._decode_model_listing(scope["query_string"])
        request.model_id = scope["path_params"]["model_id"]
        await answer(send, 200, await self._engine.in_thread(self._listing, request))

    async def download_of_run(self, scope: Scope, receive: Receive, send: Send) -> None:
        query = parse_query(scope["query_string"])
        run_id, path = query_value(query, "run_uuid", "run_id"), query_value(query, "path")
        files = self.served(await self._engine.in_thread(run_root, self._backend, run_id))
        await send_file(self._engine, files, path, scope, receive, send)

    async def download_of_model(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = query_value(parse_query(scope["query_string"]), "artifact_file_path")
        model_id = scope["path_params"]["model_id"]
        files = self.served(await self._engine.in_thread(model_root, self._backend, model_id))
        await send_file(self._engine, files, path, scope, receive, send)

    async def upload_to_run(self, scope: Scope, receive: Receive, send: Send) -> None:
        query = parse_query(scope["query_string"])
        run_id, path = query_value(query, "run_uuid", "run_id"), query_value(query, "path")
        files = self.served(await self._engine.in_thread(run_root, self._backend, run_id))
        await receive_file(self._engine, files, path, scope, receive, MAX_PAGE_UPLOAD)
        await answer(send, 200, b"{}")

    def _listing(self, request: Listing) -> bytes:
        self.served(artifact_root(self._backend, request))
        return encode(list_artifacts(self._backend, request))

    def _proxied(self) -> LocalArtifacts:
        return self.served(PROXY_SCHEME + "/")

    def served(self, uri: str) -> LocalArtifacts:
        """The files at an artifact URI, if it is for this server to give them away.

        Anybody may create an experiment with any ``artifact_location``, so only the folders that the
        server was started with are open.
        """
        if uri.startswith(PROXY_SCHEME):
            if not self._serve:
                raise Disabled(
                    "artifacts are not served: the server runs with --no-serve-artifacts; start it with --serve-artifacts"
                )
        elif not self._is_own(local_folder(uri)):
            raise PermissionDenied(
                f"the files at '{uri}' are not served here: they are outside the server's artifact folder; read them where they are"
            )
        return self._backend.artifacts(uri)

    def _is_own(self, folder: Path) -> bool:
        roots = [self._backend.artifact_folder]
        default = self._backend.store.artifact_root
        if not default.startswith(PROXY_SCHEME):
            roots.append(local_folder(default))
        return any(folder.resolve().is_relative_to(root.resolve()) for root in roots)
