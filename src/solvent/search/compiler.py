"""From a resolved tree to a condition in SQL.

Every condition is true or false, never NULL: a comparison with what a row does not have is false,
so that NOT of it is true.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from solvent.search.resource import Resource
from solvent.search.sql import NULLS, Sql, condition, join
from solvent.search.tree import And, Comparison, Expression, Field, Not, Or


def compile_condition(expression: Expression, resource: Resource, joined: Mapping[Field, str] | None = None) -> Sql:
    """The condition on the resource's row.

    ``joined`` names the alias of parts that the query has already joined, so that a comparison of a
    top-level AND is tested there.
    """
    if isinstance(expression, And | Or):
        word = " AND " if isinstance(expression, And) else " OR "
        inner = joined if isinstance(expression, And) else None
        parts = join(word, (compile_condition(part, resource, inner) for part in expression.parts))
        return Sql(f"({parts.text})", parts.args)
    if isinstance(expression, Not):
        part = compile_condition(expression.part, resource)
        return Sql(f"NOT {part.text}", part.args)
    return _comparison(expression, resource, joined or {})


def _comparison(comparison: Comparison, resource: Resource, joined: Mapping[Field, str]) -> Sql:
    field, op, value = comparison.field, comparison.op, comparison.value
    if field.kind == "attribute":
        attribute = resource.attributes[field.key]
        if attribute.texts is not None:
            return _any_text(attribute.sql, attribute.texts, op, value)
        holds = condition(Sql(attribute.sql), op, value)
        if attribute.nullable and op not in NULLS:
            return Sql(f"({attribute.sql} IS NOT NULL AND {holds.text})", holds.args)
        return Sql(f"({holds.text})", holds.args)
    part = resource.parts[field.kind]
    if field in joined and op not in NULLS:
        return part.test(field, op, value, joined[field])
    rows = part.rows(field)
    if op in NULLS:
        return Sql(f"{'NOT ' if op == 'IS NULL' else ''}EXISTS (SELECT 1 {rows.text})", rows.args)
    test = part.test(field, op, value)
    return Sql(f"EXISTS (SELECT 1 {rows.text} AND {test.text})", rows.args + test.args)


def _any_text(first: str, others: str, op: str, value: Any) -> Sql:
    """The comparison with several texts: it holds if it holds of one, its negation if of none."""
    positive = op.removeprefix("NOT ")
    one, other = condition(Sql(first), positive, value), condition(Sql("t.text"), positive, value)
    text = f"({one.text} OR EXISTS (SELECT 1 FROM ({others}) t WHERE {other.text}))"
    return Sql(text if op == positive else f"NOT {text}", one.args + other.args)
