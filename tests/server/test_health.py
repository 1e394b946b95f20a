"""Liveness and readiness."""

from __future__ import annotations

import threading

import pytest

from solvent.backend.embedded import EmbeddedBackend
from solvent.server import health
from solvent.server.loopback import Loopback
from tests.server.conftest import Web


def test_a_server_in_order_lives_and_is_ready(web: Web) -> None:
    assert (web.get("/health").status, web.get("/health").body) == (200, b"OK")
    assert (web.get("/ready").status, web.get("/ready").body) == (200, b"ready")
    assert web.ask("HEAD", "/ready").status == 200


def test_a_server_whose_store_does_not_answer_lives_and_is_not_ready(backend: EmbeddedBackend) -> None:
    with Loopback(backend) as loopback:
        web = Web(loopback.url, backend)
        assert web.get("/ready").status == 200
        backend.store.maintain(lambda tx: tx.execute("ALTER TABLE experiments RENAME TO elsewhere"))
        answer = web.get("/ready")
        assert answer.status == 503
        assert answer.json["error_code"] == "TEMPORARILY_UNAVAILABLE"
        assert answer.json["message"].startswith("not ready: ")
        assert web.get("/health").status == 200
        backend.store.maintain(lambda tx: tx.execute("ALTER TABLE elsewhere RENAME TO experiments"))
        assert web.get("/ready").status == 200
        web.close()


def test_a_store_that_hangs_is_not_ready(backend: EmbeddedBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()
    monkeypatch.setattr(health, "PATIENCE_SECONDS", 0.05)
    monkeypatch.setattr(health, "_look", lambda _: released.wait(30))
    with Loopback(backend) as loopback:
        web = Web(loopback.url, backend)
        answer = web.get("/ready")
        released.set()
        assert answer.status == 503
        assert "gave no answer within 0.05 seconds" in answer.json["message"]
        web.close()
