"""Settings of the registry, from the environment of the server."""

from __future__ import annotations

import os


def forbid_pickles() -> bool:
    """Whether models that run code when they are loaded are refused (``SOLVENT_REGISTRY_FORBID_PICKLES``)."""
    return os.environ.get("SOLVENT_REGISTRY_FORBID_PICKLES", "").strip().lower() in ("true", "1", "yes")
