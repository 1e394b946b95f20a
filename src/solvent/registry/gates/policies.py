"""Use cases of policies: applying, showing, and asking what a gate would say."""

from __future__ import annotations

from typing import Any

from solvent.errors import Conflict
from solvent.registry import lookup
from solvent.registry.gates import gate, policy
from solvent.store import events, gates, registered_models
from solvent.store.gates import OF_ALL, PolicyRow
from solvent.store.operations import reads, writes
from solvent.store.transaction import Transaction
from solvent.tracking.validation import required
from solvent.wire.gates import (
    ApplyGatePolicies,
    CheckGate,
    GatePoliciesResponse,
    GatePolicy,
    GateReportResponse,
    GetGatePolicies,
)

SUBJECT = "gate_policies"
"""Under which the events of policies stand."""


@writes(ApplyGatePolicies)
def apply_policies(tx: Transaction, request: ApplyGatePolicies) -> GatePoliciesResponse:
    """All policies are replaced; without a document none holds but the built-in one.

    Raises:
        InvalidPolicy: nothing is replaced.
        Conflict: another document than the expected one holds now.
    """
    document = request.document or {}
    policy.check(document)
    before = gates.policy(tx, OF_ALL)
    now_holds = before.digest if before else ""
    if request.expected is not None and request.expected != now_holds:
        raise Conflict(
            "somebody has applied another policy meanwhile: look at it ('solvent gates show'), then apply yours again"
        )
    digest, now = policy.digest(document) if document else "", tx.now()
    gates.replace_policies(tx, _rows(document, digest, now, tx.actor) if document else [])
    body: dict[str, Any] = {"from": now_holds, "to": digest, "document": document}
    events.append(tx, "gates.applied", SUBJECT, body, now, tx.actor)
    return _answer(tx)


@reads(GetGatePolicies)
def get_policies(tx: Transaction, _: GetGatePolicies) -> GatePoliciesResponse:
    """Without the policies of models that whoever asks may not read."""
    answer = _answer(tx)
    hidden = registered_models.unreadable(tx, [entry.model for entry in answer.policies])
    answer.policies = [entry for entry in answer.policies if entry.model not in hidden]
    return answer


@reads(CheckGate)
def check_gate(tx: Transaction, request: CheckGate) -> GateReportResponse:
    model, version = lookup.version(tx, request.name, request.version)
    target = gate.target_of(required(request.target, "target"))
    return GateReportResponse(report=gate.report(tx, model, version, target))


def _rows(document: dict[str, Any], digest: str, now: int, actor: str) -> list[PolicyRow]:
    base, own = policy.split(document)
    parts = {OF_ALL: base, **own}
    return [PolicyRow(model, part, digest, now, actor) for model, part in parts.items()]


def _answer(tx: Transaction) -> GatePoliciesResponse:
    found = gates.policies(tx)
    return GatePoliciesResponse(
        policies=[
            GatePolicy(policy=row.policy, model=row.model, digest=row.digest, applied=row.applied, actor=row.actor)
            for row in found
        ]
    )
