"""Searches over several experiments: those that may not be read are taken out of the request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from solvent.accounts.demands import READER, In
from solvent.errors import InvalidInput
from solvent.store import grants, users
from solvent.store.transaction import Transaction
from solvent.tracking.validation import experiment_number


def narrowed(tx: Transaction, request: Any) -> Iterator[In]:
    """Leave in ``experiment_ids`` what may be read. If that is nothing, the first one is demanded, and so refused."""
    given: list[str] = request.experiment_ids or []
    user = users.by_name(tx, tx.actor)
    if user is None or not given:
        return
    roles = grants.roles_of(tx, user, "experiment")
    kept = [text for text in given if _role(roles, text, user.role) >= READER]
    if kept:
        request.experiment_ids = kept
    else:
        yield In(READER, "experiment", experiment_number(given[0]), f"experiment {given[0][:100]}")


def _role(roles: dict[int, int], text: str, default: int) -> int:
    try:
        return roles.get(experiment_number(text), default)
    except InvalidInput:
        return READER  # it is no id: the use case says so
