"""Searching registered models."""

from __future__ import annotations

from solvent.registry.entities import registered
from solvent.registry.search_parts import compiled, limit
from solvent.search.ordering import Column, attribute_columns
from solvent.search.page import Scan, Segment
from solvent.search.parts import TextPart
from solvent.search.query import read_filter, read_orders
from solvent.search.resource import Attribute, Resource
from solvent.search.sql import TRUE, Sql, join
from solvent.search.token import fingerprint
from solvent.search.tree import Expression, Order
from solvent.store import grants, registered_models
from solvent.store.operations import reads
from solvent.store.transaction import Transaction
from solvent.tracking.search_request import page
from solvent.wire.registry import SearchRegisteredModels, SearchRegisteredModelsResponse

MAX_RESULTS_DEFAULT = 100
MAX_RESULTS = 1_000

_CREATED = Attribute("m.created", "number")
_UPDATED = Attribute("m.updated", "number")
_ALIASES = {"timestamp": "last_updated_timestamp"}

REGISTERED_MODELS = Resource(
    name="registered models",
    attributes={
        "name": Attribute("m.name"),
        "creation_timestamp": _CREATED,
        "last_updated_timestamp": _UPDATED,
        "timestamp": _UPDATED,
        "description": Attribute("m.description", nullable=True),
    },
    parts={"tag": TextPart("registered_model_tags", "model_id", "m.id", dictionary=False)},
)


@reads(SearchRegisteredModels)
def search_registered_models(tx: Transaction, request: SearchRegisteredModels) -> SearchRegisteredModelsResponse:
    size = limit(request.max_results, MAX_RESULTS_DEFAULT, MAX_RESULTS)
    condition = read_filter(request.filter, REGISTERED_MODELS, _no_metrics)
    orders = read_orders(request.order_by, REGISTERED_MODELS, _no_metrics, _ALIASES)
    asked = fingerprint("registered models", request.filter, [str(order) for order in orders])
    row_ids, token = page(
        tx, segments(condition, orders, grants.readable(tx, "model", "m.id")), size, request.page_token, asked
    )
    found = registered(tx, registered_models.load(tx, row_ids))
    return SearchRegisteredModelsResponse(registered_models=found, next_page_token=token)


def segments(condition: Expression | None, orders: tuple[Order, ...], readable: Sql = TRUE) -> list[Segment]:
    """By name unless told otherwise; the name also breaks ties."""
    columns = [column for order in orders for column in attribute_columns(order, REGISTERED_MODELS)]
    if not any(order.field.key == "name" for order in orders):
        columns.append(Column("m.name"))
    where = join(" AND ", [readable, compiled(condition, REGISTERED_MODELS)])
    return [Segment([Scan("m.id", Sql("FROM registered_models m"), where, columns)])]


def _no_metrics(_: str) -> bool:
    return False
