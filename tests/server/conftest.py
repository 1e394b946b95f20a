"""A real server on loopback, once for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
import urllib3

from solvent.backend.embedded import EmbeddedBackend
from solvent.backend.resolve import open_embedded
from solvent.server.app import App
from solvent.server.loopback import Loopback


class Answer:
    """Status, headers and body of an answer."""

    def __init__(self, response: urllib3.BaseHTTPResponse) -> None:
        self.status = response.status
        self.headers = response.headers
        self.body = response.data

    @property
    def json(self) -> Any:
        return msgspec.json.decode(self.body)


class Web:
    """Plain requests to a server, without any client of ours."""

    def __init__(self, url: str, backend: EmbeddedBackend, app: App | None = None) -> None:
        self._app = app
        self.url = url
        self.backend = backend
        self._pool = urllib3.PoolManager(retries=False, maxsize=64, timeout=30)

    @property
    def app(self) -> App:
        assert self._app is not None
        return self._app

    def ask(self, method: str, path: str, **options: Any) -> Answer:
        return Answer(self._pool.request(method, self.url + path, **options))

    def get(self, path: str, **options: Any) -> Answer:
        return self.ask("GET", path, **options)

    def post(self, path: str, body: object) -> Answer:
        return self.ask("POST", path, json=body)

    def put(self, path: str, body: bytes) -> Answer:
        return self.ask("PUT", path, body=body)

    def close(self) -> None:
        self._pool.clear()


@pytest.fixture(scope="session")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    backend = open_embedded(str(tmp_path_factory.mktemp("served")))
    with Loopback(backend) as loopback:
        client = Web(loopback.url, backend, loopback.app)
        yield client
        client.close()
    backend.close()
