"""Every endpoint of a real MLflow is answered here, or said to be not implemented."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from solvent.server.unanswered import is_mlflow_endpoint
from tests.oracle import environments
from tests.server.conftest import Web

LISTING = """
from mlflow.server.fastapi_app import app
from mlflow.server.handlers import get_endpoints
for path, _, methods in get_endpoints():
    for method in methods:
        print(method, path)
for included in app.routes:
    for route in getattr(getattr(included, "original_router", None), "routes", ()):
        for method in route.methods:
            print(method, included.include_context.prefix + route.path)
"""


@pytest.mark.parametrize(
    "path", ["/api/2.0/mlflow/runs/create", "/api/2.0/mlflow/tracesx", "/", "/api/4.0/mlflow/traces"]
)
def test_our_own_and_unknown_paths_are_not_in_the_table(path: str) -> None:
    assert not is_mlflow_endpoint(path)


@pytest.mark.oracle
def test_no_endpoint_of_mlflow_is_unknown(web: Web, tmp_path: Path) -> None:
    environment = {**os.environ, "MLFLOW_TRACKING_URI": f"sqlite:///{tmp_path}/oracle.db"}
    listing = subprocess.run(
        [environments.executable("mlflow-3.17"), "-c", LISTING],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    endpoints = [line.split() for line in listing.stdout.splitlines()]
    assert len(endpoints) > 250
    unknown = []
    for method, path in endpoints:
        answer = web.ask(method, re.sub(r"<[^>]*>|{[^}]*}", "x", path), body=None if method == "GET" else b"")
        if answer.status not in (200, 400, 501) and answer.json["error_code"] != "RESOURCE_DOES_NOT_EXIST":
            unknown.append((method, path, answer.status))
    assert unknown == []
