"""The gate itself: what it says of a version, and holding a move against it, in the move's own transaction."""

from __future__ import annotations

from typing import Any

from solvent.errors import InvalidInput
from solvent.registry.announce import record, subject_of
from solvent.registry.files_digest import files_digest
from solvent.registry.gates.errors import GateRefused
from solvent.registry.gates.known import Known
from solvent.registry.gates.needs import NEEDS
from solvent.registry.gates.policy import BUILT_IN, Policy, read
from solvent.registry.prompts import has_no_files
from solvent.registry.validation import MAX_TEXT, free_alias_name, stage_number
from solvent.store import gates
from solvent.store.model_versions import STAGES, VersionRow
from solvent.store.registered_models import ModelRow
from solvent.store.transaction import Transaction
from solvent.tracking.validation import check_length
from solvent.wire.gates import GateCheck, GateReport


def target_of(text: str) -> str:
    """A target as it is meant: a stage by its proper name, or ``@`` and an alias."""
    return f"@{free_alias_name(text[1:])}" if text.startswith("@") else STAGES[stage_number(text)]


def policy_of(tx: Transaction, name: str) -> tuple[Policy, str]:
    """What holds for a model of this name, and the digest of the document that says so; empty for the built-in one."""
    base = gates.policy(tx, gates.OF_ALL)
    if base is None:
        return read(BUILT_IN, {}), ""
    own = gates.policy(tx, name)
    return read(base.policy, own.policy if own else {}), base.digest


def report(tx: Transaction, model: ModelRow, version: VersionRow, target: str) -> GateReport:
    """What the gate before ``target`` (``target_of``) says. Without one, nothing is asked."""
    policy, digest = policy_of(tx, model.name)
    name = policy.gate_of(target)
    wanted = {} if has_no_files(version.source) else policy.gates.get(name, {})
    known = Known(tx, model, version, target)
    returns = _passed_before(known, name) if policy.level == "strict" and name != "Staging" else None
    if wanted and returns is not None:
        checks = [returns]
    else:
        checks = [check for key, value in wanted.items() for check in NEEDS[key].check(known, value)]
    return GateReport(
        name=model.name,
        version=str(version.version),
        target=target,
        level=policy.level,
        passes=all(check.met for check in checks),
        checks=checks,
        policy=digest,
    )


def hold(
    tx: Transaction,
    model: ModelRow,
    version: VersionRow,
    target: str,
    *,
    override: str | None = None,
    said: dict[str, str],
) -> None:
    """Let a version through to ``target``, or refuse. What the gate said is recorded.

    Args:
        override: why the version may pass all the same; whoever says so must have the role for it
            (``accounts.rules``). What is not missing needs none.
        said: what the request gives for the history (``moving.told``).

    Raises:
        GateRefused: something is missing under ``strict``.
    """
    found = report(tx, model, version, target)
    if not found.checks:
        return None
    body = _body(tx, version, found) | {key: value for key, value in said.items() if key != "override"}
    if found.passes:
        body["returns"] = found.checks[0].need == RETURNS
        return record(tx, "gate.passed", model.id, tx.now(), body)
    if found.level == "record":
        return record(tx, "gate.missing", model.id, tx.now(), body)
    if override is None:
        raise GateRefused(refusal(found), model.id, body, found)
    if body["gate"] == "Production" and "from" in body["missing"] and not _was_in_staging(tx, model, version):
        around = "; an override does not lead around Staging: move it there first"
        raise GateRefused(refusal(found, around), model.id, body, found)
    why = check_length("override", override, MAX_TEXT)
    if not why.strip():
        raise InvalidInput("an override needs a reason: say why the version may pass without what is missing")
    return record(tx, "gate.override", model.id, tx.now(), body | {"override": why})


RETURNS = "returns"
"""In place of all needs: the version has passed this gate before."""


def _passed_before(known: Known, gate: str) -> GateCheck | None:
    """A version that has passed may come back with the same files: that is what a rollback is."""
    if known.digest is None:
        return None
    asked = {"version": str(known.version.version), "gate": gate, "level": "strict", "digest": known.digest}
    event = gates.last_event(known.tx, subject_of(known.model.id), "gate.passed", **asked)
    if event is None:
        return None
    return GateCheck(need=RETURNS, met=True, found="it has passed this gate before, with the files that it has now")


def _was_in_staging(tx: Transaction, model: ModelRow, version: VersionRow) -> bool:
    asked = {"version": str(version.version), "to": "Staging"}
    return gates.last_event(tx, subject_of(model.id), "model_version.stage", **asked) is not None


def _body(tx: Transaction, version: VersionRow, found: GateReport) -> dict[str, Any]:
    policy, _ = policy_of(tx, found.name)
    return {
        "version": found.version,
        "target": found.target,
        "gate": policy.gate_of(found.target),
        "level": found.level,
        "missing": [check.need for check in found.checks if not check.met],
        "policy": found.policy,
        "digest": files_digest(tx, version),
    }


def refusal(found: GateReport, more: str = "") -> str:
    """What is missing, a line for each; the first line says what it is about."""
    missing = [check for check in found.checks if not check.met]
    where = f"take the alias {found.target[1:]}" if found.target.startswith("@") else f"go to {found.target}"
    count = "1 thing is" if len(missing) == 1 else f"{len(missing)} things are"
    head = f"Version {found.version} of '{found.name}' may not {where}: {count} missing of what the gate asks{more}"
    return "\n".join([head, *(f"  {check.need}: {check.found}. Next: {check.next}" for check in missing)])
