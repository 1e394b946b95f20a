"""Use cases of evidence: what is known of a version beside its files, and what each kind of it must hold.

Evidence is added and never changed; it names the digest of the version's files, and counts only while the version has
those files. What the classes below name is checked; other fields are kept as they came.
"""

from __future__ import annotations

import json
import math
from typing import Any, Literal

import msgspec

from solvent.errors import InvalidInput
from solvent.registry import lookup
from solvent.registry.announce import record
from solvent.registry.files_digest import files_digest
from solvent.search.token import decode_token, encode_token, fingerprint
from solvent.store import evidence
from solvent.store.operations import reads, writes
from solvent.store.transaction import Transaction
from solvent.tracking.validation import required
from solvent.wire.gates import Evidence, EvidenceResponse, ListEvidence, ListEvidenceResponse, RecordEvidence

MAX_BODY = 64 << 10
"""Bytes of the JSON of one piece of evidence."""
MAX_PAGE = 1_000
DEFAULT_PAGE = 100


class Data(msgspec.Struct):
    """Which data something was measured on. ``digest`` as of a data set's fingerprint."""

    digest: str
    name: str = ""
    rows: int | None = None
    target: str | None = None


class Measured(msgspec.Struct):
    """A metric's value with its confidence interval."""

    value: float
    low: float | None = None
    high: float | None = None


class Slice(msgspec.Struct):
    """The metrics of the rows in which ``column`` has ``value``, by name."""

    column: str
    value: str
    rows: int
    metrics: dict[str, float]


class Evaluation(msgspec.Struct):
    """How well a version predicts. ``baseline``: what a trivial model reaches on the same data, by metric."""

    data: Data
    metrics: dict[str, Measured]
    slices: list[Slice] = []
    baseline: dict[str, float] = {}
    task: str | None = None
    run_id: str | None = None


class Against(msgspec.Struct):
    """The other version of the same model; ``digest`` of its files."""

    version: str
    digest: str


class Compared(msgspec.Struct):
    """A metric of both versions. ``difference`` is ``value - against``; ``p_value`` of the test that it is none."""

    value: float
    against: float
    difference: float
    low: float | None = None
    high: float | None = None
    p_value: float | None = None
    test: str | None = None


class Comparison(msgspec.Struct):
    """How the version does beside another one on the same rows."""

    against: Against
    data: Data
    metrics: dict[str, Compared]


class Tests(msgspec.Struct):
    """What came of the tests of a commit, as from a JUnit report. ``url``: where they were run."""

    total: int
    failed: int = 0
    skipped: int = 0
    name: str = ""
    commit: str | None = None
    url: str | None = None


class Card(msgspec.Struct):
    """What a person wrote of the model, by section. ``unconfirmed``: sections that were taken over from another version."""

    sections: dict[str, str]
    unconfirmed: list[str] = []


class Approval(msgspec.Struct):
    """That somebody has looked at the version and would let it pass, or would not; the last word of each counts."""

    reason: str
    approved: bool = True


class Monitor(msgspec.Struct):
    """What watches the version once it serves. ``active`` false: it does so no more."""

    name: str
    active: bool = True
    url: str | None = None


Kind = Literal["evaluation", "comparison", "tests", "card", "approval", "monitor"]
KINDS: dict[str, type[msgspec.Struct]] = {
    "evaluation": Evaluation,
    "comparison": Comparison,
    "tests": Tests,
    "card": Card,
    "approval": Approval,
    "monitor": Monitor,
}


@writes(RecordEvidence)
def record_evidence(tx: Transaction, request: RecordEvidence) -> EvidenceResponse:
    model, version = lookup.version(tx, request.name, request.version)
    kind, body = required(request.kind, "kind"), request.body or {}
    text = check(kind, body)
    now, digest = tx.now(), files_digest(tx, version)
    evidence_id = evidence.add(tx, version.id, kind, text, digest, now, tx.actor)
    body_of_event: dict[str, Any] = {"version": str(version.version), "kind": kind, "evidence": evidence_id}
    record(tx, "evidence.recorded", model.id, now, body_of_event)
    made = Evidence(id=evidence_id, kind=kind, body=body, time=now, actor=tx.actor, digest=digest)
    return EvidenceResponse(evidence=made)


@reads(ListEvidence)
def list_evidence(tx: Transaction, request: ListEvidence) -> ListEvidenceResponse:
    _, version = lookup.version(tx, request.name, request.version)
    if request.kind is not None:
        _known(request.kind)
    size = request.max_results or DEFAULT_PAGE
    if not 1 <= size <= MAX_PAGE:
        raise InvalidInput(f"max_results must be between 1 and {MAX_PAGE}, and is {size}")
    query = fingerprint("evidence", version.model_id, version.version, request.kind)
    before = int(decode_token(request.page_token, query, 1)[0]) if request.page_token else None
    rows = evidence.page(tx, version.id, request.kind, before, size + 1)
    token = encode_token(query, [rows[size - 1].id]) if len(rows) > size else None
    return ListEvidenceResponse(evidence=rows[:size], next_page_token=token)


def check(kind: str, body: dict[str, Any]) -> str:
    """The JSON of a piece of evidence that can be kept.

    Raises:
        InvalidInput: there is no such kind, the body lacks what the kind must hold, or it is too large.
    """
    shape = _known(kind)
    try:
        read = msgspec.convert(body, shape)
        text = json.dumps(body, ensure_ascii=False, allow_nan=False)
    except (msgspec.ValidationError, ValueError, RecursionError) as error:
        raise InvalidInput(f"this is no {kind} evidence: {error}; docs/gates.md says what each kind holds") from error
    if len(text.encode()) > MAX_BODY:
        raise InvalidInput(f"{kind} evidence holds at most {MAX_BODY:,} bytes of JSON, and {len(text.encode()):,} came")
    _check_sense(kind, read)
    return text


def _known(kind: str) -> type[msgspec.Struct]:
    shape = KINDS.get(kind)
    if shape is None:
        raise InvalidInput(f"there is no evidence of the kind '{kind[:60]}': expected one of {', '.join(KINDS)}")
    return shape


def _check_sense(kind: str, read: Any) -> None:
    """What a type can't say."""
    if isinstance(read, Tests) and not 0 <= read.failed + read.skipped <= read.total:
        raise InvalidInput(
            f"tests evidence must count failed and skipped among total: {read.failed} failed and {read.skipped} "
            f"skipped of {read.total} came"
        )
    if isinstance(read, Approval) and not read.reason.strip():
        raise InvalidInput("an approval needs a reason: say what was looked at")
    if isinstance(read, Comparison):
        for name, metric in read.metrics.items():
            if metric.p_value is not None and not 0 <= metric.p_value <= 1:
                raise InvalidInput(f"the p_value of {name[:100]} must lie between 0 and 1, and is {metric.p_value}")
            if not math.isclose(metric.value - metric.against, metric.difference, rel_tol=1e-6, abs_tol=1e-9):
                raise InvalidInput(
                    f"the difference of {name[:100]} must be value - against, {metric.value - metric.against}, "
                    f"and is {metric.difference}"
                )
    if isinstance(read, (Evaluation, Comparison)) and not (read.data.digest and read.metrics):
        raise InvalidInput(f"{kind} evidence must name the digest of its data, and at least one metric")
