"""Runs in groups, with the spread of their metrics."""

from __future__ import annotations

import msgspec

from solvent.wire.base import Number, Request, Wire, route


class MetricAggregate(Wire):
    """One metric over the runs of a group; NaN counts for none. ``count``: runs that have a number.

    ``stddev`` is that of a sample (divided by ``count`` - 1); there is none for fewer than two numbers.
    """

    key: str
    count: int
    mean: Number | None = None
    stddev: Number | None = None
    min: Number | None = None
    max: Number | None = None


class RunGroup(Wire):
    """``values`` in the order of ``group_by``, null for what a run does not have; ``count`` of all its runs."""

    count: int
    values: list[str | int | float | None] = msgspec.field(default_factory=list)
    metrics: list[MetricAggregate] = msgspec.field(default_factory=list)


class AggregateRunsResponse(Wire):
    """The largest groups first. ``truncated``: there are more than were asked for."""

    truncated: bool
    groups: list[RunGroup] = msgspec.field(default_factory=list)


@route("POST", "solvent/v1/runs/aggregate")
class AggregateRuns(Request[AggregateRunsResponse]):
    """Count runs by attributes, params and tags, and measure their metrics.

    ``group_by``: keys as in a filter, ``params.model``; none makes one group of all. ``metrics``:
    ``metrics.loss``, or a summary such as ``metrics.loss.min``. ``max_groups`` is 100 unless given.
    """

    experiment_ids: list[str] | None = None
    filter: str | None = None
    run_view_type: str | None = None
    group_by: list[str] | None = None
    metrics: list[str] | None = None
    max_groups: int | None = None
