"""Deliveries, from the use case that causes them to a real receiver on loopback."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from solvent.backend.embedded import EmbeddedBackend
from solvent.notify import retries
from solvent.notify.deliver import DeliveryLoop
from solvent.registry import outbox
from solvent.registry.outbox import StoredOutbox
from solvent.registry.webhook_events import EXAMPLES
from solvent.server.loopback import Loopback
from solvent.store.store import Store
from solvent.store.transaction import Transaction
from solvent.wire.base import Empty, Request, Wire
from solvent.wire.experiments import Tag
from solvent.wire.registry import (
    CreateRegisteredModel,
    DeleteModelVersionTag,
    DeleteRegisteredModelAlias,
    SetModelVersionTag,
    SetRegisteredModelAlias,
    SetRegisteredModelTag,
)
from solvent.wire.webhooks import CreateWebhook, DeleteWebhook, UpdateWebhook, Webhook, WebhookEvent
from tests.notify.receiver import receiving, status
from tests.registry.helpers import make_model, make_version, move

pytestmark = pytest.mark.usefixtures("private_allowed")

ALL = [WebhookEvent(entity=entity, action=action) for entity, action in EXAMPLES]


class _Ask(Request[Empty]):
    pass


class _States(Wire):
    rows: list[tuple[Any, ...]] = []


def states(backend: EmbeddedBackend) -> list[tuple[Any, ...]]:
    """(state, attempts, status) of all deliveries."""

    def read(tx: Transaction, _: _Ask) -> _States:
        return _States(rows=tx.all("SELECT state, attempts, status FROM deliveries ORDER BY id"))

    return backend.store.read(read, _Ask()).rows


def listen(backend: EmbeddedBackend, url: str, *events: WebhookEvent, **more: Any) -> Webhook:
    return backend.call(CreateWebhook(name="w", url=url, events=list(events) or ALL, **more)).webhook


def deliver_until(backend: EmbeddedBackend, done: Callable[[], bool], send_seconds: float = 5) -> None:
    loop = DeliveryLoop(StoredOutbox(backend.store), look_seconds=0.01, send_seconds=send_seconds)
    loop.start()
    try:
        end = time.monotonic() + 20
        while not done():
            assert time.monotonic() < end, states(backend)
            time.sleep(0.01)
    finally:
        loop.stop()


def settled(backend: EmbeddedBackend) -> bool:
    return all(state for state, *_ in states(backend))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retries come at once."""
    monkeypatch.setattr(retries, "_WAITS", (0.01,) * 3)


def test_what_happens_is_told_in_order_with_mlflows_payloads(backend: EmbeddedBackend) -> None:
    with receiving(status(200)) as receiver:
        listen(backend, receiver.url)
        backend.call(CreateRegisteredModel(name="m", description="d", tags=[Tag(key="a", value="1")]))
        make_version(backend, tags=[Tag(key="b", value="2")])
        backend.call(SetModelVersionTag(name="m", version="1", key="k", value="v"))
        backend.call(DeleteModelVersionTag(name="m", version="1", key="k"))
        backend.call(SetRegisteredModelAlias(name="m", alias="c", version="1"))
        backend.call(DeleteRegisteredModelAlias(name="m", alias="c"))
        move(backend, "1", "Staging")
        deliver_until(backend, lambda: settled(backend))
    told = [json.loads(got.body) for got in receiver.got]
    assert all(entry.pop("timestamp").endswith("+00:00") for entry in told)
    version = {"name": "m", "version": "1"}
    assert [(entry["entity"], entry["action"], entry["data"]) for entry in told] == [
        ("registered_model", "created", {"name": "m", "tags": {"a": "1"}, "description": "d"}),
        (
            "model_version",
            "created",
            {**version, "source": "s3://bucket/model", "run_id": None, "tags": {"b": "2"}, "description": None},
        ),
        ("model_version_tag", "set", {**version, "key": "k", "value": "v"}),
        ("model_version_tag", "deleted", {**version, "key": "k"}),
        ("model_version_alias", "created", {**version, "alias": "c"}),
        ("model_version_alias", "deleted", {"name": "m", "alias": "c"}),
    ]


def test_prompts_are_told_of_as_prompts(backend: EmbeddedBackend) -> None:
    mark = Tag(key="mlflow.prompt.is_prompt", value="true")
    with receiving(status(200)) as receiver:
        listen(backend, receiver.url)
        backend.call(CreateRegisteredModel(name="p", tags=[mark, Tag(key="a", value="1")]))
        text = Tag(key="mlflow.prompt.text", value="Hello {{name}}")
        make_version(backend, "p", source="dummy-source", tags=[mark, text])
        backend.call(SetRegisteredModelTag(name="p", key="k", value="v"))
        backend.call(SetRegisteredModelAlias(name="p", alias="c", version="1"))
        deliver_until(backend, lambda: settled(backend))
    told = [json.loads(got.body) for got in receiver.got]
    assert [entry["entity"] for entry in told] == ["prompt", "prompt_version", "prompt_tag", "prompt_alias"]
    assert told[0]["data"]["tags"] == {"a": "1"}
    assert (told[1]["data"]["template"], told[1]["data"]["tags"]) == ("Hello {{name}}", {})


