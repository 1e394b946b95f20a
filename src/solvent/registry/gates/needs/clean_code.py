"""``clean_code``: a commit that holds all of the code of the run."""

from __future__ import annotations

from solvent.registry.gates.known import Known
from solvent.registry.gates.needs.need import Need, met, missing
from solvent.registry.gates.reading import wanted
from solvent.wire.gates import GateCheck

COMMIT, DIRTY = "mlflow.source.git.commit", "solvent.git.dirty"
"""Tags of the run, as ``provenance.capture`` writes them."""
_NEXT = "commit the code, train by 'solvent run' (it records that nothing was changed), and register that model"


def check(known: Known, _: bool) -> list[GateCheck]:
    commit, dirty = known.tags.get(COMMIT, ""), known.tags.get(DIRTY)
    if known.run is None:
        return missing("clean_code", "it comes from no run", _NEXT)
    if not commit:
        return missing("clean_code", "the run names no commit", _NEXT)
    if dirty == "false":
        return met("clean_code", f"commit {commit[:12]}")
    found = "with changes that it does not hold" if dirty == "true" else "and nothing says whether it held all changes"
    return missing("clean_code", f"commit {commit[:12]}, {found}", _NEXT)


NEED = Need("clean_code", "true", "a run whose code a commit holds, all of it", wanted, check)
