"""The texts of a request, parsed and resolved against a resource."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from solvent.errors import InvalidInput
from solvent.search.check import Checker, IsMetric
from solvent.search.ordering import repeated_field
from solvent.search.parser import parse_filter, parse_key, parse_order_by
from solvent.search.resource import Resource
from solvent.search.tree import Expression, Field, Order

MAX_ORDERS = 20


def read_filter(text: str | None, resource: Resource, is_metric: IsMetric) -> Expression | None:
    """The resolved condition of a filter; None if it is empty.

    Raises:
        SearchError: points at what can't be understood.
    """
    expression = parse_filter(text) if text else None
    return None if expression is None else Checker(resource, text or "", is_metric).expression(expression)


def read_keys(texts: Sequence[str], resource: Resource, is_metric: IsMetric, where: str) -> tuple[Field, ...]:
    """The resolved keys of a request's list ``where``.

    Raises:
        SearchError: points at what can't be understood.
    """
    return tuple(Checker(resource, text, is_metric, where=where).field(parse_key(text, where)) for text in texts)


def read_orders(
    texts: Sequence[str] | None, resource: Resource, is_metric: IsMetric, aliases: Mapping[str, str] | None = None
) -> tuple[Order, ...]:
    """The resolved sort keys. Where ``aliases`` of attributes are given, each key may come once.

    Raises:
        SearchError: points at what can't be understood.
        InvalidInput: too many keys, or one of them twice.
    """
    texts = texts or ()
    if len(texts) > MAX_ORDERS:
        raise InvalidInput(f"Invalid order_by: expected at most {MAX_ORDERS} keys, found {len(texts)}")
    orders = tuple(Checker(resource, text, is_metric, where="order_by").order(parse_order_by(text)) for text in texts)
    twice = repeated_field(orders, aliases) if aliases is not None else None
    if twice is not None:
        raise InvalidInput(f"`order_by` contains duplicate fields: {list(texts)}: name {twice} once")
    return orders
