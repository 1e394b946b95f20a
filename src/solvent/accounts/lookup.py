"""Finding what a request of this room names, or saying that it is not there."""

from __future__ import annotations

from typing import NamedTuple

from solvent.errors import InvalidInput, NotFound
from solvent.registry import lookup as registry
from solvent.store import users
from solvent.store.grants import Kind
from solvent.store.transaction import Transaction
from solvent.store.users import ROLES, UserRow
from solvent.tracking.lookup import any_experiment
from solvent.tracking.validation import invalid, required
from solvent.wire.accounts import DeleteGrant, ListGrants, SetGrant


class Place(NamedTuple):
    """One experiment or registered model by its row."""

    kind: Kind
    id: int


def user(tx: Transaction, name: str | None, field: str = "name") -> UserRow:
    given = required(name, field)
    found = users.by_name(tx, given)
    if found is None:
        raise NotFound(f"there is no user '{given[:100]}': 'solvent users list' shows those there are")
    return found


def role_number(role: str | None) -> int:
    """The number of a role's name."""
    given = required(role, "role")
    if given not in ROLES:
        raise invalid("role", given[:100], f"it must be one of {', '.join(ROLES)}")
    return ROLES.index(given)


def place(tx: Transaction, request: SetGrant | DeleteGrant | ListGrants) -> Place:
    """What a grant is about.

    Raises:
        InvalidInput: it names both an experiment and a model, or neither.
    """
    if (request.experiment_id is None) == (request.model is None):
        raise InvalidInput("expected exactly one of 'experiment_id' and 'model'")
    if request.experiment_id is not None:
        return Place("experiment", int(any_experiment(tx, request.experiment_id).experiment_id))
    return Place("model", registry.model(tx, request.model).id)
