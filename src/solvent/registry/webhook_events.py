"""The events that webhooks can ask for, with the example that a test sends: those of MLflow's registry."""

from __future__ import annotations

from typing import Any

from solvent.errors import InvalidInput
from solvent.wire.webhooks import WebhookEvent

_MODEL = {"name": "example_model", "tags": {"example_key": "example_value"}, "description": "An example"}
_VERSION = {**_MODEL, "version": "1", "source": "models:/123", "run_id": "abcd1234abcd5678"}
_TAG = {"name": "example_model", "key": "example_key", "value": "example_value"}
_UNTAG = {"name": "example_model", "key": "example_key"}
_ALIAS = {"name": "example_model", "alias": "example_alias", "version": "1"}
_UNALIAS = {"name": "example_model", "alias": "example_alias"}

EXAMPLES: dict[tuple[str, str], dict[str, Any]] = {
    ("REGISTERED_MODEL", "CREATED"): _MODEL,
    ("MODEL_VERSION", "CREATED"): _VERSION,
    ("MODEL_VERSION_TAG", "SET"): {**_TAG, "version": "1"},
    ("MODEL_VERSION_TAG", "DELETED"): {**_UNTAG, "version": "1"},
    ("MODEL_VERSION_ALIAS", "CREATED"): _ALIAS,
    ("MODEL_VERSION_ALIAS", "DELETED"): _UNALIAS,
    ("PROMPT", "CREATED"): _MODEL,
    ("PROMPT_VERSION", "CREATED"): {**_MODEL, "version": "1", "template": "Hello {{name}}!"},
    ("PROMPT_TAG", "SET"): _TAG,
    ("PROMPT_TAG", "DELETED"): _UNTAG,
    ("PROMPT_VERSION_TAG", "SET"): {**_TAG, "version": "1"},
    ("PROMPT_VERSION_TAG", "DELETED"): {**_UNTAG, "version": "1"},
    ("PROMPT_ALIAS", "CREATED"): _ALIAS,
    ("PROMPT_ALIAS", "DELETED"): _UNALIAS,
}


def check_event(event: WebhookEvent) -> WebhookEvent:
    """An event that webhooks can ask for.

    Raises:
        InvalidInput: no such entity, or not such an action of it.
    """
    actions = sorted(action.lower() for entity, action in EXAMPLES if entity == event.entity)
    if not actions:
        entities = ", ".join(sorted({entity for entity, _ in EXAMPLES}))
        raise InvalidInput(f"Invalid webhook entity '{event.entity[:60]}': expected one of {entities}")
    if (event.entity, event.action) not in EXAMPLES:
        raise InvalidInput(
            f"Invalid action '{event.action[:60].lower()}' for entity '{event.entity.lower()}'. "
            f"Valid actions are: {actions}"
        )
    return event
