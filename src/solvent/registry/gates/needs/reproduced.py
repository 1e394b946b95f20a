"""``reproduced``: the run was repeated, and came to the same."""

from __future__ import annotations

import json

from solvent.registry.gates.known import Known
from solvent.registry.gates.needs.need import Need, met, missing
from solvent.registry.gates.reading import wanted
from solvent.wire.gates import GateCheck

TAG = "solvent.reproduction"
"""Of the run: JSON of the last verdict, as ``projects.reproduce`` writes it."""


def check(known: Known, _: bool) -> list[GateCheck]:
    if known.run is None:
        return missing("reproduced", "it comes from no run", "register a model that a run has logged")
    found = outcome(known.tags.get(TAG), known.run.uuid)
    if found.startswith("reproduced"):
        return met("reproduced", found)
    return missing("reproduced", found, f"solvent reproduce {known.run.uuid}")


def outcome(tag: str | None, run_id: str) -> str:
    """What came of repeating the run.

    >>> outcome('{"run_id": "a", "outcome": "diverged"}', "a")
    'diverged'
    """
    if tag is None:
        return "nobody has repeated the run"
    try:
        verdict = json.loads(tag)
        if verdict["run_id"] != run_id:
            return "the verdict is of another run"
        return str(verdict["outcome"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return f"the tag {TAG} of the run can't be read"


NEED = Need("reproduced", "true", "a run that was repeated, and came to the same", wanted, check)
