"""What a request demands: a role in some place, or to be a certain person."""

from __future__ import annotations

from typing import NamedTuple

from solvent.store.grants import ADMIN, NONE, READER, WRITER, Kind

__all__ = ["ADMIN", "NONE", "READER", "WRITER", "Demand", "In", "NewPlace", "Oneself", "ServerAdmin"]


class In(NamedTuple):
    """``role`` in one experiment or registered model by its row; None: one that is not there. ``named`` is for people."""

    role: int
    kind: Kind
    id: int | None
    named: str


class NewPlace(NamedTuple):
    """To make an experiment or a registered model: the user's own role must be writer."""


class Oneself(NamedTuple):
    """To be this user (or an admin of the server)."""

    user: str


class ServerAdmin(NamedTuple):
    """To be an admin of the server. ``why`` says what for."""

    why: str


Demand = In | NewPlace | Oneself | ServerAdmin
