"""Use cases of webhooks. Secrets go in and never come out."""

from __future__ import annotations

import re
import uuid

from solvent.errors import InvalidInput, NotFound
from solvent.notify import addresses
from solvent.notify.errors import AddressRefused, SendFailed
from solvent.notify.retries import is_delivered
from solvent.notify.settings import allow_private
from solvent.registry.announce import delivery_body
from solvent.registry.validation import MAX_TEXT
from solvent.registry.webhook_events import EXAMPLES, check_event
from solvent.search.token import decode_token, encode_token, fingerprint
from solvent.store import webhooks
from solvent.store.operations import outside, reads, writes
from solvent.store.store import Store
from solvent.store.transaction import Transaction
from solvent.store.webhooks import WebhookRow
from solvent.tracking.validation import check_length, required
from solvent.wire.base import Empty, Wire
from solvent.wire.webhooks import (
    CreateWebhook,
    DeleteWebhook,
    GetWebhook,
    ListWebhooks,
    ListWebhooksResponse,
    TestWebhook,
    TestWebhookResponse,
    UpdateWebhook,
    Webhook,
    WebhookEvent,
    WebhookResponse,
    WebhookTestResult,
)

MAX_SECRET = 1_000
MAX_PAGE = 1_000
MAX_SHOWN = 10_000

_NAME = re.compile(r"(?=.{1,63}\Z)[a-z0-9]([a-z0-9._-]*[a-z0-9])?", re.IGNORECASE | re.ASCII)
_LISTING = fingerprint("webhooks")


class _Found(Wire):
    webhook: Webhook
    secret: str | None = None


@outside(CreateWebhook)
def create_webhook(store: Store, request: CreateWebhook, actor: str) -> WebhookResponse:
    _name(required(request.name, "name"))
    url = required(request.url, "url")
    if request.events is None:
        required(None, "events")
    _events(request.events or [])
    _status(request.status)
    _check_url(url)
    return store.write(_insert, request, actor)


@outside(UpdateWebhook)
def update_webhook(store: Store, request: UpdateWebhook, actor: str) -> WebhookResponse:
    """Fields that are not given stay as they are; an empty secret takes the secret away."""
    store.read(get_webhook, GetWebhook(webhook_id=request.webhook_id), actor)
    if request.name:
        _name(request.name)
    if request.url:
        _check_url(request.url)
    if request.events:
        _events(request.events)
    _status(request.status)
    return store.write(_update, request, actor)


@writes(DeleteWebhook)
def delete_webhook(tx: Transaction, request: DeleteWebhook) -> Empty:
    """The webhook goes with what was still to be sent to it."""
    webhooks.delete(tx, _find(tx, request.webhook_id).webhook_id)
    return Empty()


@reads(GetWebhook)
def get_webhook(tx: Transaction, request: GetWebhook) -> WebhookResponse:
    return WebhookResponse(webhook=_find(tx, request.webhook_id))


@reads(ListWebhooks)
def list_webhooks(tx: Transaction, request: ListWebhooks) -> ListWebhooksResponse:
    """The newest first."""
    limit = request.max_results or 100
    if not 1 <= limit <= MAX_PAGE:
        raise InvalidInput(f"max_results must be between 1 and {MAX_PAGE}.")
    before = decode_token(request.page_token, _LISTING, 1)[0] if request.page_token else None
    rows = webhooks.page(tx, before, limit + 1)
    token = encode_token(_LISTING, [rows[limit - 1][0]]) if len(rows) > limit else None
    return ListWebhooksResponse(webhooks=[webhook for _, webhook in rows[:limit]], next_page_token=token)


