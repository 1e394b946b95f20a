"""Searching and counting runs."""

from __future__ import annotations

from solvent.search import runs
from solvent.search.query import read_filter, read_orders
from solvent.search.token import fingerprint
from solvent.store.operations import reads
from solvent.store.runs import load_runs
from solvent.store.transaction import Transaction
from solvent.tracking.search_request import deleted_states, experiment_ids, limit, page
from solvent.wire.runs import CountRuns, CountRunsResponse, SearchRuns, SearchRunsResponse


@reads(SearchRuns)
def search_runs(tx: Transaction, request: SearchRuns) -> SearchRunsResponse:
    query = _query(tx, request, request.order_by)
    size = limit(request.max_results)
    if not query.experiment_ids:
        return SearchRunsResponse()
    asked = fingerprint("runs", *query[:2], request.filter, [str(order) for order in query.orders])
    row_ids, token = page(tx, runs.segments(tx, query), size, request.page_token, asked)
    found = load_runs(
        tx, row_ids, metric_keys=request.metric_keys, param_keys=request.param_keys, tag_keys=request.tag_keys
    )
    return SearchRunsResponse(runs=found, next_page_token=token)


@reads(CountRuns)
def count_runs(tx: Transaction, request: CountRuns) -> CountRunsResponse:
    query = _query(tx, request)
    if not query.experiment_ids:
        return CountRunsResponse(count=0)
    return CountRunsResponse(count=sum(int(tx.all(*scan.counting())[0][0]) for scan in runs.counts(tx, query)))


def _query(tx: Transaction, request: SearchRuns | CountRuns, order_by: list[str] | None = None) -> runs.RunQuery:
    within = experiment_ids(request.experiment_ids)

    def is_metric(key: str) -> bool:
        return bool(within) and runs.is_metric(tx, within, key)

    return runs.RunQuery(
        within,
        deleted_states(request.run_view_type),
        read_filter(request.filter, runs.RUNS, is_metric),
        read_orders(order_by, runs.RUNS, is_metric, runs.ALIASES),
    )
