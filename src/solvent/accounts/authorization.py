"""Holding a request against the rules, in the transaction that answers it.

Roles are read in the same snapshot as what the request asks for, so that a grant that was taken
away holds from the next request on, in every process.
"""

from __future__ import annotations

from typing import Any, TypeVar

from solvent.accounts.demands import Demand, In, NewPlace, Oneself, ServerAdmin
from solvent.accounts.errors import WrongCredentials
from solvent.accounts.rules import RULES, anybody
from solvent.errors import PermissionDenied
from solvent.store import grants, users
from solvent.store.operations import Operation
from solvent.store.store import Store
from solvent.store.transaction import Transaction
from solvent.store.users import ROLES, UserRow
from solvent.wire.base import Empty, Request, Wire

R = TypeVar("R", bound=Wire)


def authorize(tx: Transaction, request: Request[Any]) -> Empty:
    """Return if ``tx.actor`` may ask for this; a search is narrowed to what may be read.

    Raises:
        Unauthenticated: there is no such user (any more).
        PermissionDenied: no rule is known for the request, or a demand of its rule is not met.
    """
    rule = RULES.get(type(request))
    if rule is None:
        raise PermissionDenied(f"no rule says who may ask for {type(request).__name__}: nobody may")
    if rule is anybody:
        return Empty()
    user = users.by_name(tx, tx.actor) if tx.actor else None
    if user is None or user.disabled:
        raise WrongCredentials
    if not user.admin:
        for demand in rule(tx, request):
            _hold(tx, user, demand)
    return Empty()


def guarded(operation: Operation[Any, R]) -> Operation[Any, R]:
    """The operation, run only for those who may ask for it."""
    if operation.outside:
        return operation._replace(run=_outside(operation))

    def run(tx: Transaction, request: Request[Any]) -> R:
        authorize(tx, request)
        return operation.run(tx, request)

    return operation._replace(run=run)


def check(store: Store, request: Request[Any], actor: str) -> None:
    """``authorize`` in a transaction of its own."""
    store.read(authorize, request, actor)


def _outside(operation: Operation[Any, R]) -> Any:
    def run(store: Store, request: Request[Any], actor: str) -> R:
        check(store, request, actor)
        return operation.run(store, request, actor)

    return run


def _hold(tx: Transaction, user: UserRow, demand: Demand) -> None:
    if isinstance(demand, In):
        role = grants.role_in(tx, user, demand.kind, demand.id)
        if role < demand.role:
            has = f"has the role {ROLES[role]}" if role else "has none"
            raise PermissionDenied(
                f"Permission denied: this needs the role {ROLES[demand.role]} in {demand.named}, and {user.name} {has}. "
                "An admin of it can grant more with 'solvent users grant'."
            )
    elif isinstance(demand, NewPlace):
        if user.role < grants.WRITER:
            raise PermissionDenied(
                f"Permission denied: to make experiments or registered models, {user.name} needs the role writer, and "
                f"has {ROLES[user.role]}. An admin of the server can change it with 'solvent users update'."
            )
    elif isinstance(demand, Oneself):
        if demand.user.lower() != user.name.lower():
            raise PermissionDenied("Permission denied: this is for the user concerned, and for admins of the server.")
    else:
        assert isinstance(demand, ServerAdmin)
        raise PermissionDenied(f"Permission denied: only an admin of the server may do this: {demand.why}.")
