"""What the two searches of the registry share: limits, and leaving prompts out."""

from __future__ import annotations

from solvent.errors import InvalidInput
from solvent.registry.prompts import IS_PROMPT
from solvent.search.compiler import compile_condition
from solvent.search.resource import Resource
from solvent.search.sql import Sql
from solvent.search.tree import And, Comparison, Expression, Field, Not, Or

_MARKED = Comparison(Field("tag", IS_PROMPT), "=", "true")


def limit(given: int | None, default: int, most: int) -> int:
    """How many results to answer with."""
    if given is None:
        return default
    if not 1 <= given <= most:
        raise InvalidInput(
            f"Invalid value for max_results. It must be a positive integer of at most {most}, but got {given}"
        )
    return given


def compiled(condition: Expression | None, resource: Resource) -> Sql:
    """The condition in SQL. Prompts are found only by a filter that names the tag that marks them."""
    unmarked = compile_condition(Not(_MARKED), resource)
    if condition is None:
        return unmarked
    holds = compile_condition(_readable(condition), resource)
    if _names_mark(condition):
        return holds
    return Sql(f"({holds.text} AND {unmarked.text})", holds.args + unmarked.args)


def _readable(expression: Expression) -> Expression:
    """Models have no such tag at all: "it is not 'true'" and "it is 'false'" are both meant to find them."""
    if isinstance(expression, And):
        return And(tuple(map(_readable, expression.parts)))
    if isinstance(expression, Or):
        return Or(tuple(map(_readable, expression.parts)))
    if isinstance(expression, Not):
        return Not(_readable(expression.part))
    if _is_mark(expression) and (expression.op, expression.value) in (("=", "false"), ("!=", "true")):
        return Not(_MARKED)
    return expression


def _names_mark(expression: Expression) -> bool:
    if isinstance(expression, And | Or):
        return any(map(_names_mark, expression.parts))
    if isinstance(expression, Not):
        return _names_mark(expression.part)
    return _is_mark(expression)


def _is_mark(comparison: Comparison) -> bool:
    return comparison.field.kind == "tag" and comparison.field.key == IS_PROMPT
