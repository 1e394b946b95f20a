"""Use cases of webhooks."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from solvent.backend.embedded import EmbeddedBackend
from solvent.errors import InvalidInput, NotFound
from solvent.notify.signing import signature
from solvent.wire.base import Request
from solvent.wire.webhooks import (
    CreateWebhook,
    DeleteWebhook,
    GetWebhook,
    ListWebhooks,
    TestWebhook,
    UpdateWebhook,
    Webhook,
    WebhookEvent,
)
from tests.notify.receiver import receiving, status

CREATED = WebhookEvent(entity="MODEL_VERSION", action="CREATED")
URL = "http://127.0.0.1:9/hook"

pytestmark = pytest.mark.usefixtures("private_allowed")


def make(backend: EmbeddedBackend, name: str = "w", url: str = URL, **more: Any) -> Webhook:
    request = CreateWebhook(name=name, url=url, events=more.pop("events", [CREATED]), **more)
    return backend.call(request).webhook


def test_a_webhook_is_kept_and_its_secret_is_not_shown(backend: EmbeddedBackend) -> None:
    made = make(backend, secret="hush", description="d", events=[CREATED, CREATED])
    assert (made.name, made.url, made.status, made.events, made.description) == ("w", URL, "ACTIVE", [CREATED], "d")
    answers = [
        made,
        backend.call(GetWebhook(webhook_id=made.webhook_id)),
        backend.call(ListWebhooks()),
        backend.call(UpdateWebhook(webhook_id=made.webhook_id, secret="hush-hush")),
    ]
    assert "hush" not in json.dumps(msgspec.to_builtins(answers))


def test_fields_that_are_not_given_stay(backend: EmbeddedBackend) -> None:
    made = make(backend, description="d")
    event = WebhookEvent(entity="REGISTERED_MODEL", action="CREATED")
    changed = backend.call(
        UpdateWebhook(webhook_id=made.webhook_id, name="n", events=[event], status="DISABLED", description="")
    ).webhook
    assert (changed.name, changed.url, changed.events, changed.status) == ("n", URL, [event], "DISABLED")
    assert changed.description is None
    assert backend.call(UpdateWebhook(webhook_id=made.webhook_id)).webhook.status == "DISABLED"


def test_a_deleted_webhook_is_not_found(backend: EmbeddedBackend) -> None:
    made = make(backend)
    backend.call(DeleteWebhook(webhook_id=made.webhook_id))
    kinds: list[type[Request[Any]]] = [GetWebhook, DeleteWebhook, UpdateWebhook, TestWebhook]
    for kind in kinds:
        with pytest.raises(NotFound, match=f"^Webhook with ID {made.webhook_id} not found\\.$"):
            backend.call(msgspec.convert({"webhook_id": made.webhook_id}, kind))


def test_pages_come_newest_first(backend: EmbeddedBackend) -> None:
    for number in range(5):
        make(backend, f"w{number}")
    names: list[str] = []
    token = None
    while True:
        page = backend.call(ListWebhooks(max_results=2, page_token=token))
        names += [webhook.name for webhook in page.webhooks]
        token = page.next_page_token
        if token is None:
            break
    assert names == ["w4", "w3", "w2", "w1", "w0"]
    with pytest.raises(InvalidInput, match=r"^max_results must be between 1 and 1000\.$"):
        backend.call(ListWebhooks(max_results=1_001))
    with pytest.raises(InvalidInput, match="Invalid page token"):
        backend.call(ListWebhooks(page_token="zz"))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"name": None}, "Missing value for required parameter 'name'"),
        ({"url": None}, "Missing value for required parameter 'url'"),
        ({"events": None}, "Missing value for required parameter 'events'"),
        ({"events": []}, "Webhook events must be a non-empty list"),
        ({"events": [CREATED] * 20}, "must name each event once"),
        ({"events": [WebhookEvent(entity="NOBODY", action="CREATED")]}, "Invalid webhook entity 'NOBODY'"),
        (
            {"events": [WebhookEvent(entity="MODEL_VERSION", action="DELETED")]},
            r"Invalid action 'deleted' for entity 'model_version'. Valid actions are: \['created'\]",
        ),
        ({"name": "-w"}, "Webhook name '-w' is invalid"),
        ({"name": "w" * 64}, "is invalid"),
        ({"name": "w\n"}, "is invalid"),
        ({"status": "ASLEEP"}, "Invalid webhook status 'ASLEEP'"),
        ({"url": "ftp://127.0.0.1/"}, "Invalid webhook URL scheme"),
        ({"secret": "s" * 1_001}, "'secret' exceeds"),
    ],
)
def test_bad_webhooks_are_refused(backend: EmbeddedBackend, fields: dict[str, Any], message: str) -> None:
    given = {"name": "w", "url": URL, "events": [CREATED]} | fields
    with pytest.raises(InvalidInput, match=message):
        backend.call(CreateWebhook(**given))
    assert backend.call(ListWebhooks()).webhooks == []


def test_private_receivers_are_refused_unless_allowed(
    backend: EmbeddedBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make(backend)
    monkeypatch.delenv("SOLVENT_WEBHOOKS_ALLOW_PRIVATE")
    with pytest.raises(InvalidInput, match="must not resolve to a non-public IP address"):
        make(backend)
    with pytest.raises(InvalidInput, match="Cannot resolve"):
        make(backend, url="http://nowhere.invalid/")
    with pytest.raises(InvalidInput, match="must not resolve to a non-public IP address"):
        backend.call(UpdateWebhook(webhook_id=made.webhook_id, url="http://169.254.169.254/latest/meta-data"))
    result = backend.call(TestWebhook(webhook_id=made.webhook_id)).result
    assert not result.success
    assert "non-public" in (result.error_message or "")


def test_a_test_sends_an_example_and_shows_the_answer(backend: EmbeddedBackend) -> None:
    with receiving(status(200, "thanks"), status(500, "no")) as receiver:
        made = make(backend, url=receiver.url, secret="hush")
        first = backend.call(TestWebhook(webhook_id=made.webhook_id)).result
        event = WebhookEvent(entity="MODEL_VERSION_ALIAS", action="CREATED")
        second = backend.call(TestWebhook(webhook_id=made.webhook_id, event=event)).result
    assert (first.success, first.response_status, first.response_body) == (True, 200, "thanks")
    assert (second.success, second.response_status, second.response_body) == (False, 500, "no")
    one, two = receiver.got
    assert json.loads(one.body)["entity"] == "model_version"
    assert json.loads(two.body)["data"]["alias"] == "example_alias"
    sent = one.headers
    expected = signature("hush", sent["X-MLflow-Delivery-Id"], sent["X-MLflow-Timestamp"], one.body)
    assert sent["X-MLflow-Signature"] == expected
    with pytest.raises(InvalidInput, match="Invalid action"):
        backend.call(TestWebhook(webhook_id=made.webhook_id, event=WebhookEvent(entity="PROMPT", action="SET")))
