"""What every request meets: routing, errors in one form, health."""

from __future__ import annotations

import pytest

import solvent
from tests.server.conftest import Web


def test_health_and_version_are_plain_text(web: Web) -> None:
    assert (web.get("/health").status, web.get("/health").body) == (200, b"OK")
    assert web.get("/version").body.decode() == solvent.__version__


@pytest.mark.parametrize("prefix", ["/api/2.0", "/api/3.0", "/ajax-api/2.0", "/ajax-api/3.0"])
def test_mlflows_paths_are_answered_under_all_prefixes(web: Web, prefix: str) -> None:
    answer = web.get(f"{prefix}/mlflow/experiments/get-by-name?experiment_name=Default")
    assert (answer.status, answer.json["experiment"]["experiment_id"]) == (200, "0")


def test_server_info_says_what_the_client_asks_before_transfers(web: Web) -> None:
    info = web.get("/api/3.0/mlflow/server-info").json
    assert info["store_type"] == "SqlStore"
    assert info["multipart_downloads_enabled"] is False


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/2.0/mlflow/nothing", 404, "ENDPOINT_NOT_FOUND"),
        ("POST", "/nothing", 404, "ENDPOINT_NOT_FOUND"),
        ("PUT", "/api/2.0/mlflow/runs/create", 405, "ENDPOINT_NOT_FOUND"),
        ("DELETE", "/health", 405, "ENDPOINT_NOT_FOUND"),
        ("GET", "/api/3.0/mlflow/traces/tr-1", 501, "NOT_IMPLEMENTED"),
        ("POST", "/graphql", 501, "NOT_IMPLEMENTED"),
        ("GET", "/api/2.0/mlflow-artifacts/presigned/a", 501, "NOT_IMPLEMENTED"),
    ],
)
def test_errors_have_one_form(web: Web, method: str, path: str, status: int, code: str) -> None:
    answer = web.ask(method, path)
    assert (answer.status, answer.json["error_code"]) == (status, code)
    assert answer.headers["content-type"] == "application/json"
    assert "\n" not in answer.json["message"]


def test_another_method_is_told_which_are_answered(web: Web) -> None:
    assert web.ask("PUT", "/api/2.0/mlflow/experiments/search").headers["allow"] == "GET, POST"
