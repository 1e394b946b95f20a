"""Use cases that read metrics: history, slices for charts, summaries, and which keys there are."""

from __future__ import annotations

from solvent.errors import InvalidInput
from solvent.store import keys, metric_history, runs
from solvent.store.metric_history import Extent, Position
from solvent.store.operations import reads
from solvent.store.runs import RunRef
from solvent.store.transaction import Row, Transaction
from solvent.tracking.history_token import decode, encode
from solvent.tracking.lookup import any_run
from solvent.tracking.validation import LARGEST_INTEGER, check_integer, experiment_number, required
from solvent.wire.base import Number, to_number
from solvent.wire.metrics import (
    GetMetricHistory,
    GetMetricHistoryResponse,
    GetMetricSlices,
    GetMetricSlicesResponse,
    Metric,
    Slice,
)
from solvent.wire.runs import (
    GetMetricSummaries,
    GetMetricSummariesResponse,
    ListKeys,
    ListKeysResponse,
    MetricSummary,
)

MAX_SLICES = 2_000
MAX_RUNS = 1_000
MAX_POINTS_READ = 50_000_000
MAX_POINTS_SENT = 2_000_000
MAX_WIDTH = 10_000
DEFAULT_WIDTH = 1_000
MAX_EXPERIMENTS = 1_000


@reads(GetMetricHistory)
def get_metric_history(tx: Transaction, request: GetMetricHistory) -> GetMetricHistoryResponse:
    """A metric's points by time; all of them if ``max_results`` is not given. Unknown runs have none, as in MLflow."""
    run_id, key = required(request.run_id or request.run_uuid, "run_id"), required(request.metric_key, "metric_key")
    limit = request.max_results
    if limit is not None and (type(limit) is not int or not 0 < limit < LARGEST_INTEGER):
        raise InvalidInput(
            f"Invalid value {limit} for parameter 'max_results' supplied. It must be a positive integer."
        )
    after = decode(request.page_token) if request.page_token else None
    run, key_id = runs.find(tx, run_id), keys.find(tx, key)
    extents = metric_history.extents(tx, run.id, [key_id]) if run and key_id is not None else []
    if run is None or not extents:
        return GetMetricHistoryResponse()
    rows = metric_history.page(tx, run.id, extents[0], after, None if limit is None else limit + 1)
    token = None
    if limit is not None and len(rows) > limit:
        rows = rows[:limit]
        token = encode(Position(after.by_time if after else not extents[0].ordered, *rows[-1]))
    return GetMetricHistoryResponse(
        metrics=[
            Metric(key=key, value="NaN" if is_nan else to_number(value), timestamp=timestamp, step=step)
            for step, timestamp, value, is_nan in rows
        ],
        next_page_token=token,
    )


@reads(GetMetricSlices)
def get_metric_slices(tx: Transaction, request: GetMetricSlices) -> GetMetricSlicesResponse:
    """Metrics as columns for a chart. Few points come as they are, many as an envelope of smallest and largest."""
    run_ids = required(request.run_ids, "run_ids")
    start = -LARGEST_INTEGER - 1 if request.start is None else check_integer(request.start, "start")
    end = LARGEST_INTEGER if request.end is None else check_integer(request.end, "end")
    width = DEFAULT_WIDTH if request.width is None else check_integer(request.width, "width")
    if not 1 <= width <= MAX_WIDTH:
        raise InvalidInput(f"'width' is {width}: give the chart's width in pixels, from 1 to {MAX_WIDTH}")
    if len(run_ids) > MAX_RUNS:
        raise InvalidInput(f"{len(run_ids)} runs were asked for at once: ask for at most {MAX_RUNS}")
    key_ids = None if request.keys is None else keys.find_all(tx, request.keys)
    wanted = [
        (run, metric)
        for run in (any_run(tx, run_id) for run_id in run_ids)
        for metric in metric_history.extents(tx, run.id, key_ids)
    ]
    if len(wanted) > MAX_SLICES:
        raise InvalidInput(
            f"{len(wanted)} metrics of {len(run_ids)} runs were asked for at once: ask for at most {MAX_SLICES}, by 'keys'"
        )
    points = sum(metric.points for _, metric in wanted)
    if points > MAX_POINTS_READ or len(wanted) * width > MAX_POINTS_SENT:
        raise InvalidInput(
            f"{len(wanted)} metrics with {points} points, {width} pixels wide, were asked for at once: at most "
            f"{MAX_POINTS_READ} points are read and {MAX_POINTS_SENT} pixels filled, so ask for fewer runs or keys"
        )
    slices = [_slice(tx, run, metric, start, end, width) for run, metric in wanted]
    return GetMetricSlicesResponse(slices=slices)


def _slice(tx: Transaction, run: RunRef, metric: Extent, start: int, end: int, width: int) -> Slice:
    rows: list[Row] = metric_history.points(tx, run.id, metric.key_id, start, end, 2 * width + 1)
    total = len(rows)
    if total > 2 * width:
        total = metric_history.count(tx, run.id, metric.key_id, start, end)
        rows = metric_history.envelope(tx, run.id, metric.key_id, start, end, width)
    values: list[Number] = ["NaN" if row[3] else to_number(row[2]) for row in rows]
    return Slice(
        run_id=run.uuid,
        key=keys.names(tx, [metric.key_id])[metric.key_id],
        total=total,
        steps=[row[0] for row in rows],
        times=[row[1] for row in rows],
        values=values,
    )


@reads(GetMetricSummaries)
def get_metric_summaries(tx: Transaction, request: GetMetricSummaries) -> GetMetricSummariesResponse:
    rows = metric_history.summaries(tx, any_run(tx, request.run_id).id)
    names = keys.names(tx, [row.key_id for row in rows])
    found = [
        MetricSummary(
            key=names[row.key_id],
            count=row.points,
            last=to_number(row.last),
            min=to_number(row.least),
            max=to_number(row.most),
            mean=to_number(row.mean),
            last_step=row.last_step,
        )
        for row in rows
    ]
    return GetMetricSummariesResponse(summaries=sorted(found, key=lambda summary: summary.key))


@reads(ListKeys)
def list_keys(tx: Transaction, request: ListKeys) -> ListKeysResponse:
    experiment_ids = required(request.experiment_ids, "experiment_ids")
    if len(experiment_ids) > MAX_EXPERIMENTS:
        raise InvalidInput(
            f"{len(experiment_ids)} experiments were asked for at once: ask for at most {MAX_EXPERIMENTS}"
        )
    numbers = {experiment_number(experiment_id) for experiment_id in experiment_ids}
    found = []
    for table in ("metric_summaries", "params", "tags"):
        ids = {key_id for number in numbers for key_id in metric_history.keys_of(tx, table, number)}
        names = keys.names(tx, ids)
        found.append(sorted(names[key_id] for key_id in ids))
    return ListKeysResponse(metrics=found[0], params=found[1], tags=found[2])
