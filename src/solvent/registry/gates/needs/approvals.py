"""``approvals``: people who looked at the version and would let it pass."""

from __future__ import annotations

from typing import Any

from solvent.registry.gates.known import Known
from solvent.registry.gates.needs.need import Need, met, missing
from solvent.registry.gates.reading import number
from solvent.store import users
from solvent.wire.gates import GateCheck

_MOST = 20


def read(value: Any, where: str) -> int:
    """``true`` asks for one."""
    count = 1 if value is True else number(value, where, 1, _MOST)
    if count != int(count):
        number(None, where)
    return int(count)


def check(known: Known, wanted: int) -> list[GateCheck]:
    if not known.tx.actor and not users.exist(known.tx):
        return missing(
            "approvals",
            "nobody is asked who they are here, so nobody can approve",
            "make users ('solvent users create NAME --admin'), so that it is known who approves",
        )
    given = {one.actor for one in known.approvals() if one.actor and one.body.get("approved", True)}
    own = {person.lower() for person in (known.version.user, known.tx.actor) if person}
    others = sorted(person for person in given if person.lower() not in own)
    by = f" (by {', '.join(others)})" if others else ""
    found = f"{len(others)} of {wanted}{by}"
    if given - set(others):
        found += "; those of who made the version, and of who moves it, don't count"
    if len(others) >= wanted:
        return met("approvals", found)
    return missing(
        "approvals",
        found,
        f"ask somebody else than {' and '.join(sorted(own)) or 'its maker'} for "
        f"'solvent gates approve {known.address} --reason WHY'",
    )


NEED = Need("approvals", "1", "so many people who approve, none of whom made the version or moves it", read, check)
