"""What makes two runs of projects identical."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from solvent.projects.environment import Environment
from solvent.projects.inputs import Input
from solvent.projects.plan import Plan
from solvent.provenance.capture import Provenance
from solvent.provenance.git import GitState
from solvent.provenance.sources import SourcePatch

IDENTITY = "solvent.identity"
"""Tag of a project run: JSON with a digest of each part that counts."""
PARTS = ("entry_point", "parameters", "code", "environment", "data")


@dataclass(frozen=True)
class Identity:
    """``digests`` by part. ``unknown`` says what can't be told, for people. ``unseen`` names code and data that change
    without being seen: then nothing is identical to it.
    """

    digests: dict[str, str]
    unknown: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()

    @property
    def comparable(self) -> bool:
        return not self.unseen

    @property
    def tag(self) -> str:
        return json.dumps(self.digests)


def identity_of(
    plan: Plan,
    provenance: Provenance,
    environment: Environment,
    inputs: Sequence[Input],
    *,
    skip_contracts: bool = False,
) -> Identity:
    """What counts: the entry point and its command, all parameters, the code (commit, uncommitted changes, untracked
    files, digests of what is not kept), the environment (its packages, interpreter, machine and the variables that are
    recorded), the content of the data that is known to be read, and the contracts that it was held against.
    """
    contracts = plan.project.contracts_for(plan.entry)
    parts: dict[str, Any] = {
        "entry_point": [plan.entry.name, plan.entry.command.text],
        "parameters": plan.values.all,
        "code": [
            _repository(provenance.git),
            _sources(provenance.sources),
            _repository(provenance.working),
            provenance.unkept,
        ],
        "environment": [
            environment.manager,
            environment.key,
            environment.python_version,
            platform.machine(),
            [str(package) for package in provenance.packages],
            provenance.variables,
        ],
        "data": [
            *sorted([one.why, one.fingerprint.digest if one.fingerprint else ""] for one in inputs),
            *([use.contract, "skipped" if skip_contracts else _file(plan, use.contract)] for use in contracts),
        ],
    }
    return Identity(
        {name: _digest(parts[name]) for name in PARTS},
        tuple(_unknown(provenance, inputs)),
        (
            *(str(one) for one in provenance.unkept if one.digest is None),
            *(f"{one.why}: {one.problem}" for one in inputs if one.fingerprint is None),
        ),
    )


def _unknown(provenance: Provenance, inputs: Sequence[Input]) -> list[str]:
    told = []
    if not inputs:
        told.append(
            "no data is known to be read (no parameter of type path, no inputs:, no contract): whether it is the same"
        )
    code = {one.path for one in provenance.unkept}
    others = [path for path in provenance.sources.left_out if path not in code]
    if left_out := len(others) + provenance.sources.more:
        told.append(f"{left_out} untracked file{'s' if left_out > 1 else ''} that no run keeps: what is in them")
    return told


def _file(plan: Plan, name: str) -> str:
    try:
        return hashlib.sha256((plan.project.folder / name).read_bytes()).hexdigest()
    except OSError:
        return ""


def _repository(git: GitState | None) -> Any:
    if git is None:
        return None
    return [git.commit, git.subfolder, hashlib.sha256(git.patch).hexdigest(), _sources(git.untracked)]


def _sources(sources: SourcePatch) -> Any:
    return [hashlib.sha256(sources.patch).hexdigest(), sources.left_out, sources.more]


def _digest(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:24]
