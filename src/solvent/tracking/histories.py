"""Use cases that read one metric of several runs at once, as MLflow's page asks for them."""

from __future__ import annotations

from collections.abc import Iterable

from solvent.errors import InvalidInput
from solvent.store import inputs, keys, metric_history, runs
from solvent.store.metric_history import Extent
from solvent.store.operations import reads
from solvent.store.runs import RunRef
from solvent.store.transaction import Row, Transaction
from solvent.tracking.validation import check_integer, experiment_number, required
from solvent.wire.base import to_number
from solvent.wire.datasets import SearchDatasets, SearchDatasetsResponse
from solvent.wire.metrics import (
    GetMetricHistoryBulk,
    GetMetricHistoryBulkInterval,
    GetMetricHistoryBulkIntervalResponse,
    GetMetricHistoryBulkResponse,
    Metric,
)

MAX_RUNS = 100
MAX_POINTS = 25_000
MAX_POINTS_PER_RUN = 2_500
MAX_DATASET_EXPERIMENTS = 20
MAX_DATASETS = 1_000


@reads(GetMetricHistoryBulk)
def get_metric_history_bulk(tx: Transaction, request: GetMetricHistoryBulk) -> GetMetricHistoryBulkResponse:
    """The histories one after the other, by run id; runs that are not there have none."""
    run_ids = request.run_id or []
    if not run_ids:
        raise InvalidInput("GetMetricHistoryBulk request must specify at least one run_id.")
    if len(run_ids) > MAX_RUNS:
        raise InvalidInput(
            f"GetMetricHistoryBulk request cannot specify more than {MAX_RUNS} run_ids. Received {len(run_ids)} run_ids."
        )
    if request.metric_key is None:
        raise InvalidInput("GetMetricHistoryBulk request must specify a metric_key.")
    left = MAX_POINTS if request.max_results is None else check_integer(request.max_results, "max_results", least=0)
    left = min(left, MAX_POINTS)
    found: list[Metric] = []
    for run, metric in _measured(tx, sorted(set(run_ids)), request.metric_key):
        if len(found) == left:
            break
        rows = metric_history.page(tx, run.id, metric, None, left - len(found))
        found += _points(run, request.metric_key, rows)
    return GetMetricHistoryBulkResponse(metrics=found)


@reads(GetMetricHistoryBulkInterval)
def get_metric_history_bulk_interval(
    tx: Transaction, request: GetMetricHistoryBulkInterval
) -> GetMetricHistoryBulkIntervalResponse:
    """Evenly spaced points of each run, in the order in which the runs are named."""
    run_ids = required(request.run_ids or None, "run_ids")
    if len(run_ids) > MAX_RUNS:
        raise InvalidInput(
            f"GetMetricHistoryBulkInterval request must specify at most {MAX_RUNS} run_ids. Received {len(run_ids)} run_ids."
        )
    key = required(request.metric_key, "metric_key")
    size = MAX_POINTS_PER_RUN if request.max_results is None else check_integer(request.max_results, "max_results")
    if not 1 <= size <= MAX_POINTS_PER_RUN:
        raise InvalidInput(f"max_results must be between 1 and {MAX_POINTS_PER_RUN}.")
    steps = _steps(request)
    found: list[Metric] = []
    for run, metric in _measured(tx, run_ids, key):
        found += _points(run, key, metric_history.sample(tx, run.id, metric.key_id, steps, size))
    return GetMetricHistoryBulkIntervalResponse(metrics=found)


@reads(SearchDatasets)
def search_datasets(tx: Transaction, request: SearchDatasets) -> SearchDatasetsResponse:
    """What the runs of the experiments read; experiments that are not there have nothing."""
    experiment_ids = request.experiment_ids or []
    if not experiment_ids:
        raise InvalidInput("SearchDatasets request must specify at least one experiment_id.")
    if len(experiment_ids) > MAX_DATASET_EXPERIMENTS:
        raise InvalidInput(
            f"SearchDatasets request cannot specify more than {MAX_DATASET_EXPERIMENTS} experiment_ids. "
            f"Received {len(experiment_ids)} experiment_ids."
        )
    numbers = [experiment_number(experiment_id) for experiment_id in experiment_ids]
    return SearchDatasetsResponse(dataset_summaries=inputs.summaries(tx, numbers, MAX_DATASETS))


def _steps(request: GetMetricHistoryBulkInterval) -> tuple[int, int] | None:
    """The steps that are asked for, both included; None for all."""
    if request.start_step is None and request.end_step is None:
        return None
    if request.start_step is None or request.end_step is None:
        raise InvalidInput("If either start step or end step are specified, both must be specified.")
    start, end = check_integer(request.start_step, "start_step"), check_integer(request.end_step, "end_step")
    if start > end:
        raise InvalidInput(f"end_step must be greater than start_step. Found start_step={start} and end_step={end}.")
    return start, end


def _measured(tx: Transaction, run_ids: Iterable[str], key: str) -> Iterable[tuple[RunRef, Extent]]:
    """Those runs that have logged the metric."""
    key_id = keys.find(tx, key)
    if key_id is None:
        return
    for run_id in run_ids:
        run = runs.find(tx, run_id)
        if run is not None:
            for metric in metric_history.extents(tx, run.id, [key_id]):
                yield run, metric


def _points(run: RunRef, key: str, rows: Iterable[Row]) -> list[Metric]:
    return [
        Metric(key=key, value="NaN" if is_nan else to_number(value), timestamp=timestamp, step=step, run_id=run.uuid)
        for step, timestamp, value, is_nan in rows
    ]
