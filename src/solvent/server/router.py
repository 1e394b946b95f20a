"""From method and path to the endpoint: one dictionary look-up for all fixed paths."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote

from solvent.errors import EndpointNotFound, NotSupported
from solvent.server.asgi import Endpoint, Scope
from solvent.server.errors import MethodNotAllowed
from solvent.server.unanswered import is_mlflow_endpoint

MLFLOW_PREFIXES = ("/api/2.0/", "/api/3.0/", "/ajax-api/2.0/", "/ajax-api/3.0/")


def api_paths(path: str) -> Iterable[str]:
    """All addresses of a route's path (``solvent.wire.base.Route``)."""
    return (prefix + path for prefix in MLFLOW_PREFIXES) if path.startswith("mlflow") else (f"/api/{path}",)


class Router:
    """Endpoints by path. ``{name}`` in a path is one segment, ``{name:path}`` all that follows.

    Segments are split before they are percent-decoded, so that they may hold an encoded slash. What
    they held is in the scope's ``path_params``, and the path with its braces in ``template``.
    """

    def __init__(self) -> None:
        self._exact: dict[tuple[str, str], Endpoint] = {}
        self._patterns: dict[str, tuple[re.Pattern[str], dict[str, Endpoint]]] = {}

    def add(self, method: str, path: str, endpoint: Endpoint) -> None:
        """Later additions at the same place replace earlier ones."""
        if "{" not in path:
            self._exact[method, path] = endpoint
            return
        self._patterns.setdefault(path, (_compiled(path), {}))[1][method] = endpoint

    def add_api(self, method: str, path: str, endpoint: Endpoint) -> None:
        """Like ``add``, at all addresses of a route's path."""
        for address in api_paths(path):
            self.add(method, address, endpoint)

    def addresses(self) -> dict[tuple[str, str], Endpoint]:
        """All that is answered: by method and path, with its parameters in braces."""
        found = dict(self._exact)
        for path, (_, methods) in self._patterns.items():
            found |= {(method, path): endpoint for method, endpoint in methods.items()}
        return found

    def fixed(self, method: str, path: str) -> Endpoint | None:
        """The endpoint at a path without parameters, if there is one."""
        return self._exact.get((method, path))

    def find(self, scope: Scope) -> Endpoint:
        """The endpoint of a request.

        Raises:
            MethodNotAllowed: other methods are answered at this path.
            NotSupported: MLflow answers there, we don't yet.
            EndpointNotFound: nobody does.
        """
        method, path = scope["method"], scope["path"]
        endpoint = self._exact.get((method, path))
        if endpoint is None:
            return self._search(scope, method, path)
        scope["template"] = path
        return endpoint

    def _search(self, scope: Scope, method: str, path: str) -> Endpoint:
        if method == "HEAD":
            method = "GET"
            if endpoint := self._exact.get((method, path)):
                scope["template"] = path
                return endpoint
        raw = scope.get("raw_path", b"").decode("latin-1") or path
        allowed = {known for known, fixed in self._exact if fixed == path}
        for template, (pattern, methods) in self._patterns.items():
            if matched := pattern.fullmatch(raw):
                if endpoint := methods.get(method):
                    scope["path_params"] = {name: unquote(value) for name, value in matched.groupdict().items()}
                    scope["template"] = template
                    return endpoint
                allowed |= methods.keys()
        if is_mlflow_endpoint(path):
            raise NotSupported(f"{method} {path} is an endpoint of MLflow that this version of Solvent does not answer")
        if allowed:
            listed = sorted(allowed)
            raise MethodNotAllowed(f"{path} answers {', '.join(listed)}, not {method}", listed)
        raise EndpointNotFound(f"No endpoint answers {method} {path[:200]}: check the path, and the client's version")


def _compiled(path: str) -> re.Pattern[str]:
    """More specific patterns are to be added first."""
    pattern = re.escape(path).replace(r"\{", "{").replace(r"\}", "}")
    pattern = re.sub(r"\{(\w+):path\}", r"(?P<\1>.+)", pattern)
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", pattern))
