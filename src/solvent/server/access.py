"""What the endpoints need that are no plain requests: the counterpart of ``accounts.rules``.

Each of them is public, or for whoever is known, or is turned into a request whose rule then
decides. An address without a row is refused when people are asked who they are; a test proves that
every address that is answered has one.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any

from solvent.accounts.files import ReadFiles, WriteFiles
from solvent.server.asgi import Scope
from solvent.server.decoding import parse_query, query_decoder
from solvent.server.router import api_paths
from solvent.wire.artifacts import ListArtifacts, ListLoggedModelArtifacts
from solvent.wire.base import ROUTES, Request
from solvent.wire.compare import CompareRuns
from solvent.wire.metrics import GetMetricHistory
from solvent.wire.runs import SetTag
from solvent.wire.trash import SweepUploads

Ask = Callable[[Scope], Request[Any]]


class Access(Enum):
    PUBLIC = "anybody; nobody is asked who they are"
    OPTIONAL = "anybody; who it is is told to the endpoint if it is known"
    KNOWN = "whoever is known"
    RULE = (
        "whoever the rule of the request allows: ApiEndpoint holds it against that, others must have a row of their own"
    )


Need = Access | Ask


def _proxied(request: type[ReadFiles | WriteFiles]) -> Ask:
    return lambda scope: request(path=scope["path_params"]["path"])


def _listed(scope: Scope) -> ReadFiles:
    return ReadFiles(path=parse_query(scope["query_string"]).get("path", [""])[-1])


def _of_run(request: type[ListArtifacts | SetTag]) -> Ask:
    """All runs that the query names must be allowed, whichever of them the endpoint takes."""

    def ask(scope: Scope) -> Request[Any]:
        query = parse_query(scope["query_string"])
        run_id, run_uuid = (query.get(name, [None])[-1] for name in ("run_id", "run_uuid"))
        return request(run_id=run_id, run_uuid=run_uuid)

    return ask


def _of_model(scope: Scope) -> ListLoggedModelArtifacts:
    return ListLoggedModelArtifacts(model_id=scope["path_params"]["model_id"])


def _in_query(request: type[Request[Any]]) -> Ask:
    """The request as the endpoint itself reads it from the query."""
    decode = query_decoder(request)
    return lambda scope: decode(scope["query_string"])


_READ_RUN, _WRITE_RUN = _of_run(ListArtifacts), _of_run(SetTag)
_FILES = "mlflow-artifacts/artifacts"
_PARTS = "mlflow-artifacts/mpu"

ENDPOINTS: dict[tuple[str, str], Need] = {
    ("GET", "/health"): Access.PUBLIC,
    ("GET", "/ready"): Access.PUBLIC,
    ("GET", "/metrics"): Access.KNOWN,
    ("GET", "/version"): Access.PUBLIC,
    ("GET", "mlflow/server-info"): Access.KNOWN,
    ("GET", "solvent/v1/openapi.json"): Access.PUBLIC,
    ("GET", "solvent/v1/session"): Access.OPTIONAL,
    ("GET", "solvent/v1/changes"): Access.KNOWN,
    ("POST", "solvent/v1/session"): Access.PUBLIC,
    ("DELETE", "solvent/v1/session"): Access.PUBLIC,
    ("GET", _FILES): _listed,
    ("GET", f"{_FILES}/{{path:path}}"): _proxied(ReadFiles),
    ("PUT", f"{_FILES}/{{path:path}}"): _proxied(WriteFiles),
    ("DELETE", f"{_FILES}/{{path:path}}"): _proxied(WriteFiles),
    ("POST", f"{_PARTS}/create/{{path:path}}"): _proxied(WriteFiles),
    ("POST", f"{_PARTS}/complete/{{path:path}}"): _proxied(WriteFiles),
    ("POST", f"{_PARTS}/abort/{{path:path}}"): _proxied(WriteFiles),
    ("GET", "mlflow-artifacts/presigned/{path:path}"): _proxied(ReadFiles),
    ("GET", "mlflow/metrics/get-history"): _in_query(GetMetricHistory),
    ("GET", "solvent/v1/runs/compare"): _in_query(CompareRuns),
    ("POST", "solvent/v1/trash/uploads"): lambda _: SweepUploads(),
    ("GET", "mlflow/artifacts/list"): _READ_RUN,
    ("GET", "/get-artifact"): _READ_RUN,
    ("POST", "mlflow/upload-artifact"): _WRITE_RUN,
    ("GET", "mlflow/logged-models/{model_id}/artifacts/directories"): _of_model,
    ("GET", "mlflow/logged-models/{model_id}/artifacts/files"): _of_model,
}


def needs() -> dict[tuple[str, str], Need]:
    """What each address needs, by method and path (with its parameters in braces)."""
    table: dict[tuple[str, str], Need] = {
        (route.method, address): Access.RULE for route in ROUTES for address in api_paths(route.path)
    }
    for (method, path), need in ENDPOINTS.items():
        for address in [path] if path.startswith("/") else api_paths(path):
            table[method, address] = need
    return table
