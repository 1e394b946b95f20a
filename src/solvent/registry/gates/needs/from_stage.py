"""``from``: the stage that a version comes from."""

from __future__ import annotations

from typing import Any

from solvent.registry.gates.errors import InvalidPolicy
from solvent.registry.gates.known import Known
from solvent.registry.gates.needs.need import Need, met, missing
from solvent.registry.gates.reading import choice
from solvent.store.model_versions import STAGES
from solvent.wire.gates import GateCheck


def read(value: Any, where: str) -> list[str]:
    if not isinstance(value, list) or not value:
        raise InvalidPolicy(f'{where} must be a list of stages such as ["Staging"]')
    return [choice(one, where, STAGES) for one in value]


def check(known: Known, stages: list[str]) -> list[GateCheck]:
    found = f"it is in stage {known.stage}"
    if known.stage in stages:
        return met("from", found)
    name, number = known.model.name, known.version.version
    return missing(
        "from",
        f"{found}; it must come from {' or '.join(stages)}",
        f"solvent models promote {name} {number} --to {stages[0]}",
    )


NEED = Need("from", '["Staging"]', "the stage in which a version must be before", read, check)
