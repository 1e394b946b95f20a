"""The kinds of parts that resources have: rows found by a key, with a text or a number as value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from solvent.search.resource import Type
from solvent.search.sql import Sql, condition
from solvent.search.tree import Field

KEY_ID = "(SELECT id FROM keys WHERE name = ?)"
# The columns of a summary are NULL where a single point's value says the same.
_SUMMARIES = {
    "min": "coalesce({0}.minimum, CASE WHEN {0}.is_nan = 0 THEN {0}.value END)",
    "max": "coalesce({0}.maximum, CASE WHEN {0}.is_nan = 0 THEN {0}.value END)",
    "mean": "(CASE {0}.count WHEN 1 THEN {0}.value ELSE {0}.total END / ({0}.count - {0}.nan_count))",
    "count": "{}.count",
}
SHORT, LONG = "length(CAST({}.value AS BLOB)) < 100", "length(CAST({}.value AS BLOB)) >= 100"
"""The value indexes of params and tags: whole values in one, the first characters of long ones in another."""
INDEXED_SUMMARIES = ("min", "max")
"""What the value index also holds, though not in its order."""


@dataclass(frozen=True)
class TextPart:
    """Params and tags. ``owner`` is the column that names the resource's row, ``of`` that row's key.

    ``dictionary`` tells whether rows hold the key's number in the table ``keys``.
    """

    table: str
    owner: str
    of: str
    dictionary: bool
    type: Type = "text"

    def rows(self, item: Field) -> Sql:
        key = f"p.key_id = {KEY_ID}" if self.dictionary else "p.key = ?"
        return Sql(f"FROM {self.table} p WHERE p.{self.owner} = {self.of} AND {key}", (item.key,))

    def test(self, item: Field, op: str, value: Any, alias: str = "p") -> Sql:  # noqa: ARG002 - every part is asked alike
        return condition(Sql(f"{alias}.value"), op, value)


def texts_of_tags(table: str, owner: str, of: str, *, dictionary: bool) -> str:
    """The values of tags, the note among them, and the keys of those that people made."""
    rows = f"FROM {table} p{' JOIN keys k ON k.id = p.key_id' if dictionary else ''} WHERE p.{owner} = {of}"
    key = "k.name" if dictionary else "p.key"
    made = f"{key} NOT GLOB 'mlflow.*' AND {key} NOT GLOB 'solvent.*'"
    return f"SELECT p.value AS text {rows} UNION ALL SELECT {key} {rows} AND {made}"


@dataclass(frozen=True)
class MetricPart:
    """The latest points of runs with their summaries, or the points of models.

    NaN compares as in IEEE 754: it differs from every number, and no other comparison holds.
    """

    table: str
    owner: str
    of: str
    type: Type = "number"

    def rows(self, item: Field) -> Sql:
        return Sql(f"FROM {self.table} p WHERE p.{self.owner} = {self.of} AND p.key_id = {KEY_ID}", (item.key,))

    def test(self, item: Field, op: str, value: Any, alias: str = "p") -> Sql:
        nan = not_a_number(item, alias)
        holds = condition(Sql(metric_value(item, alias)), op, value)
        if op in ("!=", "NOT IN"):
            return Sql(f"({nan} OR {holds.text})", holds.args)
        return Sql(f"(NOT {nan} AND {holds.text})", holds.args)


@dataclass(frozen=True)
class DatasetPart:
    """The data sets that a run read; the key is one of their columns."""

    type: Type = "text"

    def rows(self, item: Field) -> Sql:
        return Sql(
            "FROM run_datasets i JOIN datasets p ON p.id = i.dataset_id WHERE i.run_id = r.id AND "
            f"{_dataset_column(item)} IS NOT NULL"
        )

    def test(self, item: Field, op: str, value: Any, alias: str = "p") -> Sql:  # noqa: ARG002 - it is never joined
        return condition(Sql(_dataset_column(item)), op, value)


DATASET_KEYS = ("name", "digest", "context")


def _dataset_column(item: Field) -> str:
    return "json_extract(i.tags, '$.\"mlflow.data.context\"')" if item.key == "context" else f"p.{item.key}"


def metric_value(item: Field, alias: str) -> str:
    """The number that is compared and ordered by: the latest point, or a summary."""
    return _SUMMARIES.get(item.aggregate or "last", "{}.value").format(alias)


def not_a_number(item: Field, alias: str) -> str:
    """SQL that is 1 where that number is NaN: a summary of NaN alone is NULL in the table."""
    if item.aggregate in (None, "last"):
        return f"{alias}.is_nan"
    return f"({metric_value(item, alias)} IS NULL)"
