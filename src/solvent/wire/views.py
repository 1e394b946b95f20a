"""Saved views: what somebody wants to see again, under a name."""

from __future__ import annotations

from typing import Any

import msgspec

from solvent.wire.base import Empty, Request, Wire, route


class View(Wire):
    """``state`` is the page's own JSON object. ``owner`` is empty where nobody is asked who they are.

    ``experiment_id`` is empty for a view across experiments. Times are milliseconds since 1970 (UTC).
    """

    view_id: str = ""
    name: str = ""
    experiment_id: str = msgspec.field(default_factory=str)
    owner: str = msgspec.field(default_factory=str)
    state: dict[str, Any] = msgspec.field(default_factory=dict)
    creation_time: int = msgspec.field(default_factory=int)
    last_update_time: int = msgspec.field(default_factory=int)


class ViewResponse(Wire):
    view: View


@route("POST", "solvent/v1/views")
class CreateView(Request[ViewResponse]):
    """``owner`` counts only where the server does not know who asks."""

    name: str | None = None
    experiment_id: str | None = None
    owner: str | None = None
    state: dict[str, Any] | None = None


class ListViewsResponse(Wire):
    views: list[View] = msgspec.field(default_factory=list)


@route("GET", "solvent/v1/views")
class ListViews(Request[ListViewsResponse]):
    """By name; those of one experiment, or all."""

    experiment_id: str | None = None


@route("GET", "solvent/v1/views/{view_id}")
class GetView(Request[ViewResponse]):
    view_id: str | None = None


@route("PATCH", "solvent/v1/views/{view_id}")
class UpdateView(Request[ViewResponse]):
    """What is not given stays as it is."""

    view_id: str | None = None
    name: str | None = None
    state: dict[str, Any] | None = None


@route("DELETE", "solvent/v1/views/{view_id}")
class DeleteView(Request[Empty]):
    view_id: str | None = None
