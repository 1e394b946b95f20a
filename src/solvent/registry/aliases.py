"""Use cases of aliases: names that point to one version of a model."""

from __future__ import annotations

from solvent.errors import Conflict
from solvent.registry import lookup
from solvent.registry.announce import record, tell
from solvent.registry.entities import version_response
from solvent.registry.moving import before_move, moved, told
from solvent.registry.validation import alias_name, free_alias_name, model_name
from solvent.store import registered_models
from solvent.store.operations import outside, reads, writes
from solvent.store.registered_models import ModelRow
from solvent.store.store import Store
from solvent.store.transaction import Transaction
from solvent.wire.base import Empty
from solvent.wire.registry import (
    DeleteRegisteredModelAlias,
    GetModelVersionByAlias,
    ModelVersionResponse,
    SetRegisteredModelAlias,
)


@outside(SetRegisteredModelAlias)
def set_alias(store: Store, request: SetRegisteredModelAlias, actor: str) -> Empty:
    """Point an alias to a version, wherever it pointed before.

    Raises:
        Conflict: it points to another version than ``expected_version``.
        GateRefused: a gate asks for more than is known of the version.
    """
    return moved(store, _point, request, actor)


def _point(tx: Transaction, request: SetRegisteredModelAlias) -> Empty:
    model_name(request.name)
    alias = free_alias_name(request.alias)
    model, version = lookup.version(tx, request.name, request.version)
    before, now = registered_models.alias_version(tx, model.id, alias), tx.now()
    _check_expected(model, alias, before, request.expected_version)
    if before != version.version:
        before_move(tx, model, version, f"@{alias}", request)
        registered_models.set_alias(tx, model.id, alias, version.version)
        old = None if before is None else str(before)
        body = {"alias": alias, "version": str(version.version), "from": old, "to": str(version.version)}
        record(tx, "alias.set", model.id, now, body | told(request))
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
        record(tx, "alias.deleted", model.id, now, body | told(request))
    tell(tx, model.id, "MODEL_VERSION_ALIAS", "DELETED", {"name": model.name, "alias": alias}, now)
    return Empty()


@reads(GetModelVersionByAlias)
def get_version_by_alias(tx: Transaction, request: GetModelVersionByAlias) -> ModelVersionResponse:
    model_name(request.name)
    alias = alias_name(request.alias)
    model = lookup.model(tx, request.name)
    return version_response(tx, model.id, lookup.version_of_alias(tx, model, alias))


def _check_expected(model: ModelRow, alias: str, before: int | None, expected: str | None) -> None:
    if expected is not None and expected.strip() != ("" if before is None else str(before)):
        wanted = f"version {expected}" if expected.strip() else "none"
        found = f"points to version {before} now, not to {wanted}"
        if before is None:
            found = f"is not there, and was to point to {wanted}"
        raise Conflict(
            f"the alias '{alias}' of '{model.name}' {found}: somebody was first; look at it again before you move it"
        )
