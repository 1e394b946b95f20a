"""A server that asks people who they are, and the people it asks."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from solvent.backend.resolve import open_embedded
from solvent.server.loopback import Loopback
from solvent.wire.accounts import CreateUser
from tests.server.conftest import Answer, Web

PASSWORD = "correct horse"
PEOPLE = {
    "root": CreateUser(name="root", password=PASSWORD, admin=True, role="none"),
    "wanda": CreateUser(name="wanda", password=PASSWORD, role="writer"),
    "rita": CreateUser(name="rita", password=PASSWORD, role="reader"),
    "nora": CreateUser(name="nora", password=PASSWORD, role="none"),
}


def basic(user: str, password: str = PASSWORD) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


class Secured(Web):
    """``web.call("rita", "GET", path)``: a request by one of the people."""

    def call(self, user: str, method: str, path: str, body: object = None, **options: Any) -> Answer:
        headers = basic(user) | options.pop("headers", {})
        if body is not None:
            options["json"] = body
        return self.ask(method, path, headers=headers, **options)

    def make_experiment(self, user: str, name: str) -> str:
        answer = self.call(user, "POST", "/api/2.0/mlflow/experiments/create", {"name": name})
        assert answer.status == 200, answer.body
        return str(answer.json["experiment_id"])

    def make_run(self, user: str, experiment_id: str) -> str:
        answer = self.call(user, "POST", "/api/2.0/mlflow/runs/create", {"experiment_id": experiment_id})
        assert answer.status == 200, answer.body
        return str(answer.json["run"]["info"]["run_id"])

    def grant(self, user: str, role: str, **place: str) -> None:
        body = {"user": user, "role": role, **place}
        answer = self.call("root", "POST", "/api/solvent/v1/grants", body)
        assert answer.status == 200, answer.body


@contextmanager
def secured(folder: Path, *people: str, **options: Any) -> Iterator[Secured]:
    backend = open_embedded(str(folder))
    for name in people or PEOPLE:
        backend.call(PEOPLE[name])
    with Loopback(backend, **{"auth": None, **options}) as loopback:
        client = Secured(loopback.url, backend)
        yield client
        client.close()
    backend.close()
