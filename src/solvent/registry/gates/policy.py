"""The document of a policy: what versions need, by stage and alias, for all models and for single ones.

    level = "strict"

    [stage.Production]
    signature = true
    approvals = 1

    [models.fraud.stage.Production]
    approvals = 2

A model's own section replaces single lines of the whole; ``false`` takes a need away. Under ``strict`` Production is
entered from Staging alone, whatever the document says.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, NamedTuple

from solvent.registry.gates.errors import InvalidPolicy
from solvent.registry.gates.known import PRODUCTION
from solvent.registry.gates.needs import NEEDS
from solvent.registry.gates.reading import choice, nearest, shown, table
from solvent.registry.validation import free_alias_name, model_name

LEVELS = ("record", "strict")
GATED = ("Staging", "Production")
"""Stages that a gate can stand before: whoever leaves one is asked nothing."""
MAX_DOCUMENT = 256 << 10
"""Bytes of its JSON."""
_SECTIONS = ("level", "stage", "alias")
_ONLY_STAGING = ["Staging"]

BUILT_IN: dict[str, Any] = {
    "level": "record",
    "stage": {
        "Staging": {"signature": True, "input_example": True, "clean_code": True},
        "Production": {
            "from": _ONLY_STAGING,
            "signature": True,
            "input_example": True,
            "contract": "current",
            "clean_code": True,
            "reproduced": True,
            "tests": True,
            "card": "complete",
            "monitor": True,
            "approvals": 1,
        },
    },
}
"""Where no policy was applied."""

Gate = dict[str, Any]
"""By the key of each need, what is wanted of it, as its module reads it."""


class Policy(NamedTuple):
    """What holds for one model. ``gates`` by stage, or ``@`` and an alias in small letters."""

    level: str
    gates: dict[str, Gate]

    def gate_of(self, target: str) -> str:
        """Which gate stands before a target: an alias called production, in whatever case, is Production."""
        folded = target.lower()
        return "Production" if folded == f"@{PRODUCTION}" else folded if folded.startswith("@") else target


def check(document: dict[str, Any]) -> None:
    """
    Raises:
        InvalidPolicy: it can't hold; where, and what was expected.
    """
    try:
        size = len(json.dumps(document, allow_nan=False))
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidPolicy(f"the policy can't be kept: {error}") from error
    if size > MAX_DOCUMENT:
        raise InvalidPolicy(f"the policy has {size:,} bytes of JSON: at most {MAX_DOCUMENT:,} are read")
    table(document, "the policy", (*_SECTIONS, "models"))
    base, own = split(document)
    read(base, {})
    for name, part in own.items():
        model_name(name)
        read(base, table(part, f"models.{name}", _SECTIONS))


def split(document: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What holds for all, and the parts of single models by name."""
    own = document.get("models", {})
    if not isinstance(own, dict):
        raise InvalidPolicy(f"models must hold a table for each model, and is {shown(own)}")
    return {key: value for key, value in document.items() if key != "models"}, own


def digest(document: dict[str, Any]) -> str:
    """Of its meaning: the order of its keys does not count."""
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()


def read(base: dict[str, Any], own: dict[str, Any]) -> Policy:
    """What holds for a model whose own part is ``own``.

    Raises:
        InvalidPolicy: a section, a need or its value is not what it can be.
    """
    level = choice(own.get("level", base.get("level", "record")), "level", LEVELS)
    lines: dict[str, dict[str, Any]] = {}
    for part, where in ((base, ""), (own, "the model's ")):
        for gate, needs in _sections(part, where).items():
            lines.setdefault(gate, {}).update(needs)
    if level == "strict":
        production = lines.setdefault("Production", {})
        if production.setdefault("from", _ONLY_STAGING) != _ONLY_STAGING:
            raise InvalidPolicy(
                'stage.Production: under level = "strict" Production is entered from Staging alone: '
                f'from must be ["Staging"] or left out, and is {shown(production["from"])}'
            )
    return Policy(level, {gate: _gate(gate, needs) for gate, needs in lines.items()})


def _sections(part: dict[str, Any], where: str) -> dict[str, dict[str, Any]]:
    """The lines of each gate, not yet read."""
    found: dict[str, dict[str, Any]] = {}
    stages = {stage.lower(): stage for stage in GATED}
    for name, lines in _named(part, "stage", where).items():
        if name.lower() not in stages:
            raise InvalidPolicy(
                f"{where}stage.{shown(name)[1:-1]} has no gate: expected {' or '.join(GATED)}{nearest(name, GATED)}"
            )
        _add(found, stages[name.lower()], lines, f"{where}stage.{name}")
    for name, lines in _named(part, "alias", where).items():
        if free_alias_name(name).lower() == PRODUCTION:
            raise InvalidPolicy(
                f"{where}alias.{name}: an alias of that name is the stage Production to a gate: write it there"
            )
        _add(found, f"@{name.lower()}", lines, f"{where}alias.{name}")
    return found


def _add(found: dict[str, dict[str, Any]], gate: str, lines: object, where: str) -> None:
    if gate in found:
        raise InvalidPolicy(f"{where} is there twice, in different cases: one of them must go")
    found[gate] = table(lines, where, NEEDS)


def _named(part: dict[str, Any], key: str, where: str) -> dict[str, Any]:
    given = part.get(key, {})
    if not isinstance(given, dict):
        raise InvalidPolicy(f"{where}{key} must hold a table for each {key}, and is {shown(given)}")
    return given


def _gate(name: str, lines: dict[str, Any]) -> Gate:
    where = f"alias.{name[1:]}" if name.startswith("@") else f"stage.{name}"
    return {
        key: need.read(lines[key], f"{where}.{key}")
        for key, need in NEEDS.items()
        if key in lines and lines[key] is not False
    }
