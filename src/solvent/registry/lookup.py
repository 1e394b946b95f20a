"""Finding what a request names, or saying that it is not there."""

from __future__ import annotations

from solvent.errors import InvalidInput, NotFound
from solvent.registry.validation import model_name, version_number
from solvent.store import model_versions, registered_models
from solvent.store.model_versions import VersionRow
from solvent.store.registered_models import ModelRow
from solvent.store.transaction import Transaction


def model(tx: Transaction, name: str | None) -> ModelRow:
    given = model_name(name)
    found = registered_models.by_name(tx, given)
    if found is None:
        raise NotFound(f"Registered Model with name={given} not found")
    return found


def version(tx: Transaction, name: str | None, version: str | None) -> tuple[ModelRow, VersionRow]:
    """The version and its model; one message whichever of the two is not there."""
    given, number = model_name(name), version_number(version)
    owner = registered_models.by_name(tx, given)
    found = model_versions.find(tx, owner.id, number) if owner else None
    if owner is None or found is None:
        shown = str(version).strip()[:64]
        raise NotFound(f"Model Version (name={given}, version={shown}) not found")
    return owner, found


def version_of_alias(tx: Transaction, owner: ModelRow, alias: str) -> int:
    """The number of the version that an alias points to; ``latest`` is the newest of all."""
    if alias.lower() == "latest":
        return newest_version(tx, owner)
    found = registered_models.alias_version(tx, owner.id, alias)
    if found is None:
        raise InvalidInput(f"Registered model alias {alias} not found.")
    return found


def newest_version(tx: Transaction, owner: ModelRow, stage: str | None = None) -> int:
    """The number of the newest version, of one stage or of all."""
    newest = model_versions.latest(tx, [owner.id]).get(owner.id, [])
    numbers = [int(entry.version) for entry in newest if stage in (None, entry.current_stage)]
    if not numbers:
        where = "" if stage is None else f" in stage {stage}"
        raise NotFound(f"Latest version not found for model {owner.name}{where}.")
    return max(numbers)
