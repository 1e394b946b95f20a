"""``signature``: which columns a model takes, and what it answers."""

from __future__ import annotations

from typing import Any, Literal

from solvent.registry.gates.known import Known
from solvent.registry.gates.needs.need import Need, met, missing
from solvent.registry.gates.reading import choice
from solvent.wire.gates import GateCheck

_SAYS = {"none": "it has none", "inputs": "of inputs alone", "whole": "of inputs and outputs"}


def read(value: Any, where: str) -> Literal["inputs", "whole"]:
    """``true`` asks for that of the inputs."""
    if value is True:
        return "inputs"
    return choice(value, where, ("inputs", "whole"))  # type: ignore[return-value]


def check(known: Known, wanted: str) -> list[GateCheck]:
    has = known.facts.signature
    found = known.facts.problem or _SAYS.get(has, has)
    if has == "whole" or has == wanted:
        return met("signature", found)
    return missing(
        "signature",
        found,
        "log the model again with signature=infer_signature(X, model.predict(X)), and register that",
    )


NEED = Need("signature", 'true or "whole"', 'a signature of the inputs; `"whole"`: of the outputs too', read, check)