def test_only_what_was_asked_for_is_told_and_only_while_active(backend: EmbeddedBackend) -> None:
    with receiving(status(200)) as receiver:
        made = listen(backend, receiver.url, WebhookEvent(entity="MODEL_VERSION", action="CREATED"))
        make_model(backend, versions=1)
        backend.call(UpdateWebhook(webhook_id=made.webhook_id, status="DISABLED"))
        make_version(backend)
        assert len(states(backend)) == 1
        backend.call(DeleteWebhook(webhook_id=made.webhook_id))
        assert states(backend) == [], "what was still to be sent goes with its webhook"


@pytest.mark.usefixtures("quick")
def test_a_receiver_that_fails_twice_is_told_the_third_time(backend: EmbeddedBackend) -> None:
    with receiving(status(500), status(503), status(200)) as receiver:
        listen(backend, receiver.url)
        make_model(backend)
        deliver_until(backend, lambda: settled(backend))
    assert states(backend) == [(1, 3, 200)]
    ids = {got.headers["X-MLflow-Delivery-Id"] for got in receiver.got}
    assert (len(receiver.got), len(ids)) == (3, 1)


@pytest.mark.usefixtures("quick")
def test_a_receiver_that_always_fails_is_given_up(backend: EmbeddedBackend) -> None:
    with receiving(status(500)) as receiver:
        listen(backend, receiver.url)
        make_model(backend)
        deliver_until(backend, lambda: settled(backend))
    assert states(backend) == [(2, 4, 500)]
    assert len(receiver.got) == 4


def test_a_redirect_to_a_private_address_is_given_up(backend: EmbeddedBackend) -> None:
    with receiving(status(200)) as private, receiving(status(307, Location=private.url)) as receiver:
        listen(backend, receiver.url)
        make_model(backend)
        deliver_until(backend, lambda: settled(backend))
        assert private.got == []
    assert states(backend) == [(2, 1, 307)]


def test_an_address_that_became_private_is_given_up(backend: EmbeddedBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving(status(200)) as receiver:
        listen(backend, receiver.url)
        monkeypatch.delenv("SOLVENT_WEBHOOKS_ALLOW_PRIVATE")
        make_model(backend)
        deliver_until(backend, lambda: settled(backend))
        assert receiver.got == []
    assert states(backend) == [(2, 1, None)]


def test_a_receiver_that_hangs_holds_up_nobody_else(backend: EmbeddedBackend) -> None:
    def hang(_: BaseHTTPRequestHandler) -> None:
        hanging.done.wait()

    with receiving(hang) as hanging, receiving(status(200)) as quick:
        listen(backend, hanging.url)
        listen(backend, quick.url)
        make_model(backend, versions=5)
        deliver_until(backend, lambda: len(quick.got) == 6, send_seconds=1)
        assert 1 <= len(hanging.got) < 6


def test_deliveries_survive_a_restart(backend: EmbeddedBackend, tmp_path: Path) -> None:
    with receiving(status(200)) as receiver:
        listen(backend, receiver.url)
        make_model(backend)
        again = EmbeddedBackend(str(tmp_path), Store(tmp_path / "solvent.db"), tmp_path / "artifacts")
        deliver_until(again, lambda: settled(again))
        again.close()
    assert len(receiver.got) == 1


def test_what_a_dead_sender_had_taken_is_taken_again(backend: EmbeddedBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = StoredOutbox(backend.store)
    listen(backend, "http://127.0.0.1:9/")
    make_model(backend)
    assert len(stored.take([], 4)) == 1
    assert stored.take([], 4) == [], "it is somebody's for a while"
    monkeypatch.setattr(outbox, "LEASE", -1)
    make_version(backend)
    (second,) = stored.take([], 4)
    (again,) = stored.take([], 4)
    assert (again.id, again.attempt) == (second.id, 2)


def test_old_deliveries_are_forgotten(backend: EmbeddedBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    listen(backend, "http://127.0.0.1:9/")
    make_model(backend)
    monkeypatch.setattr(outbox, "KEPT", -60_000)
    assert StoredOutbox(backend.store).take([], 4) == []
    assert states(backend) == []


def test_no_log_line_holds_the_secret_or_the_address(
    backend: EmbeddedBackend, caplog: pytest.LogCaptureFixture
) -> None:
    with receiving(status(404)) as receiver, caplog.at_level(logging.DEBUG):
        made = listen(backend, receiver.url + "&token=t0ken", secret="hush")
        make_model(backend)
        deliver_until(backend, lambda: settled(backend))
    assert made.webhook_id in caplog.text
    assert "given up" in caplog.text
    assert "hush" not in caplog.text
    assert "t0ken" not in caplog.text


def test_a_server_delivers_by_itself(backend: EmbeddedBackend) -> None:
    with receiving(status(200)) as receiver, Loopback(backend):
        listen(backend, receiver.url)
        make_model(backend)
        receiver.wait_for(1)
        assert len(receiver.got) == 1
