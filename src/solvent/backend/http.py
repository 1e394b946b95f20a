"""The HTTP backend: sends each request to a Solvent or MLflow server."""

from __future__ import annotations

from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

import msgspec

from solvent.artifacts.paths import PROXY_SCHEME, proxy_path
from solvent.artifacts.protocol import ArtifactStore
from solvent.errors import EndpointNotFound, InvalidInput
from solvent.http import HttpSession
from solvent.wire.base import Request, Route, Wire, route_of

R = TypeVar("R", bound=Wire)


class HttpBackend:
    """The server at ``uri``. It is contacted by the first call."""

    def __init__(self, uri: str) -> None:
        self.session = HttpSession(uri)
        self.uri = self.session.url

    def call(self, request: Request[R]) -> R:
        route = route_of(type(request))
        path, fields = _address(route, request)
        try:
            if route.method == "GET":
                answer = self.session.json("GET", path, query=_query(fields))
            else:
                answer = self.session.json(route.method, path, body=fields)
        except EndpointNotFound as error:
            raise EndpointNotFound(f"{self.uri} does not know {route.method} {route.path}: {error}") from error
        try:
            return msgspec.json.decode(answer, type=route.response, strict=False)  # type: ignore[return-value]
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise self.session.foreign(f"{route.method} {route.path} with something else than it should") from error

    def artifacts(self, uri: str) -> ArtifactStore:
        if uri.startswith(PROXY_SCHEME):
            from solvent.artifacts.http import HttpArtifacts

            return HttpArtifacts(self.session, proxy_path(uri, urlsplit(self.uri).netloc))
        from solvent.artifacts.local import LocalArtifacts, local_folder

        return LocalArtifacts(local_folder(uri))

    def close(self) -> None:
        self.session.close()


def _address(route: Route, request: Request[Any]) -> tuple[str, dict[str, Any]]:
    """The path with its parameters filled in, and the fields that remain; MLflow asks for them in a body too."""
    fields: dict[str, Any] = msgspec.to_builtins(request)
    path = route.url
    for name in route.request.__struct_fields__:
        if f"{{{name}}}" in path:
            value = fields.get(name) if route.method in ("POST", "PATCH") else fields.pop(name, None)
            if not value:
                raise InvalidInput(
                    f"Missing value for required parameter '{name}'. "
                    "See the API docs for more information about request parameters."
                )
            path = path.replace(f"{{{name}}}", quote(str(value), safe=""))
    return path, fields


def _query(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: str(value).lower() if isinstance(value, bool) else value for name, value in fields.items()}
