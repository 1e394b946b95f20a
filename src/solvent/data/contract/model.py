"""A contract as Solvent uses it: read from an Open Data Contract Standard v3 document, which stays the canonical form.

``document`` is the whole document as it was read, so that what Solvent does not use is kept when it is written again.
What Solvent adds stands in ``customProperties`` under the names below.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from solvent.data.engine.conditions import Condition

STATUSES = ("draft", "proposed", "active", "deprecated", "retired")
"""The standard's; ``infer`` writes drafts, ``accept`` makes one active."""
ROLE = "solventRole"
"""customProperty of a column: one of ``ROLES``."""
ROLES = ("feature", "label", "prediction", "segment", "id", "time", "ignored")
EXTRA_COLUMNS = "solventExtraColumns"
"""customProperty of a table: what happens to columns that it does not name: ``refuse``, ``warn`` (default), ``allow``."""
OPTIONAL = "solventOptional"
"""customProperty of a column: true if data need not have it at all."""
EVIDENCE = "solventEvidence"
"""customProperty of a draft (digest of the profile and number of rows that it was inferred from) and of its columns."""

LogicalType = Literal[
    "string", "date", "timestamp", "time", "number", "integer", "object", "array", "boolean", "map", "vector"
]
Severity = Literal["error", "warning", "info"]
"""``error`` stops a run; the standard's free text is mapped to these, anything else is refused."""
Role = Literal["feature", "label", "prediction", "segment", "id", "time", "ignored"]


class RowRule(msgspec.Struct, frozen=True, tag="rows"):
    """Each row must fulfil ``condition``; at most ``allowed`` may not (a number of rows, or with ``share`` part of all)."""

    name: str
    condition: Condition
    column: str | None = None
    allowed: float = 0
    share: bool = False
    severity: Severity = "error"
    place: str = ""
    """Where the document says so, such as ``schema[0].properties[2].quality[1]``: errors name it."""


class CountRule(msgspec.Struct, frozen=True, tag="count"):
    """The number of rows lies within [least, most]."""

    name: str
    least: float = 1
    most: float | None = None
    severity: Severity = "error"
    place: str = ""


class QueryRule(msgspec.Struct, frozen=True, tag="query"):
    """The one number that a SQL query over ``${table}`` (and ``${column}``) gives, against an operator of the standard."""

    name: str
    query: str
    operator: str
    value: float | tuple[float, float]
    column: str | None = None
    severity: Severity = "error"
    place: str = ""


class FreshRule(msgspec.Struct, frozen=True, tag="fresh"):
    """The newest value of a column is at most so many seconds old."""

    name: str
    column: str
    seconds: float
    severity: Severity = "error"
    place: str = ""


class MeasuredRule(msgspec.Struct, frozen=True, tag="measured"):
    """How many rows don't fulfil ``condition`` (with ``share``: what part of all), against an operator of the standard.

    For what ``RowRule`` can't say: a number that must be reached, or must not be met.
    """

    name: str
    condition: Condition
    operator: str
    value: float | tuple[float, float]
    column: str | None = None
    share: bool = False
    severity: Severity = "error"
    place: str = ""


Rule = RowRule | CountRule | QueryRule | FreshRule | MeasuredRule


class Unchecked(msgspec.Struct, frozen=True):
    """Something that the document asks for and Solvent does not check: reports list it, so that nothing is silent."""

    name: str
    reason: str
    column: str | None = None
    place: str = ""


class ColumnContract(msgspec.Struct, frozen=True):
    """One column: type, whether it must be there at all (``present``), and what it is for.

    ``name`` is what the data calls it: the document's ``physicalName``, or its ``name``.
    """

    name: str
    logical: LogicalType | None
    physical: str | None = None
    present: bool = True
    role: Role | None = None
    description: str = ""


class TableContract(msgspec.Struct, frozen=True):
    """One table of a contract. ``rules`` are all rules of it and of its columns, in the document's order.

    ``physical``: what a database calls it (the document's ``physicalName``), if that is not ``name``.
    """

    name: str
    columns: tuple[ColumnContract, ...]
    rules: tuple[Rule, ...]
    extra_columns: Literal["refuse", "warn", "allow"] = "warn"
    unchecked: tuple[Unchecked, ...] = ()
    physical: str | None = None


class Contract(msgspec.Struct, frozen=True):
    """``digest`` is of the meaning (sha256 of the canonical JSON of the document), not of the file's layout."""

    id: str
    version: str
    status: str
    tables: tuple[TableContract, ...]
    digest: str
    document: Mapping[str, Any]
    name: str = ""
