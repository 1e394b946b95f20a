"""Where a move comes from stands in the history, also if the client does not say so."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.server.conftest import Web

API = "/api/2.0/mlflow"


@pytest.fixture
def name(web: Web) -> str:
    made = uuid.uuid4().hex
    web.post(f"{API}/registered-models/create", {"name": made})
    web.post(f"{API}/model-versions/create", {"name": made, "source": "s3://bucket/1"})
    return made


def newest(web: Web, name: str) -> dict[str, Any]:
    answer = web.get("/api/solvent/v1/models/history", fields={"name": name, "max_results": "1"})
    event: dict[str, Any] = answer.json["events"][0]
    return event


def move(web: Web, name: str, headers: dict[str, str], **more: str) -> None:
    body = {"name": name, "version": "1", "stage": "Staging", **more}
    assert web.ask("POST", f"{API}/model-versions/transition-stage", json=body, headers=headers).status == 200


def test_the_server_says_which_program_and_which_place(web: Web, name: str) -> None:
    move(web, name, {"user-agent": "mlflow-python-client/3.17.2"})
    assert newest(web, name)["origin"] == "mlflow-python-client/3.17.2 from 127.0.0.1"


def test_what_the_client_says_stands(web: Web, name: str) -> None:
    move(web, name, {"user-agent": "x"}, origin="ci of main")
    assert newest(web, name)["origin"] == "ci of main"


def test_long_names_of_programs_are_cut(web: Web, name: str) -> None:
    move(web, name, {"user-agent": "x" * 5_000})
    assert newest(web, name)["origin"] == "x" * 200 + " from 127.0.0.1"


def test_aliases_versions_and_deletions_have_one_too(web: Web, name: str) -> None:
    headers = {"user-agent": "a"}
    alias = {"name": name, "alias": "best", "version": "1"}
    for method, path, body in (
        ("POST", "registered-models/alias", alias),
        ("DELETE", "registered-models/alias", {"name": name, "alias": "best"}),
        ("POST", "model-versions/create", {"name": name, "source": "s3://bucket/2"}),
        ("DELETE", "model-versions/delete", {"name": name, "version": "2"}),
    ):
        assert web.ask(method, f"{API}/{path}", json=body, headers=headers).status == 200
        assert newest(web, name)["origin"] == "a from 127.0.0.1"
