"""Moves in the registry that MLflow has no request for."""

from __future__ import annotations

from solvent.wire.base import Request, route
from solvent.wire.registry import ModelVersionResponse


@route("POST", "solvent/v1/models/rollback")
class RollbackModel(Request[ModelVersionResponse]):
    """Bring back the version that was in Production before, and archive what is there now, in one step.

    ``version``: another one that was in Production. ``expected_current``: only if this version is the newest in
    Production now (empty: none is). ``reason``, ``origin`` and ``override`` as of a move to a stage.
    """

    name: str | None = None
    version: str | None = None
    expected_current: str | None = None
    reason: str | None = None
    origin: str | None = None
    override: str | None = None
