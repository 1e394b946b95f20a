"""What the tests of gates share: policies as text, and versions of which something is known."""

from __future__ import annotations

import hashlib
import tomllib
from typing import Any

import msgspec

from solvent.backend.embedded import EmbeddedBackend
from solvent.store import registered_models
from solvent.store.operations import operation_of
from solvent.store.transaction import Transaction
from solvent.wire.base import Empty, Request
from solvent.wire.gates import ApplyGatePolicies, CheckGate, GateCheck, GateReport, RecordEvidence
from solvent.wire.model_files import ModelFacts
from solvent.wire.runs import SetTag
from tests.registry.helpers import make_model, make_run, make_version

COMPLETE = {"intended_use": "to try gates", "assumptions": "none", "limits": "all"}
DATA = {"digest": "d1", "name": "holdout", "rows": 100}


class _Kept(Request[Empty]):
    name: str
    version: str
    content: str
    facts: dict[str, Any]


def apply(backend: EmbeddedBackend, text: str) -> None:
    backend.call(ApplyGatePolicies(document=tomllib.loads(text)))


def make_known(backend: EmbeddedBackend, number: str = "1", content: str = "a", **facts: Any) -> None:
    """Record files and facts of a version, as the server does when it has looked at them."""
    whole = {"signature": "whole", "input_example": True, "flavors": ["sklearn"], **facts}
    keep_known(backend, "m", number, content, **whole)


def keep_known(backend: EmbeddedBackend, name: str, number: str, content: str, **facts: Any) -> None:
    backend.store.write(_keep, _Kept(name=name, version=number, content=content, facts=facts))


def _keep(tx: Transaction, kept: _Kept) -> Empty:
    model = registered_models.by_name(tx, kept.name)
    assert model is not None
    owner, sha256 = f"{model.id}/{kept.version}", hashlib.sha256(kept.content.encode()).hexdigest()
    facts = msgspec.json.encode(msgspec.convert(kept.facts, ModelFacts)).decode()
    tx.execute("INSERT OR REPLACE INTO model_files VALUES (?, 'MLmodel', 1, ?, NULL)", (owner, sha256))
    tx.execute("INSERT OR REPLACE INTO model_facts VALUES (?, ?, 1)", (owner, facts))
    return Empty()


def make_versions(backend: EmbeddedBackend, count: int = 1, **tags: str) -> list[str]:
    """A model ``m`` with so many versions, each of a run of its own with these tags, and known files; the run ids."""
    make_model(backend)
    return [add_version(backend, str(number), **tags) for number in range(1, count + 1)]


def add_version(backend: EmbeddedBackend, number: str, **tags: str) -> str:
    run = make_run(backend)
    for key, value in tags.items():
        backend.call(SetTag(run_id=run.run_id, key=key.replace("__", "."), value=value))
    made = make_version(backend, run_id=run.run_id)
    assert made.version == number
    make_known(backend, number, content=number)
    return run.run_id


def ask(backend: EmbeddedBackend, number: str = "1", target: str = "Production", actor: str = "") -> GateReport:
    request = CheckGate(name="m", version=number, target=target)
    operation = operation_of(CheckGate)
    assert operation is not None
    report: GateReport = backend.store.read(operation.run, request, actor).report
    return report


def asked(backend: EmbeddedBackend, policy: str, number: str = "1", actor: str = "") -> GateCheck:
    """The one check of a policy that asks for one thing on the way to Production."""
    apply(backend, f"[stage.Production]\n{policy}")
    (check,) = ask(backend, number, actor=actor).checks
    return check


def give(backend: EmbeddedBackend, kind: str, body: dict[str, Any], number: str = "1", actor: str = "") -> None:
    request = RecordEvidence(name="m", version=number, kind=kind, body=body)
    operation = operation_of(RecordEvidence)
    assert operation is not None
    backend.store.write(operation.run, request, actor)
