"""Errors of gates.

InvalidInput
`- InvalidPolicy    the document holds what a policy can't
PermissionDenied
`- GateRefused      403   something is missing; the message lists all of it
"""

from __future__ import annotations

from typing import Any

from solvent.errors import InvalidInput, PermissionDenied
from solvent.wire.gates import GateReport


class InvalidPolicy(InvalidInput):
    pass


class GateRefused(PermissionDenied):
    """Nothing is moved. ``details`` hold the report; ``body`` is that of the event ``gate.refused`` of a model by its row."""

    def __init__(self, message: str, model_id: int, body: dict[str, Any], report: GateReport | None = None) -> None:
        super().__init__(message)
        self.details = {"report": report} if report else {}
        self.model_id = model_id
        self.body = body
