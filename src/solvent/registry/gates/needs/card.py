"""``card``: what a person must write of a model."""

from __future__ import annotations

from typing import Any

import msgspec

from solvent.registry import evidence
from solvent.registry.gates.known import Known
from solvent.registry.gates.needs.need import Need, met, missing
from solvent.registry.gates.reading import choice
from solvent.wire.gates import GateCheck

SECTIONS = ("intended_use", "assumptions", "limits")
"""Those without which no card is complete."""


def read(value: Any, where: str) -> str:
    return "complete" if value is True else choice(value, where, ("complete",))


def check(known: Known, _: str) -> list[GateCheck]:
    kept = known.evidence("card")
    write = f"solvent models card {known.address} --init"
    if kept is None:
        return missing("card", known.no_evidence("card"), write)
    card = msgspec.convert(kept.body, evidence.Card)
    empty = [name for name in SECTIONS if not card.sections.get(name, "").strip()]
    taken_over = [name for name in SECTIONS if name in card.unconfirmed and name not in empty]
    problems = [f"{', '.join(empty)} not written"] if empty else []
    if taken_over:
        problems.append(f"{', '.join(taken_over)} taken over from another version, and not confirmed")
    if problems:
        return missing("card", "; ".join(problems), write)
    return met("card", f"all of {', '.join(SECTIONS)} written")


NEED = Need(
    "card",
    '"complete"',
    f"a model card with {', '.join(SECTIONS)} written (or confirmed) for this version",
    read,
    check,
)
