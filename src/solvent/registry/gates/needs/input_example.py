"""``input_example``: rows to try the model with."""

from __future__ import annotations

from solvent.registry.gates.known import Known
from solvent.registry.gates.needs.need import Need, met, missing
from solvent.registry.gates.reading import wanted
from solvent.wire.gates import GateCheck


def check(known: Known, _: bool) -> list[GateCheck]:
    if known.facts.input_example:
        return met("input_example", "saved with the model")
    found = known.facts.problem or "it has none"
    return missing("input_example", found, "log the model again with input_example=X[:5], and register that")


NEED = Need("input_example", "true", "an input example that was saved with the model", wanted, check)
