"""Saved views of tables and charts."""

from __future__ import annotations

import uuid
from typing import Any

import msgspec

from solvent.errors import AlreadyExists, InvalidInput, NotFound, PermissionDenied
from solvent.store import grants, users, views
from solvent.store.operations import reads, writes
from solvent.store.transaction import Transaction
from solvent.tracking.lookup import active_experiment
from solvent.tracking.validation import MAX_TAG_VALUE, check_length, experiment_number, required
from solvent.wire.base import Empty
from solvent.wire.views import (
    CreateView,
    DeleteView,
    GetView,
    ListViews,
    ListViewsResponse,
    UpdateView,
    View,
    ViewResponse,
)

MAX_NAME = 250
MAX_STATE = 100_000
"""Bytes of a view's state as JSON."""
MAX_VIEWS = 1_000
"""Views of one experiment."""


@writes(CreateView)
def create_view(tx: Transaction, request: CreateView) -> ViewResponse:
    name = _checked_name(required(request.name, "name"))
    state = _checked_state(request.state or {})
    owner = tx.actor or check_length("owner", request.owner or "", MAX_TAG_VALUE)
    experiment = int(active_experiment(tx, request.experiment_id).experiment_id) if request.experiment_id else None
    _check_free(tx, name, experiment, owner)
    if views.count(tx, experiment) >= MAX_VIEWS:
        raise InvalidInput(f"there are {MAX_VIEWS} views here already: delete some first")
    view_id = uuid.uuid4().hex
    views.insert(tx, view_id, name, experiment, owner, state, tx.now())
    return ViewResponse(view=_there(tx, view_id))


@reads(ListViews)
def list_views(tx: Transaction, request: ListViews) -> ListViewsResponse:
    within = experiment_number(request.experiment_id) if request.experiment_id else None
    found = views.listing(tx, within, MAX_VIEWS)
    readable = grants.readable_experiments(tx, {int(view.experiment_id) for view in found if view.experiment_id})
    return ListViewsResponse(
        views=[view for view in found if not view.experiment_id or int(view.experiment_id) in readable]
    )


@reads(GetView)
def get_view(tx: Transaction, request: GetView) -> ViewResponse:
    return ViewResponse(view=_there(tx, required(request.view_id, "view_id")))


@writes(UpdateView)
def update_view(tx: Transaction, request: UpdateView) -> ViewResponse:
    view = _own(tx, request.view_id)
    name = view.name if request.name is None else _checked_name(required(request.name, "name"))
    state = view.state if request.state is None else _checked_state(request.state)
    if name != view.name:
        _check_free(tx, name, int(view.experiment_id) if view.experiment_id else None, view.owner)
    views.update(tx, view.view_id, name, state, tx.now())
    return ViewResponse(view=_there(tx, view.view_id))


@writes(DeleteView)
def delete_view(tx: Transaction, request: DeleteView) -> Empty:
    views.delete(tx, _own(tx, request.view_id).view_id)
    return Empty()


def _there(tx: Transaction, view_id: str) -> View:
    view = views.by_uuid(tx, view_id)
    if view is None:
        raise NotFound(f"View with id={view_id[:100]} not found")
    return view


def _own(tx: Transaction, view_id: str | None) -> View:
    """A view that whoever asks may change: their own, or one that nobody owns."""
    view = _there(tx, required(view_id, "view_id"))
    if tx.actor and view.owner and view.owner != tx.actor and not _is_admin(tx):
        raise PermissionDenied(f"the view '{view.name}' is {view.owner}'s: save a view of your own")
    return view


def _is_admin(tx: Transaction) -> bool:
    user = users.by_name(tx, tx.actor)
    return user is not None and user.admin


def _check_free(tx: Transaction, name: str, experiment: int | None, owner: str) -> None:
    if views.by_name(tx, name, experiment, owner) is not None:
        raise AlreadyExists(f"a view '{name}' is there already: choose another name, or change that one")


def _checked_name(name: str) -> str:
    return check_length("name", name, MAX_NAME)


def _checked_state(state: dict[str, Any]) -> dict[str, Any]:
    try:
        size = len(msgspec.json.encode(state))
    except (UnicodeEncodeError, RecursionError, msgspec.MsgspecError) as error:
        raise InvalidInput(f"'state' can't be kept: {error}") from None
    if size > MAX_STATE:
        raise InvalidInput(f"'state' is {size} bytes of JSON: keep it within {MAX_STATE}")
    return state