@outside(TestWebhook)
def test_webhook(store: Store, request: TestWebhook, actor: str) -> TestWebhookResponse:
    """Send an example of an event, of the webhook's first one if none is named, once and now."""
    from solvent.notify.sender import send  # TLS and HTTP are dear to import, and few ever test a webhook

    found = store.read(_find_with_secret, request, actor)
    event = check_event(request.event or found.webhook.events[0])
    data = EXAMPLES[event.entity, event.action]
    body = delivery_body(event.entity, event.action, data, Transaction.now())
    try:
        answer = send(found.webhook.url, found.secret, str(uuid.uuid4()), body)
    except (AddressRefused, SendFailed) as error:
        return TestWebhookResponse(
            result=WebhookTestResult(success=False, error_message=f"Failed to test webhook: {error}")
        )
    result = WebhookTestResult(
        success=is_delivered(answer.status),
        response_status=answer.status,
        response_body=answer.text[:MAX_SHOWN] or None,
    )
    return TestWebhookResponse(result=result)


test_webhook.__test__ = False  # type: ignore[attr-defined]  # pytest would take it for one of its own


def _find(tx: Transaction, webhook_id: str | None) -> Webhook:
    given = required(webhook_id, "webhook_id")
    found = webhooks.find(tx, given)
    if found is None:
        raise NotFound(f"Webhook with ID {given[:100]} not found.")
    return found


def _find_with_secret(tx: Transaction, request: TestWebhook) -> _Found:
    webhook = _find(tx, request.webhook_id)
    return _Found(webhook=webhook, secret=webhooks.secret(tx, webhook.webhook_id))


def _insert(tx: Transaction, request: CreateWebhook) -> WebhookResponse:
    row = WebhookRow(
        uuid=str(uuid.uuid4()),
        name=request.name or "",
        description=_bounded(request.description, "description", MAX_TEXT),
        url=request.url or "",
        events=request.events or [],
        secret=_bounded(request.secret, "secret", MAX_SECRET),
        active=_status(request.status),
    )
    webhooks.insert(tx, row, tx.now())
    return WebhookResponse(webhook=_find(tx, row.uuid))


def _update(tx: Transaction, request: UpdateWebhook) -> WebhookResponse:
    old = _find(tx, request.webhook_id)
    secret = webhooks.secret(tx, old.webhook_id)
    description = _bounded(request.description, "description", MAX_TEXT)
    row = WebhookRow(
        uuid=old.webhook_id,
        name=request.name or old.name,
        description=old.description if description is None else description,
        url=request.url or old.url,
        events=request.events or old.events,
        secret=secret if request.secret is None else _bounded(request.secret, "secret", MAX_SECRET),
        active=_status(request.status, default=old.status),
    )
    webhooks.update(tx, row, tx.now())
    return WebhookResponse(webhook=_find(tx, row.uuid))


def _name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise InvalidInput(
            f"Webhook name {name[:100]!r} is invalid. It must start and end with a letter or digit, "
            "be less than 63 characters long, and contain only letters, digits, dots (.), "
            "underscores (_), and hyphens (-)."
        )


def _events(events: list[WebhookEvent]) -> None:
    if not events:
        raise InvalidInput("Webhook events must be a non-empty list of WebhookEvent objects: [].")
    for event in events[: len(EXAMPLES) + 1]:
        check_event(event)
    if len(events) > len(EXAMPLES):
        raise InvalidInput(f"Webhook events must name each event once: there are {len(EXAMPLES)}, {len(events)} came")


def _status(status: str | None, *, default: str = "ACTIVE") -> bool:
    """Whether it is active."""
    given = status or default
    if given not in ("ACTIVE", "DISABLED"):
        raise InvalidInput(f"Invalid webhook status '{given[:60]}': expected ACTIVE or DISABLED")
    return given == "ACTIVE"


def _check_url(url: str) -> None:
    """Tell at once what would be refused at each delivery; each of them checks again."""
    receiver = addresses.parse(url)
    if not allow_private():
        addresses.resolve(receiver)


def _bounded(text: str | None, field: str, limit: int) -> str | None:
    return None if text is None else check_length(field, text, limit)
