"""Fixtures of sending."""

from __future__ import annotations

import pytest


@pytest.fixture
def private_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Receivers on loopback, without TLS, are allowed."""
    monkeypatch.setenv("SOLVENT_WEBHOOKS_ALLOW_PRIVATE", "true")
    monkeypatch.setenv("SOLVENT_WEBHOOKS_SCHEMES", "http,https")
