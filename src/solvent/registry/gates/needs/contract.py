"""``contract``: the data that the run read kept the contract that is the current one."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from solvent.registry.gates.known import Known
from solvent.registry.gates.needs.need import Need, met, missing
from solvent.registry.gates.reading import choice
from solvent.store import gates
from solvent.store.datasets_uses import NEWEST
from solvent.store.transaction import Transaction
from solvent.wire.contracts import RUN_TAG
from solvent.wire.gates import GateCheck

SKIPPED = "solvent.contracts.skipped"
"""Of a run that was told not to look at its contracts, as ``projects.enforce`` writes it."""
_PAGE, _PAGES = 200, 50


class _Held(msgspec.Struct):
    """An entry of the tag of a run (``wire.contracts``)."""

    id: str
    digest: str
    version: str = ""
    outcome: str = "passed"


class _Wrong(NamedTuple):
    found: str
    next: str


def read(value: Any, where: str) -> str:
    return "current" if value is True else choice(value, where, ("current",))


def check(known: Known, _: str) -> list[GateCheck]:
    again = (
        "name the contract in the project (contracts: of MLproject), train by 'solvent run', and register that model"
    )
    if known.run is None:
        return missing("contract", "it comes from no run", again)
    if SKIPPED in known.tags:
        return missing("contract", "the run was told not to look at its contracts", again)
    held = _held(known.tags.get(RUN_TAG))
    if not held:
        return missing("contract", "the run's data was held against no contract", again)
    wrong = _failed(held) or _outdated(held, _current(known.tx, {one.id for one in held}))
    if wrong is not None:
        return missing("contract", *wrong)
    return met("contract", ", ".join(f"{one.id} {one.version}".strip() for one in held))


def _held(tag: str | None) -> list[_Held]:
    try:
        return msgspec.json.decode(tag or "[]", type=list[_Held])
    except (msgspec.MsgspecError, UnicodeEncodeError):
        return []


def _failed(held: list[_Held]) -> _Wrong | None:
    broken = [one.id for one in held if one.outcome == "failed"]
    return _Wrong(f"the run's data broke {', '.join(broken)}", "mend the data, and train again") if broken else None


def _outdated(held: list[_Held], current: dict[str, _Held]) -> _Wrong | None:
    old = [one for one in held if one.id in current and current[one.id].digest != one.digest]
    if not old:
        return None
    named = ", ".join(f"{one.id} {one.version} (now {current[one.id].version})" for one in old)
    return _Wrong(f"trained under {named}", "train again with data that keeps the current contract")


def _current(tx: Transaction, wanted: set[str]) -> dict[str, _Held]:
    """The contracts by id that the newest runs were held against; one that no recent run was held against is not in it."""
    found: dict[str, _Held] = {}
    before = NEWEST
    for _ in range(_PAGES):
        rows = gates.checked_runs(tx, before, _PAGE)
        for _, tag in rows:
            for one in _held(tag):
                found.setdefault(one.id, one)
        if len(rows) < _PAGE or wanted <= found.keys():
            break
        before = rows[-1][0]
    return found


NEED = Need(
    "contract",
    '"current"',
    "data that kept its contract, and no newer run was held against another version of that contract",
    read,
    check,
)
