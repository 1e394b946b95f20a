"""Searching logged models."""

from __future__ import annotations

from collections.abc import Sequence

from solvent.errors import InvalidInput
from solvent.search.check import Checker
from solvent.search.logged_models import LOGGED_MODELS, DatasetChoice, ModelQuery, segments
from solvent.search.parser import parse_order_by
from solvent.search.query import MAX_ORDERS, read_filter
from solvent.search.token import fingerprint
from solvent.search.tree import Field, Order
from solvent.store.models import load_models
from solvent.store.operations import reads
from solvent.store.transaction import Transaction
from solvent.tracking.search_request import experiment_ids, limit, page
from solvent.tracking.validation import required
from solvent.wire.models import DatasetFilter, ModelOrder, SearchLoggedModels, SearchLoggedModelsResponse

MAX_RESULTS_DEFAULT = 100
MAX_DATASETS = 100


@reads(SearchLoggedModels)
def search_logged_models(tx: Transaction, request: SearchLoggedModels) -> SearchLoggedModelsResponse:
    within = experiment_ids(required(request.experiment_ids or None, "experiment_ids"))
    size = limit(request.max_results or None, MAX_RESULTS_DEFAULT)
    query = ModelQuery(
        within,
        read_filter(request.filter, LOGGED_MODELS, _always),
        _datasets(request.datasets),
        _orders(request.order_by),
    )
    orders = [(str(order), dataset) for order, dataset in query.orders]
    asked = fingerprint("models", within, request.filter, query.datasets, orders)
    row_ids, token = page(tx, segments(query), size, request.page_token, asked)
    return SearchLoggedModelsResponse(models=load_models(tx, row_ids), next_page_token=token)


def _always(_: str) -> bool:
    return True


def _datasets(given: Sequence[DatasetFilter] | None) -> tuple[DatasetChoice, ...]:
    given = given or ()
    if len(given) > MAX_DATASETS:
        raise InvalidInput(f"expected at most {MAX_DATASETS} datasets, found {len(given)}")
    if not all(dataset.dataset_name for dataset in given):
        raise InvalidInput("`dataset_name` in the `datasets` clause must be specified.")
    return tuple(DatasetChoice(dataset.dataset_name, dataset.dataset_digest or None) for dataset in given)


def _orders(given: Sequence[ModelOrder] | None) -> tuple[tuple[Order, DatasetChoice | None], ...]:
    given = given or ()
    if len(given) > MAX_ORDERS:
        raise InvalidInput(f"Invalid order_by: expected at most {MAX_ORDERS} keys, found {len(given)}")
    return tuple((_order(item), _measured_on(item)) for item in given)


def _order(item: ModelOrder) -> Order:
    """MLflow takes all that follows ``metrics.`` as the key, without quotes."""
    name = item.field_name
    prefix, _, key = name.partition(".")
    if prefix == "metrics" and key and key[0] not in "`\"'":
        return Order(Field("metric", key), item.ascending)
    parsed = parse_order_by(name)
    return Checker(LOGGED_MODELS, name, _always, where="order_by").order(Order(parsed.field, item.ascending))


def _measured_on(item: ModelOrder) -> DatasetChoice | None:
    if item.dataset_name:
        return DatasetChoice(item.dataset_name, item.dataset_digest or None)
    if item.dataset_digest:
        raise InvalidInput(
            f"expected a dataset_name beside the dataset_digest '{item.dataset_digest[:60]}', found none"
        )
    return None
