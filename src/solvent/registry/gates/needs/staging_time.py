"""``staging_time``: how long a version has been in Staging."""

from __future__ import annotations

from solvent.registry.announce import subject_of
from solvent.registry.gates.known import Known
from solvent.registry.gates.needs.need import Need, met, missing
from solvent.registry.gates.reading import duration
from solvent.store import gates
from solvent.wire.gates import GateCheck

_MINUTE, _HOUR, _DAY = 60_000, 3_600_000, 86_400_000


def check(known: Known, wanted: int) -> list[GateCheck]:
    now = known.tx.now()
    entered = None
    if known.stage == "Staging":
        version = str(known.version.version)
        subject = subject_of(known.model.id)
        entered = gates.last_event(known.tx, subject, "model_version.stage", version=version, to="Staging")
    if entered is None:
        name, number = known.model.name, known.version.version
        move = f"solvent models promote {name} {number} --to Staging, and wait {long(wanted)}"
        return missing("staging_time", "it is not in Staging", move)
    been = max(0, now - entered[1])
    if been >= wanted:
        return met("staging_time", f"in Staging for {long(been)}")
    return missing("staging_time", f"in Staging for {long(been)} of {long(wanted)}", f"wait {long(wanted - been)} more")


def long(milliseconds: int) -> str:
    """A time for people, cut to its largest units.

    >>> long(2 * 86_400_000 + 3 * 3_600_000)
    '2 d 3 h'
    """
    days, hours, minutes = milliseconds // _DAY, milliseconds % _DAY // _HOUR, milliseconds % _HOUR // _MINUTE
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min" if minutes else f"{-(-milliseconds // 1000)} s"


NEED = Need(
    "staging_time", '"2d"', "a time (30m, 12h, 2d, 1w) that it has been in Staging without leaving it", duration, check
)
