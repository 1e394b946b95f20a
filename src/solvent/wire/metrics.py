"""Metrics: points, their history, and columnar slices for charts."""

from __future__ import annotations

import msgspec

from solvent.wire.base import Number, Request, Wire, route


class Metric(Wire):
    """One point. ``timestamp`` in milliseconds; the latest point is the largest (step, timestamp, value)."""

    key: str = ""
    value: Number | None = None
    timestamp: int | None = None
    step: int | None = None
    model_id: str | None = None
    dataset_name: str | None = None
    dataset_digest: str | None = None
    run_id: str | None = None


class GetMetricHistoryResponse(Wire):
    metrics: list[Metric] = []
    next_page_token: str | None = None


@route("GET", "mlflow/metrics/get-history")
class GetMetricHistory(Request[GetMetricHistoryResponse]):
    run_id: str | None = None
    run_uuid: str | None = None
    metric_key: str | None = None
    max_results: int | None = None
    page_token: str | None = None


class GetMetricHistoryBulkResponse(Wire):
    metrics: list[Metric] = msgspec.field(default_factory=list)


@route("GET", "mlflow/metrics/get-history-bulk")
class GetMetricHistoryBulk(Request[GetMetricHistoryBulkResponse]):
    """One metric of several runs: by run id, then by time. At most 25,000 points of at most 100 runs."""

    run_id: list[str] | None = None
    metric_key: str | None = None
    max_results: int | None = None


class GetMetricHistoryBulkIntervalResponse(Wire):
    metrics: list[Metric] = []


@route("GET", "mlflow/metrics/get-history-bulk-interval")
class GetMetricHistoryBulkInterval(Request[GetMetricHistoryBulkIntervalResponse]):
    """One metric of at most 100 runs, at most ``max_results`` evenly spaced points of each.

    The first and the last point between ``start_step`` and ``end_step`` (both or neither) are kept.
    """

    run_ids: list[str] | None = None
    metric_key: str | None = None
    start_step: int | None = None
    end_step: int | None = None
    max_results: int | None = None


class Slice(Wire):
    """One metric of one run as columns, thinned to at most two points per pixel, peaks kept.

    ``steps``, ``times`` (ms) and ``values`` are equally long; ``total`` is the number of points
    before thinning. A non-finite value travels as "NaN", "Infinity" or "-Infinity".
    """

    run_id: str
    key: str
    total: int
    steps: list[int]
    times: list[int]
    values: list[Number]


class GetMetricSlicesResponse(Wire):
    slices: list[Slice] = []


@route("POST", "solvent/v1/metrics/slices")
class GetMetricSlices(Request[GetMetricSlicesResponse]):
    """``width`` in pixels; ``start`` and ``end`` bound the steps (inclusive); no keys means all."""

    run_ids: list[str] | None = None
    keys: list[str] | None = None
    start: int | None = None
    end: int | None = None
    width: int | None = None
