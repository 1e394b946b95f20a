"""Signatures of deliveries, as MLflow's receivers check them (Standard Webhooks with MLflow's header names)."""

from __future__ import annotations

import base64
import hashlib
import hmac

SIGNATURE = "X-MLflow-Signature"
TIMESTAMP = "X-MLflow-Timestamp"
DELIVERY_ID = "X-MLflow-Delivery-Id"


def signature(secret: str, delivery_id: str, timestamp: str, body: str) -> str:
    """``v1,`` and the base64 of HMAC-SHA256 over id, time and body, joined by dots.

    >>> signature("secret", "id", "1700000000", "{}")
    'v1,GBemBzTgbKoVEGKycqyY3615LbdJbhFLE1oQk+zZ+lo='
    """
    signed = f"{delivery_id}.{timestamp}.{body}".encode()
    digest = hmac.new(secret.encode(), signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def headers(secret: str | None, delivery_id: str, timestamp: int, body: str) -> dict[str, str]:
    """The headers of a delivery. ``timestamp`` in seconds since 1970; without a secret nothing is signed."""
    moment = str(timestamp)
    given = {"Content-Type": "application/json", DELIVERY_ID: delivery_id, TIMESTAMP: moment}
    return given | ({SIGNATURE: signature(secret, delivery_id, moment, body)} if secret else {})
