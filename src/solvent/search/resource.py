"""What can be searched: the attributes and parts of one resource, as SQL.

A resource is a table under an alias with columns (attributes) and rows of other tables that belong
to it (parts: metrics, params, tags, data sets). One module per resource declares them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from solvent.search.sql import LIKES, LISTS, NULLS, SYMBOLS, Sql
from solvent.search.tree import Field, Kind

Type = Literal["text", "number"]
TYPE_OPS: dict[Type, tuple[str, ...]] = {
    "text": ("=", "!=", *LIKES, *LISTS, *NULLS),
    "number": (*SYMBOLS, *LISTS, *NULLS),
}
NOMINAL_OPS = ("=", "!=", *LISTS, *NULLS)
"""For ids that are numbers inside."""


@dataclass(frozen=True)
class Attribute:
    """A column, or an expression over columns.

    ``encode`` turns a value of the filter into what the column holds; it raises ValueError with a
    whole sentence. ``ops`` narrows the comparators that the type allows. ``texts`` selects more texts
    of the same row, in a column ``text``: a comparison holds if it holds of any of them.
    """

    sql: str
    type: Type = "text"
    nullable: bool = False
    encode: Callable[[Any], Any] | None = None
    ops: tuple[str, ...] | None = None
    texts: str | None = None

    @property
    def allowed(self) -> tuple[str, ...]:
        return self.ops or TYPE_OPS[self.type]


class Part(Protocol):
    """Rows of another table that belong to the resource's row, found by a key."""

    @property
    def type(self) -> Type: ...

    def rows(self, item: Field) -> Sql:
        """``FROM ... WHERE ...``: the rows of this key that belong to the resource's row, as ``p``."""
        ...

    def test(self, item: Field, op: str, value: Any, alias: str = "p") -> Sql:
        """The comparison on such a row."""
        ...


@dataclass(frozen=True)
class Resource:
    """``name`` is the plural for error lines.

    ``part_keys`` lists the keys of parts that have fixed ones; ``aggregates`` tells whether metrics
    have summaries; ``loose_numbers`` whether a bare number is read as text where text is compared.
    """

    name: str
    attributes: Mapping[str, Attribute]
    parts: Mapping[Kind, Part]
    ordered_parts: tuple[Kind, ...] = ()
    part_keys: Mapping[Kind, tuple[str, ...]] | None = None
    aggregates: bool = False
    loose_numbers: bool = False
