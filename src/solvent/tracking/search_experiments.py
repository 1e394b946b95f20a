"""Searching experiments."""

from __future__ import annotations

from solvent.search.experiments import EXPERIMENTS, segments
from solvent.search.query import read_filter, read_orders
from solvent.search.token import fingerprint
from solvent.store import grants
from solvent.store.experiments import load_experiments
from solvent.store.operations import reads
from solvent.store.transaction import Transaction
from solvent.tracking.search_request import deleted_states, limit, page
from solvent.wire.experiments import SearchExperiments, SearchExperimentsResponse


@reads(SearchExperiments)
def search_experiments(tx: Transaction, request: SearchExperiments) -> SearchExperimentsResponse:
    deleted = deleted_states(request.view_type)
    size = limit(request.max_results)
    condition = read_filter(request.filter, EXPERIMENTS, _no_metrics)
    orders = read_orders(request.order_by, EXPERIMENTS, _no_metrics)
    asked = fingerprint("experiments", deleted, request.filter, [str(order) for order in orders])
    row_ids, token = page(
        tx,
        segments(condition, deleted, orders, grants.readable(tx, "experiment", "x.id")),
        size,
        request.page_token,
        asked,
    )
    return SearchExperimentsResponse(experiments=load_experiments(tx, row_ids), next_page_token=token)


def _no_metrics(_: str) -> bool:
    return False
