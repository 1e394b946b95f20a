"""The OpenAPI 3.1 document, made from the routes and their Structs, and from the few endpoints without them."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import msgspec

import solvent
from solvent.server.access import Access, needs
from solvent.server.asgi import Receive, Scope, Send, answer
from solvent.server.engine import Engine, encode
from solvent.server.router import api_paths
from solvent.wire.artifacts import ListProxiedArtifactsResponse, MultipartUpload
from solvent.wire.base import ROUTES, Empty, Request, Route, Wire, route_of
from solvent.wire.changes import GetChanges

PATH = "solvent/v1/openapi.json"
_REF = "#/components/schemas/{name}"
_JSON, _BYTES, _TEXT = "application/json", "application/octet-stream", "text/plain"
_ERRORS = {
    400: "a value is missing, malformed or out of bounds",
    401: "it is not known who asks",
    403: "who asks may not",
    404: "there is no such thing",
    405: "another method is answered here",
    409: "its state does not allow it, or somebody else was first",
    413: "the body is too large",
    416: "the file has no such range",
    429: "too many wrong attempts to say who asks",
    501: "a known request that is not answered",
    503: "try again later",
}
_PARAMETER = re.compile(r"\{(\w+)(?::path)?\}")


class Error(Wire):
    """Every error: MLflow's code, and one line that says what was expected, what came and what to do."""

    error_code: str
    message: str


class Plain(NamedTuple):
    """An endpoint that is no plain request. ``answer`` is a Struct, or a media type; ``query`` names its parameters."""

    method: str
    path: str
    summary: str
    answer: type[Wire] | str = _JSON
    query: tuple[str, ...] = ()
    body: type[Wire] | str | None = None


_PROXY = "mlflow-artifacts/artifacts"
_FILE = f"{_PROXY}/{{path:path}}"
PLAIN = [
    Plain("GET", "/health", "OK while the server answers.", _TEXT),
    Plain("GET", "/ready", "200 if the store answers a read, else 503.", _TEXT),
    Plain("GET", "/metrics", "What Prometheus reads, in its text format.", _TEXT),
    Plain("GET", "/version", "The version of Solvent.", _TEXT),
    Plain("GET", "mlflow/server-info", "What MLflow's client asks before it transfers files."),
    Plain("GET", PATH, "This document."),
    Plain("GET", _PROXY, "The files of a folder of the artifact proxy.", ListProxiedArtifactsResponse, ("path",)),
    Plain("GET", _FILE, "A file, or the part of it that a Range asks for.", "*/*"),
    Plain("PUT", _FILE, "Keep the body as a file.", Empty, body=_BYTES),
    Plain("DELETE", _FILE, "Delete a file or folder.", Empty),
    *(
        Plain("POST", f"mlflow-artifacts/mpu/{step}/{{path:path}}", "Declined: files are kept here.", Empty, body=MultipartUpload)
        for step in ("create", "complete", "abort")
    ),
    Plain("GET", "mlflow-artifacts/presigned/{path:path}", "Declined: files are kept here.", Empty),
    Plain("GET", "/get-artifact", "A file of a run.", "*/*", ("run_uuid", "run_id", "path")),
    Plain("POST", "mlflow/upload-artifact", "Keep the body as a file of a run.", Empty, ("run_uuid", "run_id", "path"), _BYTES),
    Plain("GET", "mlflow/logged-models/{model_id}/artifacts/files", "A file of a logged model.", "*/*", ("artifact_file_path",)),
]  # fmt: skip


class OpenApi:
    """Answers with the document, made once, when it is first asked for."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._made: bytes | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._made is None:
            self._made = await self._engine.in_thread(lambda: encode(document()))
        await answer(send, 200, self._made)


def address(path: str) -> str:
    """The main address of a route's path; its twins under other prefixes answer alike."""
    return path if path.startswith("/") else next(iter(api_paths(path)))


