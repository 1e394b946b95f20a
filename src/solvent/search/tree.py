"""The syntax tree, and its way back to text."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["attribute", "metric", "param", "tag", "dataset"]
Value = str | int | float | tuple[str | int | float, ...] | None

PREFIXES: dict[str, Kind] = {
    "attribute": "attribute",
    "attributes": "attribute",
    "attr": "attribute",
    "run": "attribute",
    "metric": "metric",
    "metrics": "metric",
    "param": "param",
    "params": "param",
    "parameter": "param",
    "parameters": "param",
    "tag": "tag",
    "tags": "tag",
    "dataset": "dataset",
    "datasets": "dataset",
}
AGGREGATES = ("min", "max", "mean", "last", "count")
"""Summaries of a metric's whole history; ``last`` is the latest point, as without a summary."""

_BARE = re.compile(r"[^\W\d][\w/:.\-]*(?<!\.)")


@dataclass(frozen=True)
class Field:
    """What is compared or ordered by.

    ``open`` is true where ``metrics.loss.min`` came without quotes: a metric of that very name if
    there is one, else the summary. ``at`` is the character where it stood.
    """

    kind: Kind
    key: str
    aggregate: str | None = None
    open: bool = False
    at: int = dataclasses.field(default=0, compare=False)

    def split(self) -> Field:
        """The summary that an open name means where no metric has that name."""
        key, _, aggregate = self.key.rpartition(".")
        return Field(self.kind, key, aggregate, at=self.at)

    def __str__(self) -> str:
        if self.kind == "attribute":
            return self.key if _BARE.fullmatch(self.key) and "." not in self.key else f"attributes.{_quoted(self.key)}"
        bare = self.open or (_BARE.fullmatch(self.key) and not self.aggregate and not ends_in_aggregate(self.key))
        key = self.key if bare else _quoted(self.key)
        return f"{self.kind}s.{key}" + (f".{self.aggregate}" if self.aggregate else "")


@dataclass(frozen=True)
class Comparison:
    """``field op value``. ``op`` is in capitals; IS NULL and IS NOT NULL have the value None."""

    field: Field
    op: str
    value: Value = None
    op_at: int = dataclasses.field(default=0, compare=False)
    value_at: int = dataclasses.field(default=0, compare=False)

    def __str__(self) -> str:
        if self.value is None:
            return f"{self.field} {self.op}"
        return f"{self.field} {self.op} {_literal(self.value)}"


@dataclass(frozen=True)
class And:
    parts: tuple[Expression, ...]

    def __str__(self) -> str:
        return " AND ".join(f"({part})" if isinstance(part, And | Or) else str(part) for part in self.parts)


@dataclass(frozen=True)
class Or:
    parts: tuple[Expression, ...]

    def __str__(self) -> str:
        return " OR ".join(f"({part})" if isinstance(part, Or) else str(part) for part in self.parts)


@dataclass(frozen=True)
class Not:
    part: Expression

    def __str__(self) -> str:
        return f"NOT ({self.part})" if isinstance(self.part, And | Or) else f"NOT {self.part}"


Expression = Comparison | And | Or | Not


@dataclass(frozen=True)
class Order:
    """One item of order_by."""

    field: Field
    ascending: bool = True

    def __str__(self) -> str:
        return f"{self.field} {'ASC' if self.ascending else 'DESC'}"


def ends_in_aggregate(key: str) -> bool:
    """Whether a bare key reads as a summary: ``loss.min``."""
    name, _, last = key.rpartition(".")
    return bool(name) and last in AGGREGATES


def conjuncts(expression: Expression | None) -> tuple[Expression, ...]:
    """What must all hold: the parts of a top-level AND."""
    if expression is None:
        return ()
    return expression.parts if isinstance(expression, And) else (expression,)


def _quoted(key: str) -> str:
    if "`" not in key:
        return f"`{key}`"
    return '"' + key.replace('"', '""') + '"'


def _literal(value: Value) -> str:
    if isinstance(value, tuple):
        return f"({', '.join(_literal(item) for item in value)})"
    if isinstance(value, str):
        return _text_literal(value)
    return "1e999" if value == float("inf") else "-1e999" if value == float("-inf") else repr(value)


def _text_literal(value: str) -> str:
    if "'" in value and '"' not in value:
        return f'"{value}"'
    return "'" + value.replace("'", "''") + "'"
