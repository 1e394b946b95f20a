"""``monitor``: something watches the version once it serves."""

from __future__ import annotations

import msgspec

from solvent.registry import evidence
from solvent.registry.gates.known import Known
from solvent.registry.gates.needs.need import Need, met, missing
from solvent.registry.gates.reading import wanted
from solvent.wire.gates import GateCheck


def check(known: Known, _: bool) -> list[GateCheck]:
    kept = known.evidence("monitor")
    again = f"solvent gates record {known.address} monitor --name NAME"
    if kept is None:
        return missing("monitor", known.no_evidence("monitor"), again)
    monitor = msgspec.convert(kept.body, evidence.Monitor)
    if not monitor.active:
        return missing("monitor", f"{monitor.name} was switched off", again)
    return met("monitor", monitor.name)


NEED = Need("monitor", "true", "a monitor that watches it", wanted, check)