def document() -> dict[str, Any]:
    routes = _routes()
    types = {kind for route in routes for kind in (route.request, route.response)}
    types |= {kind for plain in PLAIN for kind in (plain.answer, plain.body) if isinstance(kind, type)} | {Error}
    ordered = sorted(types, key=lambda kind: kind.__name__)
    refs, schemas = msgspec.json.schema_components(ordered, ref_template=_REF)
    named = dict(zip(ordered, refs, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    who = needs()
    for route in routes:
        entry = paths.setdefault(_plain_path(address(route.path)), {})
        entry[route.method.lower()] = _operation(route, named, schemas) | _security(who, route.method, route.path)
    for plain in PLAIN:
        entry = paths.setdefault(_plain_path(address(plain.path)), {})
        entry[plain.method.lower()] = _plain(plain, named) | _security(who, plain.method, plain.path)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Solvent",
            "version": solvent.__version__,
            "description": "Our own endpoints and MLflow's. MLflow's are answered under /api/2.0, /api/3.0 and their "
            "/ajax-api twins alike; 2.0 stands for all here. A field that is null is a field that is missing.",
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": {
                str(status): {"description": what, "content": {_JSON: {"schema": named[Error]}}}
                for status, what in _ERRORS.items()
            },
            "securitySchemes": {
                "basic": {"type": "http", "scheme": "basic"},
                "token": {"type": "http", "scheme": "bearer"},
            },
        },
        "security": [{}, {"basic": []}, {"token": []}],
    }


def _routes() -> list[Route]:
    """Those of the package: a test may have made others."""
    return [route for route in ROUTES if route.request.__module__.startswith("solvent.wire.")]


def _operation(route: Route, named: dict[type[Wire], Any], schemas: dict[str, Any]) -> dict[str, Any]:
    request = route.request
    in_path = _PARAMETER.findall(route.path)
    fields: dict[str, Any] = schemas[request.__name__].get("properties", {})
    operation: dict[str, Any] = {
        "operationId": request.__name__ + ("" if route_of(request) == route else route.method.title()),
        **_in_words(request),
        "tags": [route.path.split("/")[0 if route.path.startswith("mlflow") else 2]],
        "parameters": [_path_parameter(name) for name in in_path],
        "responses": _responses({_JSON: {"schema": named[route.response]}}),
    }
    if request is GetChanges:
        operation["responses"]["200"]["content"]["text/event-stream"] = {"schema": {"type": "string"}}
    if route.method == "GET":
        operation["parameters"] += [
            {"name": name, "in": "query", "schema": _given(schema)}
            for name, schema in fields.items()
            if name not in in_path
        ]
        return operation
    body = named[request]
    if in_path:
        kept = {name: schema for name, schema in fields.items() if name not in in_path}
        body = {**schemas[request.__name__], "properties": kept}
    return operation | {"requestBody": {"content": {_JSON: {"schema": body}}}}


def _plain(plain: Plain, named: dict[type[Wire], Any]) -> dict[str, Any]:
    media, schema = (_JSON, named[plain.answer]) if isinstance(plain.answer, type) else (plain.answer, {})
    operation = {
        "operationId": plain.method.title() + "".join(word.title() for word in re.findall(r"[a-z0-9]+", plain.path)),
        "summary": plain.summary,
        "parameters": [
            *(_path_parameter(name) for name in _PARAMETER.findall(plain.path)),
            *({"name": name, "in": "query", "schema": {"type": "string"}} for name in plain.query),
        ],
        "responses": _responses({media: {"schema": schema}}),
    }
    if isinstance(plain.body, str):
        operation["requestBody"] = {"content": {plain.body: {"schema": {"type": "string", "format": "binary"}}}}
    elif plain.body is not None:
        operation["requestBody"] = {"content": {_JSON: {"schema": named[plain.body]}}}
    return operation


def _in_words(request: type[Request[Any]]) -> dict[str, str]:
    """The class's name in words, and its own docstring if it has one."""
    name = re.sub(r"(?<!^)([A-Z])", lambda found: " " + found[1].lower(), request.__name__) + "."
    text = " ".join((vars(request).get("__doc__") or "").replace("``", "`").split())
    return {"summary": name, "description": text} if text else {"summary": name}


def _responses(content: dict[str, Any]) -> dict[str, Any]:
    errors = {str(status): {"$ref": f"#/components/responses/{status}"} for status in _ERRORS}
    return {"200": {"description": "as asked", "content": content}, **errors}


def _security(who: dict[Any, Any], method: str, path: str) -> dict[str, Any]:
    open_to_all = who.get((method, address(path))) in (Access.PUBLIC, Access.OPTIONAL)
    return {"security": []} if open_to_all else {}


def _path_parameter(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}


def _given(schema: dict[str, Any]) -> dict[str, Any]:
    """A field's schema without null, which a query can't hold."""
    kinds = [kind for kind in schema.get("anyOf", [schema]) if kind != {"type": "null"}]
    return dict(kinds[0]) if len(kinds) == 1 else {"anyOf": kinds}


def _plain_path(path: str) -> str:
    return _PARAMETER.sub(r"{\1}", path)
