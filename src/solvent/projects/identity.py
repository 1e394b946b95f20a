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
    """``digests`` by part. ``unknown`` says what can't be told, for people; without ``comparable`` nothing is identical
    to it: it changes without being seen.
    """

    digests: dict[str, str]
    unknown: tuple[str, ...] = ()
    comparable: bool = True

    @property
    def tag(self) -> str:
        return json.dumps(self.digests)


def identity_of(plan: Plan, provenance: Provenance, environment: Environment, inputs: Sequence[Input]) -> Identity:
    """What counts: the entry point and its command, all parameters, the code (commit, uncommitted changes, untracked
    files), the environment (its packages, interpreter, machine and the variables that are recorded), and the content
    of the data that is known to be read.
    """
    parts: dict[str, Any] = {
        "entry_point": [plan.entry.name, plan.entry.command.text],
        "parameters": plan.values.all,
        "code": [
            _repository(provenance.git),
            _sources(provenance.sources),
            _repository(provenance.working),
        ],
        "environment": [
            environment.manager,
            environment.key,
            environment.python_version,
            platform.machine(),
            [str(package) for package in provenance.packages],
            provenance.variables,
        ],
        "data": sorted([one.why, one.fingerprint.digest if one.fingerprint else ""] for one in inputs),
    }
    cut = [
        *(provenance.git.patch_cut if provenance.git else ()),
        *(provenance.working.patch_cut if provenance.working else ()),
    ]
    unread = [one for one in inputs if one.fingerprint is None]
    return Identity(
        {name: _digest(parts[name]) for name in PARTS},
        tuple(_unknown(provenance, inputs)),
        comparable=not cut and not unread,
    )


def _unknown(provenance: Provenance, inputs: Sequence[Input]) -> list[str]:
    told = []
    if not inputs:
        told.append(
            "no data is known to be read (no parameter of type path, no inputs:, no contract): whether it is the same"
        )
    if left_out := len(provenance.sources.left_out) + provenance.sources.more:
        told.append(f"{left_out} untracked file{'s' if left_out > 1 else ''} that no run keeps: what is in them")
    return told


def _repository(git: GitState | None) -> Any:
    if git is None:
        return None
    return [git.commit, git.subfolder, hashlib.sha256(git.patch).hexdigest(), _sources(git.untracked)]


def _sources(sources: SourcePatch) -> Any:
    return [hashlib.sha256(sources.patch).hexdigest(), sources.left_out, sources.more]


def _digest(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:24]
