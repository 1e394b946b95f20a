"""The order of results as columns, and "what comes after this row" as a condition.

What a row does not have sorts last in both directions, NaN just before it, as in MLflow. So every
key that can be missing is two columns: a rank (0 has a value, 1 NaN, 2 missing), then the value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from solvent.search.parts import metric_value, not_a_number
from solvent.search.resource import Resource
from solvent.search.sql import Sql
from solvent.search.tree import Field, Order

PREFIX = 100
"""The indexes of long values hold this many characters; the rest is compared after them."""


class Column(NamedTuple):
    """One sort key. A ``constant`` one is the same in all rows of its scan."""

    sql: str
    descending: bool = False
    constant: bool = False


def attribute_columns(order: Order, resource: Resource) -> list[Column]:
    attribute = resource.attributes[order.field.key]
    columns = [Column(f"({attribute.sql} IS NULL)")] if attribute.nullable else []
    return [*columns, Column(attribute.sql, not order.ascending)]


def part_columns(order: Order, alias: str, owner: str) -> list[Column]:
    """Columns over a part joined from the left under ``alias``; ``owner`` is NULL where it is missing."""
    missing = f"{alias}.{owner} IS NULL"
    if order.field.kind == "metric":
        nan = not_a_number(order.field, alias)
        rank = f"CASE WHEN {missing} THEN 2 WHEN {nan} THEN 1 ELSE 0 END"
    else:
        rank = f"CASE WHEN {missing} THEN 2 ELSE 0 END"
    return [Column(rank), *value_columns(order, alias)]


def value_columns(order: Order, alias: str, *, short: bool = False) -> list[Column]:
    """The columns after the rank. ``short``: all values are, so that their prefixes are the values."""
    if order.field.kind == "metric":
        return [Column(metric_value(order.field, alias), not order.ascending)]
    prefix = f"{alias}.value" if short else f"substr({alias}.value, 1, {PREFIX})"
    return [Column(prefix, not order.ascending), Column(f"{alias}.value", not order.ascending)]


def missing_columns(order: Order) -> list[Column]:
    """The columns after the rank where no row has a value."""
    return [Column("NULL", constant=True) for _ in value_columns(order, "p")]


def order_by(columns: Sequence[Column]) -> str:
    """``ORDER BY ...``; constants are left out, they would hide an index's order."""
    terms = [f"{column.sql}{' DESC' if column.descending else ''}" for column in columns if not column.constant]
    return f"ORDER BY {', '.join(terms)}"


def after(columns: Sequence[Column], values: Sequence[Any]) -> Sql:
    """The condition that a row comes after the one with these values.

    The first column is bounded once more by itself, so that an index on it can be entered there.
    """
    pairs = [(column, value) for column, value in zip(columns, values, strict=True) if not column.constant]
    beyond = Sql("0")
    for column, value in reversed(pairs):
        if value is None:
            beyond = Sql(f"({column.sql} IS NULL AND {beyond.text})", beyond.args)
        else:
            sign = "<" if column.descending else ">"
            text = f"({column.sql} {sign} ? OR ({column.sql} = ? AND {beyond.text}))"
            beyond = Sql(text, (value, value, *beyond.args))
    first, value = pairs[0]
    if value is None:
        return beyond
    bound = f"{first.sql} {'<=' if first.descending else '>='} ?"
    return Sql(f"{bound} AND {beyond.text}", (value, *beyond.args))


def repeated_field(orders: Sequence[Order], same: Mapping[str, str]) -> Field | None:
    """The first field that is ordered by twice; ``same`` maps aliases of attributes to one name."""
    seen: set[Field] = set()
    for order in orders:
        field = order.field
        if field.kind == "attribute":
            field = Field("attribute", same.get(field.key, field.key))
        if field in seen:
            return order.field
        seen.add(field)
    return None
