"""Searching model versions."""

from __future__ import annotations

from solvent.registry.search_parts import compiled, limit
from solvent.registry.validation import stage_number
from solvent.search.ordering import Column, attribute_columns
from solvent.search.page import Scan, Segment
from solvent.search.parts import TextPart
from solvent.search.query import read_filter, read_orders
from solvent.search.resource import NOMINAL_OPS, Attribute, Resource
from solvent.search.sql import LISTS, SYMBOLS, TRUE, Sql, join
from solvent.search.token import fingerprint
from solvent.search.tree import Expression, Order
from solvent.store import grants, model_versions
from solvent.store.operations import reads
from solvent.store.transaction import Transaction
from solvent.tracking.search_request import page
from solvent.wire.registry import SearchModelVersions, SearchModelVersionsResponse

MAX_RESULTS_DEFAULT = 10_000
MAX_RESULTS = 200_000


def _version(text: str) -> int:
    if not (text.isascii() and text.removeprefix("-").isdecimal() and len(text) <= 18):
        raise ValueError(f"Invalid value for numeric attribute 'version_number': '{text[:60]}'")
    return int(text)


MODEL_VERSIONS = Resource(
    name="model versions",
    attributes={
        "name": Attribute("m.name"),
        "version_number": Attribute("v.version", encode=_version, ops=(*SYMBOLS, *LISTS)),
        "run_id": Attribute("v.run_uuid"),
        "source_path": Attribute("v.source"),
        "model_id": Attribute("v.logged_model", nullable=True),
        "stage": Attribute("v.stage", encode=stage_number, ops=NOMINAL_OPS),
        "description": Attribute("v.description", nullable=True),
        "creation_timestamp": Attribute("v.created", "number"),
        "last_updated_timestamp": Attribute("v.updated", "number"),
    },
    parts={"tag": TextPart("model_version_tags", "version_id", "v.id", dictionary=False)},
    loose_numbers=True,
)
"""A version's number is compared as a number, in quotes or not: MLflow takes both."""


@reads(SearchModelVersions)
def search_model_versions(tx: Transaction, request: SearchModelVersions) -> SearchModelVersionsResponse:
    size = limit(request.max_results, MAX_RESULTS_DEFAULT, MAX_RESULTS)
    condition = read_filter(request.filter, MODEL_VERSIONS, _no_metrics)
    orders = read_orders(request.order_by, MODEL_VERSIONS, _no_metrics, {})
    asked = fingerprint("model versions", request.filter, [str(order) for order in orders])
    row_ids, token = page(
        tx, segments(condition, orders, grants.readable(tx, "model", "m.id")), size, request.page_token, asked
    )
    return SearchModelVersionsResponse(model_versions=model_versions.load(tx, row_ids), next_page_token=token)


def segments(condition: Expression | None, orders: tuple[Order, ...], readable: Sql = TRUE) -> list[Segment]:
    """Those that were changed last come first unless told otherwise; name and number break ties."""
    columns = [column for order in orders for column in attribute_columns(order, MODEL_VERSIONS)]
    named = {order.field.key for order in orders}
    if not orders:
        columns.append(Column("v.updated", descending=True))
    if "name" not in named:
        columns.append(Column("m.name"))
    if "version_number" not in named:
        columns.append(Column("v.version", descending=True))
    where = join(" AND ", [readable, compiled(condition, MODEL_VERSIONS)])
    return [Segment([Scan("v.id", Sql(f"FROM {model_versions.FROM}"), where, columns)])]


def _no_metrics(_: str) -> bool:
    return False
