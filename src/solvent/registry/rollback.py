"""Use case of going back to the version that was in Production before."""

from __future__ import annotations

from collections.abc import Iterator

from solvent.errors import InvalidInput, NotFound
from solvent.registry import lookup
from solvent.registry.announce import subject_of
from solvent.registry.moving import moved
from solvent.registry.stages import check_current, enter
from solvent.store import events, model_versions
from solvent.store.model_versions import STAGES, VersionRow
from solvent.store.operations import outside
from solvent.store.registered_models import ModelRow
from solvent.store.store import Store
from solvent.store.transaction import Transaction
from solvent.wire.registry import ModelVersionResponse
from solvent.wire.registry_moves import RollbackModel

_PRODUCTION = STAGES.index("Production")
_PAGE = 500


@outside(RollbackModel)
def roll_back(store: Store, request: RollbackModel, actor: str) -> ModelVersionResponse:
    """The version that was in Production before comes back, and those that are there now are archived.

    A version that was rolled back from is not gone back to, until it was promoted again: who rolls back twice comes
    two versions back, not to where they began.

    Raises:
        NotFound: none was there before, or all of them are deleted.
        InvalidInput: the version that is named never was in Production, or is there now.
        Conflict: another version than ``expected_current`` is in Production.
        GateRefused: a gate asks for more than is known of the version.
    """
    return moved(store, _roll_back, request, actor)


def _roll_back(tx: Transaction, request: RollbackModel) -> ModelVersionResponse:
    model = lookup.model(tx, request.name)
    check_current(tx, model, _PRODUCTION, request.expected_current)
    version = _named(tx, model, request.version) if request.version else _before(tx, model)
    return enter(tx, model, version, _PRODUCTION, request, archive=True, because="rollback")


def _named(tx: Transaction, model: ModelRow, given: str) -> VersionRow:
    version = lookup.version(tx, model.name, given)[1]
    if version.stage == _PRODUCTION:
        raise InvalidInput(f"version {version.version} of '{model.name}' is in Production now: name another one")
    if all(number != version.version for number, _ in _departures(tx, model)):
        raise InvalidInput(
            f"version {version.version} of '{model.name}' never was in Production, so there is nothing to go back to: "
            "promote it instead"
        )
    return version


def _before(tx: Transaction, model: ModelRow) -> VersionRow:
    seen: set[int] = set()
    for number, rolled_back in _departures(tx, model):
        if number in seen:
            continue
        seen.add(number)
        version = model_versions.find(tx, model.id, number)
        if version is not None and version.stage != _PRODUCTION and not rolled_back:
            return version
    raise NotFound(
        f"no version of '{model.name}' was in Production before: promote one, or name one that was rolled back from"
    )


def _departures(tx: Transaction, model: ModelRow) -> Iterator[tuple[int, bool]]:
    """The versions that left Production, the last first, and whether by being rolled back from."""
    before: int | None = None
    while True:
        page = events.newest(tx, subject_of(model.id), before=before, limit=_PAGE, kind="model_version.stage")
        for event in page:
            if event.body.get("from") == STAGES[_PRODUCTION]:
                yield int(event.body["version"]), event.body.get("because") == "rollback"
        if len(page) < _PAGE:
            return
        before = page[-1].id
