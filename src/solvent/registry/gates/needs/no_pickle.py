"""``no_pickle``: no file that runs code when it is loaded."""

from __future__ import annotations

from solvent.registry.gates.known import Known
from solvent.registry.gates.needs.need import Need, met, missing
from solvent.registry.gates.reading import wanted
from solvent.wire.gates import GateCheck

_NAMED = 3


def check(known: Known, _: bool) -> list[GateCheck]:
    facts = known.facts
    if not facts.unsafe and not facts.problem:
        return met("no_pickle", "no file runs code when it is loaded")
    found = facts.problem or f"{', '.join(facts.unsafe[:_NAMED])} runs code when it is loaded"
    if len(facts.unsafe) > _NAMED:
        found = found.replace(" runs", f" and {len(facts.unsafe) - _NAMED:,} more run")
    return missing("no_pickle", found, "save the model in a safe format (skops, ONNX, the booster's own, safetensors)")


NEED = Need("no_pickle", "true", "no pickle, and no other file that runs code when it is loaded", wanted, check)
