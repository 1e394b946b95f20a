"""Gates: what a version needs to enter a stage or to take an alias, and what is known of it."""

from __future__ import annotations

from typing import Any

import msgspec

from solvent.wire.base import Request, Wire, route


class GatePolicy(Wire):
    """A policy as it was applied. ``model`` is empty for the one that holds for all models without their own.

    ``policy`` is the document (``registry.gates.policy`` says what it may hold); ``digest`` is of its text.
    """

    policy: dict[str, Any]
    model: str = msgspec.field(default_factory=str)
    digest: str = msgspec.field(default_factory=str)
    applied: int = msgspec.field(default_factory=int)
    actor: str = msgspec.field(default_factory=str)


class GateCheck(Wire):
    """One thing that a gate asks. ``found`` says what is known of it; ``next``, if it is not met, what to do."""

    need: str
    met: bool
    found: str = msgspec.field(default_factory=str)
    next: str | None = None


class GateReport(Wire):
    """What the gate before ``target`` (a stage, or ``@alias``) says of a version.

    ``level``: ``record`` lets the version pass and records what is missing, ``strict`` refuses. ``passes``: nothing is
    missing. ``policy``: the digest of the policy that was asked, empty for the built-in one.
    """

    name: str
    version: str
    target: str
    level: str
    passes: bool
    checks: list[GateCheck] = msgspec.field(default_factory=list)
    policy: str = msgspec.field(default_factory=str)


class GatePoliciesResponse(Wire):
    policies: list[GatePolicy] = msgspec.field(default_factory=list)


@route("PUT", "solvent/v1/gates/policies")
class ApplyGatePolicies(Request[GatePoliciesResponse]):
    """Replace all policies by those of one document, or by none; ``expected``: the digest that must hold now."""

    document: dict[str, Any] | None = None
    expected: str | None = None


@route("GET", "solvent/v1/gates/policies")
class GetGatePolicies(Request[GatePoliciesResponse]):
    """The policies that hold, that of all models first."""


class GateReportResponse(Wire):
    report: GateReport


@route("GET", "solvent/v1/gates/check")
class CheckGate(Request[GateReportResponse]):
    """What is missing before a version may go to ``target``; nothing is moved."""

    name: str | None = None
    version: str | None = None
    target: str | None = None


class Evidence(Wire):
    """Something that is known of a version: an evaluation, a comparison, tests, a card, an approval, a monitor.

    The newest of a kind counts; none is ever changed. ``digest``: of the model's files when it was recorded.
    """

    id: int
    kind: str
    body: dict[str, Any]
    time: int
    actor: str = msgspec.field(default_factory=str)
    digest: str | None = None


class EvidenceResponse(Wire):
    evidence: Evidence


@route("POST", "solvent/v1/models/evidence")
class RecordEvidence(Request[EvidenceResponse]):
    """Add to what is known of a version. What each kind holds is in ``registry.evidence``."""

    name: str | None = None
    version: str | None = None
    kind: str | None = None
    body: dict[str, Any] | None = None


class ListEvidenceResponse(Wire):
    evidence: list[Evidence] = msgspec.field(default_factory=list)
    next_page_token: str | None = None


@route("GET", "solvent/v1/models/evidence")
class ListEvidence(Request[ListEvidenceResponse]):
    """What is known of a version, newest first; of one ``kind`` only, if it is given."""

    name: str | None = None
    version: str | None = None
    kind: str | None = None
    max_results: int | None = None
    page_token: str | None = None
