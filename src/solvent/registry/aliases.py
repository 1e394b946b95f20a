"""Use cases of aliases: names that point to one version of a model."""

from __future__ import annotations

from solvent.registry import lookup
from solvent.registry.announce import record, tell
from solvent.registry.entities import version_response
from solvent.registry.moving import before_move
from solvent.registry.validation import alias_name, free_alias_name, model_name
from solvent.store import registered_models
from solvent.store.operations import reads, writes
from solvent.store.transaction import Transaction
from solvent.wire.base import Empty
from solvent.wire.registry import (
    DeleteRegisteredModelAlias,
    GetModelVersionByAlias,
    ModelVersionResponse,
    SetRegisteredModelAlias,
)


@writes(SetRegisteredModelAlias)
def set_alias(tx: Transaction, request: SetRegisteredModelAlias) -> Empty:
    """Point an alias to a version, wherever it pointed before."""
    model_name(request.name)
    alias = free_alias_name(request.alias)
    model, version = lookup.version(tx, request.name, request.version)
    before_move(tx, model, version, f"@{alias}", request)
    before, now = registered_models.alias_version(tx, model.id, alias), tx.now()
    registered_models.set_alias(tx, model.id, alias, version.version)
    if before != version.version:
        old = None if before is None else str(before)
        body = {"alias": alias, "version": str(version.version), "from": old, "to": str(version.version)}
        record(tx, "alias.set", model.id, now, body)
    data = {"name": model.name, "alias": alias, "version": str(version.version)}
    tell(tx, model.id, "MODEL_VERSION_ALIAS", "CREATED", data, now)
    return Empty()


@writes(DeleteRegisteredModelAlias)
def delete_alias(tx: Transaction, request: DeleteRegisteredModelAlias) -> Empty:
    """An alias that is not there is as good as deleted."""
    model_name(request.name)
    alias = alias_name(request.alias)
    model = lookup.model(tx, request.name)
    before, now = registered_models.alias_version(tx, model.id, alias), tx.now()
    if before is not None:
        registered_models.delete_alias(tx, model.id, alias)
        body = {"alias": alias, "version": str(before), "from": str(before), "to": None}
        record(tx, "alias.deleted", model.id, now, body)
    tell(tx, model.id, "MODEL_VERSION_ALIAS", "DELETED", {"name": model.name, "alias": alias}, now)
    return Empty()


@reads(GetModelVersionByAlias)
def get_version_by_alias(tx: Transaction, request: GetModelVersionByAlias) -> ModelVersionResponse:
    model_name(request.name)
    alias = alias_name(request.alias)
    model = lookup.model(tx, request.name)
    return version_response(tx, model.id, lookup.version_of_alias(tx, model, alias))
