"""Resolving a tree against a resource: which keys exist, which comparators and values fit them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from solvent.search.errors import SearchError, shown
from solvent.search.resource import TYPE_OPS, Attribute, Resource, Type
from solvent.search.sql import LIKES, LISTS, NULLS
from solvent.search.tree import And, Comparison, Expression, Field, Not, Or, Order, Value

MAX_PATTERN = 8_000

IsMetric = Callable[[str], bool]
"""Whether a metric of that very name was logged where the search looks."""


class Checker:
    """Checks what came from one text; errors point into it."""

    def __init__(self, resource: Resource, text: str, is_metric: IsMetric, *, where: str = "filter") -> None:
        self.resource = resource
        self.text = text
        self.is_metric = is_metric
        self.where = where

    def expression(self, expression: Expression) -> Expression:
        """The same tree with open names resolved and values as the columns hold them.

        Raises:
            SearchError: an unknown key, a comparator or a value that does not fit.
        """
        if isinstance(expression, And):
            return And(tuple(map(self.expression, expression.parts)))
        if isinstance(expression, Or):
            return Or(tuple(map(self.expression, expression.parts)))
        if isinstance(expression, Not):
            return Not(self.expression(expression.part))
        return self._comparison(expression)

    def order(self, order: Order) -> Order:
        field = self.field(order.field)
        if field.kind == "attribute" and self.resource.attributes[field.key].texts is not None:
            raise self.error(f"'{field.key}' stands for several texts: order by one of them, such as a name", field.at)
        if field.kind != "attribute" and field.kind not in self.resource.ordered_parts:
            kinds = " and ".join(["attributes", *(f"{kind}s" for kind in self.resource.ordered_parts)])
            raise self.error(f"{self.resource.name} are ordered by {kinds}, found {shown(str(field))}", field.at)
        return Order(field, order.ascending)

    def field(self, field: Field) -> Field:
        """The field with its open name resolved and its alias replaced."""
        resource = self.resource
        if field.kind == "attribute":
            if field.key not in resource.attributes:
                names = ", ".join(_distinct(resource))
                raise self.error(
                    f"{resource.name} have no attribute '{shown(field.key)}': expected one of {names}", field.at
                )
            return field
        if field.kind not in resource.parts:
            kinds = ", ".join(["attributes", *(f"{kind}s" for kind in resource.parts)])
            raise self.error(f"{resource.name} have no {field.kind}s: expected a key of {kinds}", field.at)
        keys = (resource.part_keys or {}).get(field.kind)
        if keys and field.key not in keys:
            raise self.error(
                f"expected {field.kind}s.{f', {field.kind}s.'.join(keys)}, found {shown(str(field))}", field.at
            )
        if field.aggregate and not resource.aggregates:
            raise self.error(f"metrics of {resource.name} have no .{field.aggregate}", field.at)
        if field.open:
            known = not resource.aggregates or self.is_metric(field.key)
            return replace(field, open=False) if known else field.split()
        return field

    def error(self, problem: str, at: int) -> SearchError:
        return SearchError(problem, self.text, at, where=self.where)

    def _comparison(self, comparison: Comparison) -> Comparison:
        field = self.field(comparison.field)
        attribute = self.resource.attributes[field.key] if field.kind == "attribute" else None
        kind: Type = attribute.type if attribute else self.resource.parts[field.kind].type
        self._operator(comparison, field, attribute.allowed if attribute else TYPE_OPS[kind], kind)
        if comparison.op in NULLS:
            return replace(comparison, field=field)
        value: Value
        if isinstance(comparison.value, tuple):
            value = tuple(self._value(comparison, field, kind, item, attribute) for item in comparison.value)
        else:
            value = self._value(comparison, field, kind, comparison.value, attribute)
        return replace(comparison, field=field, value=value)

    def _operator(self, comparison: Comparison, field: Field, allowed: tuple[str, ...], kind: Type) -> None:
        op = comparison.op
        if op not in allowed:
            why = " (it is compared as text)" if kind == "text" else ""
            raise self.error(
                f"expected one of {', '.join(allowed)} for {shown(str(field))}{why}, found {op}", comparison.op_at
            )
        listed = isinstance(comparison.value, tuple)
        if listed and op not in LISTS:
            raise self.error(f"expected one value after {op}, found a list: use IN", comparison.value_at)
        if not listed and op in LISTS:
            raise self.error(f"expected a list in parentheses after {op}, found one value", comparison.value_at)

    def _value(self, comparison: Comparison, field: Field, kind: Type, value: Any, attribute: Attribute | None) -> Any:
        at = comparison.value_at
        if kind == "number":
            if isinstance(value, str):
                raise self.error(f"expected a number for {shown(str(field))}, found '{shown(value)}'", at)
            return value
        if not isinstance(value, str):
            if not self.resource.loose_numbers:
                raise self.error(
                    f"expected a value in quotes for {shown(str(field))}, found {value}: write '{value}'", at
                )
            value = repr(value)
        if comparison.op in LIKES:
            if len(value) > MAX_PATTERN:
                raise self.error(f"expected a pattern of at most {MAX_PATTERN} characters, found {len(value)}", at)
            return value
        if attribute and attribute.encode:
            try:
                return attribute.encode(value)
            except ValueError as problem:
                raise self.error(str(problem), at) from problem
        return value


def _distinct(resource: Resource) -> list[str]:
    """The attributes' names without their aliases."""
    seen: dict[Attribute, str] = {}
    for name, attribute in resource.attributes.items():
        seen.setdefault(attribute, name)
    return list(seen.values())
