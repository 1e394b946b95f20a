"""Use cases of grants: roles in one experiment or one registered model."""

from __future__ import annotations

from solvent.accounts import lookup
from solvent.errors import NotFound
from solvent.store import events, grants
from solvent.store.grants import Choice
from solvent.store.operations import reads, writes
from solvent.store.transaction import Transaction
from solvent.wire.accounts import DeleteGrant, Grant, GrantResponse, ListGrants, ListGrantsResponse, SetGrant
from solvent.wire.base import Empty


@writes(SetGrant)
def set_grant(tx: Transaction, request: SetGrant) -> GrantResponse:
    user, place, role = lookup.user(tx, request.user, "user"), lookup.place(tx, request), request.role
    grants.put(tx, user, place.kind, place.id, lookup.role_number(role))
    (grant,) = grants.load(tx, Choice(user.id, place.kind, place.id))
    _record(tx, "grant.set", place, grant)
    return GrantResponse(grant=grant)


@reads(ListGrants)
def list_grants(tx: Transaction, request: ListGrants) -> ListGrantsResponse:
    user_id = None if request.user is None else lookup.user(tx, request.user, "user").id
    if request.experiment_id is None and request.model is None:
        return ListGrantsResponse(grants=grants.load(tx, Choice(user_id)))
    place = lookup.place(tx, request)
    return ListGrantsResponse(grants=grants.load(tx, Choice(user_id, place.kind, place.id)))


@writes(DeleteGrant)
def delete_grant(tx: Transaction, request: DeleteGrant) -> Empty:
    user, place = lookup.user(tx, request.user, "user"), lookup.place(tx, request)
    existing = grants.load(tx, Choice(user.id, place.kind, place.id))
    if not existing:
        raise NotFound(f"{user.name} has no grant there: 'solvent users grants {user.name}' shows those there are")
    grants.delete(tx, user, place.kind, place.id)
    _record(tx, "grant.deleted", place, existing[0])
    return Empty()


def _record(tx: Transaction, kind: str, place: lookup.Place, grant: Grant) -> None:
    noun = "experiment" if place.kind == "experiment" else "registered_model"
    events.append(tx, kind, f"{noun}/{place.id}", {"user": grant.user, "role": grant.role}, tx.now(), tx.actor)
