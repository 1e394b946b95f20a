"""Fixtures of the registry."""

from __future__ import annotations

import pytest


@pytest.fixture
def private_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Webhooks may go to loopback, without TLS."""
    monkeypatch.setenv("SOLVENT_WEBHOOKS_ALLOW_PRIVATE", "true")
    monkeypatch.setenv("SOLVENT_WEBHOOKS_SCHEMES", "http,https")
