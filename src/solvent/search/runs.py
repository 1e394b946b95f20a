"""Runs as a resource, and the ways to reach them by index.

The condition alone decides what is found; the scans only decide what is touched on the way:

- a comparison that few rows satisfy (counted in its index) is read first, and its runs are sorted;
- else the index of the first sort key is walked, and the page is full before most runs are seen.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from solvent.search.compiler import compile_condition
from solvent.search.ordering import (
    PREFIX,
    Column,
    attribute_columns,
    missing_columns,
    part_columns,
    value_columns,
)
from solvent.search.page import Reader, Scan, Segment
from solvent.search.parts import DATASET_KEYS, KEY_ID, DatasetPart, MetricPart, TextPart, texts_of_tags
from solvent.search.resource import Attribute, Resource
from solvent.search.sql import LIKES, TRUE, Sql, condition, join, one_of
from solvent.search.tree import Comparison, Expression, Field, Order, conjuncts

FEW = 5_000
"""So many rows are rather sorted than looked for along an index."""
SEARCHED = 200_000
"""Up to so many runs are looked through for a LIKE, rather than met one by one in another order."""
MERGED = 16
"""Up to so many experiments are each walked in order and merged; more are sorted together."""

_STATUS = "CASE r.status WHEN 1 THEN 'RUNNING' WHEN 2 THEN 'SCHEDULED' WHEN 3 THEN 'FINISHED' WHEN 4 THEN 'FAILED' ELSE 'KILLED' END"
_LOCATION = "(SELECT e.artifact_location FROM experiments e WHERE e.id = r.experiment_id)"
_PATH_END = f"instr({_LOCATION} || '?', '?')"
_ARTIFACT_URI = (
    f"coalesce(r.artifact_uri, rtrim(substr({_LOCATION}, 1, {_PATH_END} - 1), '/')"
    f" || '/' || r.uuid || '/artifacts' || substr({_LOCATION}, {_PATH_END}))"
)
_ATTRIBUTES = {
    "run_id": Attribute("r.uuid"),
    "run_name": Attribute("r.name"),
    "user_id": Attribute("r.user"),
    "status": Attribute(_STATUS),
    "artifact_uri": Attribute(_ARTIFACT_URI),
    "start_time": Attribute("r.start_time", "number"),
    "end_time": Attribute("r.end_time", "number", nullable=True),
    "text": Attribute("r.name", ops=LIKES, texts=texts_of_tags("tags", "run_id", "r.id", dictionary=True)),
}
ALIASES = {
    "created": "start_time",
    "Created": "start_time",
    "run name": "run_name",
    "Run name": "run_name",
    "Run Name": "run_name",
}
RUNS = Resource(
    name="runs",
    attributes=_ATTRIBUTES | {alias: _ATTRIBUTES[name] for alias, name in ALIASES.items()},
    parts={
        "metric": MetricPart("metric_summaries", "run_id", "r.id"),
        "param": TextPart("params", "run_id", "r.id", dictionary=True),
        "tag": TextPart("tags", "run_id", "r.id", dictionary=True),
        "dataset": DatasetPart(),
    },
    ordered_parts=("metric", "param", "tag"),
    part_keys={"dataset": DATASET_KEYS},
    aggregates=True,
)
# Along a value index the run's number is known before its row is read: parts are asked first, so that
# the rows of runs that don't hold the condition are never touched.
_ALONG_INDEX = replace(
    RUNS,
    parts={
        "metric": MetricPart("metric_summaries", "run_id", "o0.run_id"),
        "param": TextPart("params", "run_id", "o0.run_id", dictionary=True),
        "tag": TextPart("tags", "run_id", "o0.run_id", dictionary=True),
        "dataset": DatasetPart(),
    },
)
_TABLES = {"metric": "metric_summaries", "param": "params", "tag": "tags"}
_ALIKE = ("LIKE", "ILIKE")
_NATURAL = (Column("r.start_time", descending=True), Column("r.uuid"))


class RunQuery(NamedTuple):
    """``deleted`` holds the values of that column that are in view; the rest is resolved by ``Checker``."""

    experiment_ids: tuple[int, ...]
    deleted: tuple[int, ...]
    condition: Expression | None
    orders: tuple[Order, ...] = ()


def is_metric(reader: Reader, experiment_ids: Sequence[int], key: str) -> bool:
    """Whether a run of these experiments has logged a metric of that very name."""
    within = one_of("experiment_id", tuple(experiment_ids))
    sql = f"SELECT 1 FROM metric_summaries WHERE {within.text} AND key_id = {KEY_ID} LIMIT 1"
    return bool(reader.all(sql, (*within.args, key)))


def segments(reader: Reader, query: RunQuery) -> list[Segment]:
    """The scans that lead to a page of this query."""
    few = _few(reader, query)
    if few is not None:
        return [Segment([_sorted(query, query.experiment_ids, few)])]
    groups = _groups(query.experiment_ids)
    first = query.orders[0] if query.orders else None
    if first is None or first.field.kind == "attribute" or first.field.aggregate not in (None, "last"):
        return [Segment([_sorted(query, group) for group in groups])]
    few = _alike(reader, query)
    if few is not None:
        return [Segment([_sorted(query, query.experiment_ids, few)])]
    ranks = _ranks(query, first.field)
    return [Segment([_walk(query, group, rank) for group in groups], rank) for rank in ranks]


def counts(reader: Reader, query: RunQuery) -> list[Scan]:
    """The scans whose counts add up to the number of runs."""
    return [_sorted(query._replace(orders=()), query.experiment_ids, _few(reader, query))]


def _groups(experiment_ids: tuple[int, ...]) -> list[tuple[int, ...]]:
    if len(experiment_ids) <= MERGED:
        return [(experiment_id,) for experiment_id in experiment_ids]
    return [experiment_ids]


def _in_view(query: RunQuery, group: tuple[int, ...], column: str = "r.experiment_id") -> list[Sql]:
    return [one_of(column, group), one_of("r.deleted", query.deleted)]


def _condition(query: RunQuery, resource: Resource = RUNS, joined: dict[Field, str] | None = None) -> Sql:
    return compile_condition(query.condition, resource, joined) if query.condition is not None else TRUE


def _sorted(query: RunQuery, group: tuple[int, ...], few: Sql | None = None) -> Scan:
    """The runs of the experiments by start, or those that ``few`` selects; joined with what is sorted by."""
    joins, columns = _joined(query.orders, 0)
    where = [*_in_view(query, group), _condition(query)]
    source = "FROM runs r INDEXED BY runs_by_start"
    if few is not None:
        source = "FROM runs r NOT INDEXED"
        where.insert(0, Sql(f"r.id IN ({few.text})", few.args))
    return Scan("r.id", Sql(source + joins.text, joins.args), join(" AND ", where), columns)


def _joined(orders: Sequence[Order], skip: int) -> tuple[Sql, list[Column]]:
    """Joins from the left and columns for all orders from ``skip`` on, then the natural order."""
    joins: list[Sql] = []
    columns: list[Column] = []
    for number, order in enumerate(orders):
        if number < skip:
            continue
        if order.field.kind == "attribute":
            columns += attribute_columns(order, RUNS)
            continue
        alias, table = f"o{number}", _TABLES[order.field.kind]
        text = f" LEFT JOIN {table} {alias} ON {alias}.run_id = r.id AND {alias}.key_id = {KEY_ID}"
        joins.append(Sql(text, (order.field.key,)))
        columns += part_columns(order, alias, "run_id")
    by_start = any(
        o.field.kind == "attribute" and _ATTRIBUTES["start_time"] == RUNS.attributes[o.field.key] for o in orders
    )
    return join("", joins), [*columns, *(_NATURAL[1:] if by_start else _NATURAL)]


def _ranks(query: RunQuery, field: Field) -> list[int]:
    """Which ranks of the first sort key can occur: a condition on that key rules some out."""
    ranks = [0, 1, 2] if field.kind == "metric" else [0, 2]
    for part in conjuncts(query.condition):
        if isinstance(part, Comparison) and part.field == field and part.op != "IS NULL":
            gone = (2,) if part.op in ("!=", "NOT IN", "IS NOT NULL") else (1, 2)
            ranks = [rank for rank in ranks if rank not in gone]
    return ranks


def _walk(query: RunQuery, group: tuple[int, ...], rank: int) -> Scan:
    """The runs along the value index of the first sort key, or those without a value by start."""
    first, field = query.orders[0], query.orders[0].field
    joins, columns = _joined(query.orders, 1)
    table = _TABLES[field.kind]
    rank_column = Column(str(rank), constant=True)
    if rank == 2:
        missing = Sql(
            f"NOT EXISTS (SELECT 1 FROM {table} p WHERE p.run_id = r.id AND p.key_id = {KEY_ID})", (field.key,)
        )
        where = [*_in_view(query, group), missing, _condition(query)]
        source = Sql("FROM runs r INDEXED BY runs_by_start" + joins.text, joins.args)
        return Scan("r.id", source, join(" AND ", where), [rank_column, *missing_columns(first), *columns])
    where = [
        one_of("o0.experiment_id", group),
        Sql(f"o0.key_id = {KEY_ID}", (field.key,)),
        one_of("r.deleted", query.deleted),
        _condition(query, _ALONG_INDEX, {field: "o0"}),
    ]
    if field.kind == "metric":
        where.insert(2, Sql("o0.is_nan = 0" if rank == 0 else "o0.is_nan = 1 AND o0.value = 0"))
    # the named index and CROSS JOIN keep SQLite from starting elsewhere and sorting
    source = Sql(
        f"FROM {table} o0 INDEXED BY {table}_by_value CROSS JOIN runs r ON r.id = o0.run_id{joins.text}", joins.args
    )
    values = (
        value_columns(first, "o0") if rank == 0 else [c._replace(constant=True) for c in value_columns(first, "o0")]
    )
    return Scan("r.id", source, join(" AND ", where), [rank_column, *values, *columns])


def _few(reader: Reader, query: RunQuery) -> Sql | None:
    """The comparison that the fewest rows satisfy, if they are few, as a selection of run ids."""
    best: Sql | None = None
    least = FEW + 1
    for part in conjuncts(query.condition):
        selection = _selection(part, query.experiment_ids) if isinstance(part, Comparison) else None
        if selection is None:
            continue
        sql = f"SELECT count(*) FROM ({selection.text} LIMIT ?)"
        found = int(reader.all(sql, (*selection.args, least))[0][0])
        if found < least:
            best, least = selection, found
    return best


def _alike(reader: Reader, query: RunQuery) -> Sql | None:
    """The runs of which a param or tag is LIKE a pattern, if they are few.

    No index knows them. Runs and what they hold lie in one order on the disk, so that looking through
    them all costs less than meeting them in the order of a metric, if that would find no full page.
    """
    like = next((p for p in conjuncts(query.condition) if isinstance(p, Comparison) and p.op in _ALIKE), None)
    if like is None or like.field.kind not in ("param", "tag"):
        return None
    view = join(" AND ", _in_view(query, query.experiment_ids))
    runs = Sql(f"SELECT 1 FROM runs r INDEXED BY runs_by_start WHERE {view.text} LIMIT ?", (*view.args, SEARCHED + 1))
    if int(reader.all(f"SELECT count(*) FROM ({runs.text})", runs.args)[0][0]) > SEARCHED:
        return None
    holds = RUNS.parts[like.field.kind].test(like.field, like.op, like.value)
    found = reader.all(
        f"SELECT r.id FROM runs r INDEXED BY runs_by_start CROSS JOIN {_TABLES[like.field.kind]} p"
        f" ON p.run_id = r.id AND p.key_id = {KEY_ID} WHERE {view.text} AND {holds.text} LIMIT ?",
        (like.field.key, *view.args, *holds.args, FEW + 1),
    )
    if len(found) > FEW:
        return None
    return Sql("SELECT value FROM json_each(?)", (json.dumps([row[0] for row in found]),))


def _selection(comparison: Comparison, experiment_ids: tuple[int, ...]) -> Sql | None:
    """The comparison as rows of an index, or None if it has none."""
    field, op, value = comparison.field, comparison.op, comparison.value
    if field.kind == "attribute" and RUNS.attributes[field.key] is _ATTRIBUTES["run_id"] and op in ("=", "IN"):
        test = condition(Sql("p.uuid"), op, value)
        return Sql(f"SELECT p.id FROM runs p WHERE {test.text}", test.args)
    if field.kind in ("attribute", "dataset") or op not in ("=", "IN", "<", "<=", ">", ">=", "IS NOT NULL"):
        return None
    if field.aggregate not in (None, "last"):
        return None
    table = _TABLES[field.kind]
    where = [one_of("p.experiment_id", experiment_ids), Sql(f"p.key_id = {KEY_ID}", (field.key,))]
    if op != "IS NOT NULL" and field.kind == "metric":
        where.append(RUNS.parts["metric"].test(field, op, value))
    elif op != "IS NOT NULL":
        values = tuple(str(item) for item in (value if isinstance(value, tuple) else (value,)))
        where.append(one_of(f"substr(p.value, 1, {PREFIX})", tuple(item[:PREFIX] for item in values)))
        if max(map(len, values)) >= PREFIX:  # the plus keeps SQLite from reading substr() of it as a constant
            where.append(one_of("+p.value", values))
    holds = join(" AND ", where)
    return Sql(f"SELECT p.run_id FROM {table} p INDEXED BY {table}_by_value WHERE {holds.text}", holds.args)
