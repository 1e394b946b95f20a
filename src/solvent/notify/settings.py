"""Settings of webhooks, from the environment of the server."""

from __future__ import annotations

import os


def allow_private() -> bool:
    """Whether receivers may be on private, loopback and link-local addresses (``SOLVENT_WEBHOOKS_ALLOW_PRIVATE``)."""
    return os.environ.get("SOLVENT_WEBHOOKS_ALLOW_PRIVATE", "").strip().lower() in ("true", "1", "yes")


def schemes() -> list[str]:
    """The schemes that a receiver's address may have (``SOLVENT_WEBHOOKS_SCHEMES``, by commas; https unless told)."""
    given = os.environ.get("SOLVENT_WEBHOOKS_SCHEMES", "https").lower().split(",")
    return [scheme for name in given if (scheme := name.strip()) in ("http", "https")]
