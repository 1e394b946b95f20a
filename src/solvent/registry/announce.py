"""Telling the log of events and the webhooks what happened, in the transaction in which it did."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from typing import Any

from solvent.registry.prompts import is_prompt
from solvent.store import deliveries, events, webhooks
from solvent.store.transaction import Transaction

_PROMPT_ENTITIES = {
    "REGISTERED_MODEL": "PROMPT",
    "MODEL_VERSION": "PROMPT_VERSION",
    "MODEL_VERSION_TAG": "PROMPT_VERSION_TAG",
    "MODEL_VERSION_ALIAS": "PROMPT_ALIAS",
}


def subject_of(model_id: int) -> str:
    """The subject under which the events of a registered model and of its versions stand."""
    return f"registered_model/{model_id}"


def record(tx: Transaction, kind: str, model_id: int, now: int, body: dict[str, Any]) -> None:
    """Add to the history of a registered model. A version's events hold ``version``; a move, ``from`` and ``to``."""
    events.append(tx, kind, subject_of(model_id), body, now, tx.actor)


def tell(tx: Transaction, model_id: int, entity: str, action: str, data: dict[str, Any], now: int) -> None:
    """Queue a delivery for each webhook that wants to hear of ``entity`` and ``action``.

    Args:
        entity: as of a model, as in MODEL_VERSION; a prompt's is found from it.
        data: what MLflow sends for the event.
    """
    if is_prompt(tx, model_id):
        entity = _PROMPT_ENTITIES[entity]
    publish(tx, entity, action, data, now)


def publish(tx: Transaction, entity: str, action: str, data: dict[str, Any], now: int) -> None:
    """Queue a delivery for each webhook that wants to hear of exactly this."""
    listeners = webhooks.listening(tx, entity, action)
    if not listeners:
        return
    body = delivery_body(entity, action, data, now)
    for webhook_id in listeners:
        deliveries.add(tx, str(uuid.uuid4()), webhook_id, body, now)


def delivery_body(entity: str, action: str, data: dict[str, Any], now: int) -> str:
    """The JSON that a webhook's receiver gets. ``now`` in milliseconds since 1970 (UTC)."""
    moment = datetime.fromtimestamp(now / 1000, UTC).isoformat()
    return json.dumps({"entity": entity.lower(), "action": action.lower(), "timestamp": moment, "data": data})
