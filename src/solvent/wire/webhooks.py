"""Webhooks of the registry."""

from __future__ import annotations

from solvent.wire.base import Empty, Request, Wire, route


class WebhookEvent(Wire):
    """What is told: an ``entity`` (MODEL_VERSION, ...) and an ``action`` (CREATED, ...)."""

    entity: str = ""
    action: str = ""


class Webhook(Wire):
    """``status``: ACTIVE or DISABLED. The secret is kept and never shown."""

    webhook_id: str = ""
    name: str = ""
    description: str | None = None
    url: str = ""
    events: list[WebhookEvent] = []
    status: str = ""
    creation_timestamp: int = 0
    last_updated_timestamp: int = 0


class WebhookResponse(Wire):
    webhook: Webhook


@route("POST", "mlflow/webhooks")
class CreateWebhook(Request[WebhookResponse]):
    name: str | None = None
    description: str | None = None
    url: str | None = None
    events: list[WebhookEvent] | None = None
    secret: str | None = None
    status: str | None = None


class ListWebhooksResponse(Wire):
    webhooks: list[Webhook] = []
    next_page_token: str | None = None


@route("GET", "mlflow/webhooks")
class ListWebhooks(Request[ListWebhooksResponse]):
    max_results: int | None = None
    page_token: str | None = None


@route("GET", "mlflow/webhooks/{webhook_id}")
class GetWebhook(Request[WebhookResponse]):
    webhook_id: str | None = None


@route("PATCH", "mlflow/webhooks/{webhook_id}")
class UpdateWebhook(Request[WebhookResponse]):
    webhook_id: str | None = None
    name: str | None = None
    description: str | None = None
    url: str | None = None
    events: list[WebhookEvent] | None = None
    secret: str | None = None
    status: str | None = None


@route("DELETE", "mlflow/webhooks/{webhook_id}")
class DeleteWebhook(Request[Empty]):
    webhook_id: str | None = None


class WebhookTestResult(Wire):
    success: bool
    response_status: int | None = None
    response_body: str | None = None
    error_message: str | None = None


class TestWebhookResponse(Wire):
    result: WebhookTestResult


@route("POST", "mlflow/webhooks/{webhook_id}/test")
class TestWebhook(Request[TestWebhookResponse]):
    webhook_id: str | None = None
    event: WebhookEvent | None = None
