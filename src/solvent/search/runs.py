"""Runs as a resource, and the ways to reach them by index.

The condition alone decides what is found; the scans only decide what is touched on the way:

- a comparison that few of the runs satisfy (counted in its index) is read first, and these are sorted;
- else the index of the first sort key is walked, and the page is full before most runs are seen. A
  comparison that not too many runs satisfy is read as a set before, so that its index alone is touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from solvent.search.compiler import compile_condition
from solvent.search.nearest import Nearest
from solvent.search.ordering import (
    Column,
    attribute_columns,
    missing_columns,
    part_columns,
    value_columns,
)
from solvent.search.page import Reader, Rows, Scan, Segment
from solvent.search.parts import (
    DATASET_KEYS,
    INDEXED_SUMMARIES,
    KEY_ID,
    LONG,
    SHORT,
    DatasetPart,
    MetricPart,
    TextPart,
    not_a_number,
    texts_of_tags,
)
from solvent.search.resource import Attribute, Resource
from solvent.search.selection import TABLES, Selection, least
from solvent.search.sql import LIKES, TRUE, Sql, join, one_of
from solvent.search.tree import Comparison, Expression, Field, Order, conjuncts

FEW = 5_000
"""So many rows are rather sorted than looked for along an index."""
MANY = 20_000
"""So many rows are rather read as a set beforehand than asked for one by one on the way."""
DENSE = 16
"""Along an index, one of so many runs or more is to be what is looked for; else those few are sorted."""
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
_NEAR = 4  # so much less it costs to look at runs one by one in the order in which they lie on the disk
_MISSING = 2  # the rank of runs without the first sort key
_NANS = Sql("o0.is_nan = 1 AND o0.value = 0")
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
    first = query.orders[0] if query.orders else None
    common = _NEAR * DENSE if first is None or first.field.kind == "attribute" else DENSE
    selected = least(reader, query.condition, query.experiment_ids, MANY, common)
    if selected is not None and selected.rows <= FEW and (_sorts(first) or _is_thin(reader, selected)):
        return [Segment([_sorted(query, query.experiment_ids, selected.ids)])]
    among = selected.ids if selected else None
    groups = _groups(query.experiment_ids)
    if first is None or first.field.kind == "attribute" or _sorts(first):
        return [Segment([_along(query, group, among) for group in groups])]
    return [
        Segment([scan for group in groups for scan in _walks(query, group, rank, among)], rank)
        for rank in _ranks(query, first.field)
    ]


def counts(reader: Reader, query: RunQuery) -> list[Scan]:
    """The scans whose counts add up to the number of runs."""
    query = query._replace(orders=())
    selected = least(reader, query.condition, query.experiment_ids, MANY)
    if selected is None:
        return [_along(query, query.experiment_ids)]
    return [_sorted(query, query.experiment_ids, selected.ids)]


def _sorts(first: Order | None) -> bool:
    """Whether no index has the order of this sort key, or holds its values."""
    if first is None:
        return False
    if first.field.kind == "attribute":
        return RUNS.attributes[first.field.key] not in (_ATTRIBUTES["start_time"], _ATTRIBUTES["run_name"])
    return first.field.aggregate not in (None, "last", *INDEXED_SUMMARIES)


def _is_thin(reader: Reader, selected: Selection) -> bool:
    """Whether a walk along an index would meet many runs for each that is selected."""
    runs = reader.all("SELECT max(id) FROM runs")[0][0] or 0
    return selected.rows * DENSE <= int(runs)


def _groups(experiment_ids: tuple[int, ...]) -> list[tuple[int, ...]]:
    if len(experiment_ids) <= MERGED:
        return [(experiment_id,) for experiment_id in experiment_ids]
    return [experiment_ids]


def _in_view(query: RunQuery, group: tuple[int, ...], column: str = "r.experiment_id") -> list[Sql]:
    return [one_of(column, group), one_of("r.deleted", query.deleted)]


def _condition(query: RunQuery, resource: Resource = RUNS, joined: dict[Field, str] | None = None) -> Sql:
    return compile_condition(query.condition, resource, joined) if query.condition is not None else TRUE


def _sorted(query: RunQuery, group: tuple[int, ...], selected: Sql) -> Scan:
    """The runs that ``selected`` names, joined with what is sorted by."""
    joins, columns = _joined(query.orders, 0)
    where = [Sql(f"r.id IN ({selected.text})", selected.args), *_in_view(query, group), _condition(query)]
    return Scan("r.id", Sql("FROM runs r NOT INDEXED" + joins.text, joins.args), join(" AND ", where), columns)


def _along(query: RunQuery, group: tuple[int, ...], among: Sql | None = None) -> Scan:
    """The runs of the experiments by name or by start, joined with what is sorted by."""
    joins, columns = _joined(query.orders, 0)
    first = query.orders[0].field if query.orders else None
    by_name = first is not None and first.kind == "attribute" and RUNS.attributes[first.key] == _ATTRIBUTES["run_name"]
    source = f"FROM runs r INDEXED BY runs_by_{'name' if by_name else 'start'}{joins.text}"
    where = join(" AND ", [*_in_view(query, group), *_among("r.id", among), _condition(query)])
    return Scan("r.id", Sql(source, joins.args), where, columns)


def _among(row_id: str, selected: Sql | None) -> list[Sql]:
    """The selection as a set that is asked on the way; the plus keeps SQLite from starting there."""
    return [Sql(f"+{row_id} IN ({selected.text})", selected.args)] if selected else []


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
        alias, table = f"o{number}", TABLES[order.field.kind]
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


def _walks(query: RunQuery, group: tuple[int, ...], rank: int, among: Sql | None) -> list[Rows]:
    """The scans of one rank of the first sort key: its values, NaN, or none."""
    first = query.orders[0]
    if rank == _MISSING:
        return [_missing(query, group, among)]
    if first.field.kind != "metric":
        # the long ones first: their second column decides where the first is the same
        return [_walk(query, group, rank, among, index) for index in ("prefix", "value")]
    if rank == 0 and first.field.aggregate in INDEXED_SUMMARIES:
        return [_nearest(query, group, among)]
    return [_walk(query, group, rank, among)]


def _missing(query: RunQuery, group: tuple[int, ...], among: Sql | None) -> Scan:
    """The runs without the first sort key, by start."""
    first, field = query.orders[0], query.orders[0].field
    joins, columns = _joined(query.orders, 1)
    missing = Sql(
        f"NOT EXISTS (SELECT 1 FROM {TABLES[field.kind]} p WHERE p.run_id = r.id AND p.key_id = {KEY_ID})",
        (field.key,),
    )
    where = join(" AND ", [*_in_view(query, group), *_among("r.id", among), missing, _condition(query)])
    source = Sql("FROM runs r INDEXED BY runs_by_start" + joins.text, joins.args)
    return Scan("r.id", source, where, [_rank(_MISSING), *missing_columns(first), *columns])


def _walk(query: RunQuery, group: tuple[int, ...], rank: int, among: Sql | None, index: str = "value") -> Scan:
    """The runs along the value index of the first sort key."""
    first, field = query.orders[0], query.orders[0].field
    joins, columns = _joined(query.orders, 1)
    where = [
        *_entries(query, group, index),
        *([_NANS] if rank == 1 else []),
        *_among("o0.run_id", among),
        one_of("r.deleted", query.deleted),
        _condition(query, _ALONG_INDEX, {field: "o0"}),
    ]
    if rank == 1 and field.aggregate in INDEXED_SUMMARIES:
        where.insert(0, Sql(not_a_number(field, "o0")))
    elif rank == 0 and field.kind == "metric":
        where.insert(0, Sql("o0.is_nan = 0"))
    table = TABLES[field.kind]
    # the named index and CROSS JOIN keep SQLite from starting elsewhere and sorting
    source = f"FROM {table} o0 INDEXED BY {table}_by_{index} CROSS JOIN runs r ON r.id = o0.run_id{joins.text}"
    values = value_columns(first, "o0", short=index == "value")
    if rank == 1:
        values = [column._replace(constant=True) for column in values]
    return Scan("r.id", Sql(source, joins.args), join(" AND ", where), [_rank(rank), *values, *columns])


def _nearest(query: RunQuery, group: tuple[int, ...], among: Sql | None) -> Nearest:
    """The runs by the smallest or largest value of a metric, which its value index holds."""
    first, field = query.orders[0], query.orders[0].field
    joins, columns = _joined(query.orders, 1)
    (value,) = value_columns(first, "o0")
    number = Sql(f"{value.sql} IS NOT NULL")

    def of(selected: Sql | None) -> Scan:
        where = [*_in_view(query, group), number, _condition(query, RUNS, {field: "o0"})]
        source = f"FROM runs r INDEXED BY runs_by_start CROSS JOIN metric_summaries o0 ON o0.run_id = r.id AND o0.key_id = {KEY_ID}"
        if selected is not None:
            where.insert(0, Sql(f"r.id IN ({selected.text})", selected.args))
            source = source.replace("INDEXED BY runs_by_start", "NOT INDEXED")
        else:
            where[:0] = _among("r.id", among)
        return Scan(
            "r.id",
            Sql(source + joins.text, (field.key, *joins.args)),
            join(" AND ", where),
            [_rank(0), value, *columns],
        )

    entries = join(" AND ", _entries(query, group))
    source = Sql("metric_summaries o0 INDEXED BY metric_summaries_by_value WHERE " + entries.text, entries.args)
    if value.descending:  # met in about this order, few of the entries have to be put among those that are picked
        columns_of_index = "run_id, value, is_nan, minimum, maximum"
        source = Sql(
            f"(SELECT {columns_of_index} FROM {source.text} ORDER BY value DESC LIMIT -1) o0 WHERE 1", entries.args
        )
    where = join(" AND ", [number, *_among("o0.run_id", among)])
    return Nearest(
        among=of, row_id="o0.run_id", source=Sql(f"FROM {source.text}", source.args), where=where, value=value
    )


def _rank(rank: int) -> Column:
    return Column(str(rank), constant=True)


def _entries(query: RunQuery, group: tuple[int, ...], index: str = "value") -> list[Sql]:
    """The entries of the first sort key in an index of values."""
    field = query.orders[0].field
    entries = [one_of("o0.experiment_id", group), Sql(f"o0.key_id = {KEY_ID}", (field.key,))]
    if field.kind != "metric":
        entries.append(Sql((SHORT if index == "value" else LONG).format("o0")))
    return entries
