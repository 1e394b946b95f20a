"""The rules of the registry: use cases of registered models, versions, stages, aliases and webhooks.

Importing this package registers them all (``store.operations``). One module per resource.
Whatever moves, begins or ends is written to the log of events in the same transaction, and so
are the deliveries that webhooks asked for.
"""

from __future__ import annotations

from solvent.registry import (
    aliases,
    evidence,
    history,
    logged_models,
    models,
    resolve,
    rollback,
    search_models,
    search_versions,
    stages,
    versions,
    webhooks,
)
from solvent.registry.gates import policies

__all__ = [
    "aliases",
    "evidence",
    "history",
    "logged_models",
    "models",
    "policies",
    "resolve",
    "rollback",
    "search_models",
    "search_versions",
    "stages",
    "versions",
    "webhooks",
]
