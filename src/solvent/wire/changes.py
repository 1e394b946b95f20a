"""What has changed: runs and experiments that others wrote to, with their newest values."""

from __future__ import annotations

import msgspec

from solvent.wire.base import Request, Wire, route
from solvent.wire.experiments import Tag
from solvent.wire.metrics import Metric
from solvent.wire.runs import Param


class Change(Wire):
    """What has changed in a run, or in the experiment itself if there is no ``run_id``.

    ``kinds``: ``info`` (made, renamed, status, end, trash), ``metrics``, ``params``, ``tags``,
    ``inputs`` (data sets and models). The lists hold the newest values of the keys that changed;
    ``partial`` says that more has changed than is shown here (many keys, or tags that were taken away):
    read the run anew.
    """

    experiment_id: str
    kinds: list[str]
    run_id: str | None = None
    run_name: str | None = None
    status: str | None = None
    end_time: int | None = None
    lifecycle_stage: str | None = None
    metrics: list[Metric] = []
    params: list[Param] = []
    tags: list[Tag] = []
    partial: bool = False


class ChangesResponse(Wire):
    """``last`` is the place to go on from; ``more`` says that there is more already. ``reset``: what lies between is not known any more, load all anew."""

    last: int
    reset: bool = False
    more: bool = False
    changes: list[Change] = msgspec.field(default_factory=list)


@route("GET", "solvent/v1/changes")
class GetChanges(Request[ChangesResponse]):
    """What has changed since the place ``after``; without one, where we are now.

    Asked for with ``Accept: text/event-stream`` it is answered with server-sent events without end,
    each holding one such answer; ``Last-Event-ID`` stands for ``after``.
    """

    experiment_ids: list[str] | None = None
    run_ids: list[str] | None = None
    after: int | None = None
