"""What happened to a registered model: who moved what, when, from where, and why."""

from __future__ import annotations

from typing import Any

import msgspec

from solvent.wire.base import Request, Wire, route


class ModelEvent(Wire):
    """``kind`` is of the log of events (``model_version.stage``, ``alias.set``, ``gate.override`` ...).

    ``time`` in milliseconds since 1970 (UTC); ``actor`` is empty where nobody is asked who they are; ``origin`` is the
    program and place that asked, as it said itself; ``body`` is all that was recorded.
    """

    id: int
    time: int
    kind: str
    actor: str = msgspec.field(default_factory=str)
    version: str | None = None
    origin: str | None = None
    reason: str | None = None
    body: dict[str, Any] = msgspec.field(default_factory=dict)


class GetModelHistoryResponse(Wire):
    events: list[ModelEvent] = msgspec.field(default_factory=list)
    next_page_token: str | None = None


@route("GET", "solvent/v1/models/history")
class GetModelHistory(Request[GetModelHistoryResponse]):
    """The events of a model, or of one version of it, newest first."""

    name: str | None = None
    version: str | None = None
    max_results: int | None = None
    page_token: str | None = None
