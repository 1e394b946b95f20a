"""Experiments as a resource."""

from __future__ import annotations

from collections.abc import Sequence

from solvent.search.compiler import compile_condition
from solvent.search.ids import experiment_id
from solvent.search.ordering import Column, attribute_columns
from solvent.search.page import Scan, Segment
from solvent.search.parts import TextPart, texts_of_tags
from solvent.search.resource import NOMINAL_OPS, Attribute, Resource
from solvent.search.sql import LIKES, TRUE, Sql, join, one_of
from solvent.search.tree import Expression, Order

EXPERIMENTS = Resource(
    name="experiments",
    attributes={
        "name": Attribute("x.name"),
        "experiment_id": Attribute("x.id", encode=experiment_id, ops=NOMINAL_OPS),
        "creation_time": Attribute("x.created", "number"),
        "last_update_time": Attribute("x.updated", "number"),
        "text": Attribute(
            "x.name", ops=LIKES, texts=texts_of_tags("experiment_tags", "experiment_id", "x.id", dictionary=False)
        ),
    },
    parts={"tag": TextPart("experiment_tags", "experiment_id", "x.id", dictionary=False)},
)
_NATURAL = (Column("x.created", descending=True), Column("x.id"))


def segments(
    condition: Expression | None, deleted: tuple[int, ...], orders: Sequence[Order], readable: Sql = TRUE
) -> list[Segment]:
    """The newest first by default; given orders are followed by the id, descending, as in MLflow.

    ``readable`` is the condition of those that may be shown, on ``x.id``.
    """
    columns = [column for order in orders for column in attribute_columns(order, EXPERIMENTS)]
    if not columns:
        columns = list(_NATURAL)
    elif not any(order.field.key == "experiment_id" for order in orders):
        columns.append(Column("x.id", descending=True))
    holds = compile_condition(condition, EXPERIMENTS) if condition is not None else TRUE
    where = join(" AND ", [one_of("x.deleted", deleted), readable, holds])
    return [Segment([Scan("x.id", Sql("FROM experiments x"), where, columns)])]
