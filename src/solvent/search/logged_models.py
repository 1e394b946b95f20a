"""Logged models as a resource."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from solvent.search.compiler import compile_condition
from solvent.search.ids import experiment_id, model_status
from solvent.search.ordering import Column, attribute_columns
from solvent.search.page import Scan, Segment
from solvent.search.parts import KEY_ID, MetricPart, TextPart, texts_of_tags
from solvent.search.resource import NOMINAL_OPS, Attribute, Resource
from solvent.search.sql import LIKES, TRUE, Sql, join, one_of
from solvent.search.tree import And, Comparison, Expression, Field, Not, Or, Order

_STATUS = "CASE m.status WHEN 1 THEN 'PENDING' WHEN 2 THEN 'READY' ELSE 'UPLOAD_FAILED' END"
_LOCATION = "(SELECT e.artifact_location FROM experiments e WHERE e.id = m.experiment_id)"
_PATH_END = f"instr({_LOCATION} || '?', '?')"
_ARTIFACT_URI = (
    f"coalesce(m.artifact_uri, rtrim(substr({_LOCATION}, 1, {_PATH_END} - 1), '/')"
    f" || '/models/' || m.uuid || '/artifacts' || substr({_LOCATION}, {_PATH_END}))"
)
_CREATED = Attribute("m.created", "number")
_UPDATED = Attribute("m.updated", "number")


class DatasetChoice(NamedTuple):
    """Points measured on this data set; any digest if it has none."""

    name: str
    digest: str | None = None

    def test(self, alias: str) -> Sql:
        named = Sql(f"{alias}.dataset_name = ?", (self.name,))
        if self.digest is None:
            return named
        return Sql(f"({named.text} AND {alias}.dataset_digest = ?)", (self.name, self.digest))


@dataclass(frozen=True)
class _MeasuredOn(MetricPart):
    """Points of models, of the chosen data sets alone if any are chosen."""

    datasets: tuple[DatasetChoice, ...] = ()

    def rows(self, item: Field) -> Sql:
        rows = super().rows(item)
        if not self.datasets:
            return rows
        chosen = join(" OR ", (dataset.test("p") for dataset in self.datasets))
        return Sql(f"{rows.text} AND ({chosen.text})", rows.args + chosen.args)


LOGGED_MODELS = Resource(
    name="logged models",
    attributes={
        "name": Attribute("m.name"),
        "model_id": Attribute("m.uuid"),
        "model_type": Attribute("m.model_type", nullable=True),
        "status": Attribute(_STATUS, encode=model_status),
        "source_run_id": Attribute("m.source_run", nullable=True),
        "creation_timestamp": _CREATED,
        "creation_timestamp_ms": _CREATED,
        "creation_time": _CREATED,
        "last_updated_timestamp": _UPDATED,
        "last_updated_timestamp_ms": _UPDATED,
        "experiment_id": Attribute("m.experiment_id", encode=experiment_id, ops=NOMINAL_OPS),
        "artifact_location": Attribute(_ARTIFACT_URI),
        "status_message": Attribute("m.status_message", nullable=True),
        "text": Attribute(
            "m.name", ops=LIKES, texts=texts_of_tags("logged_model_tags", "model_id", "m.id", dictionary=False)
        ),
    },
    parts={
        "metric": MetricPart("logged_model_metrics", "model_id", "m.id"),
        "param": TextPart("logged_model_params", "model_id", "m.id", dictionary=False),
        "tag": TextPart("logged_model_tags", "model_id", "m.id", dictionary=False),
    },
    ordered_parts=("metric",),
    loose_numbers=True,
)


class ModelQuery(NamedTuple):
    """``orders`` come with the data set that a metric is to be measured on, if any."""

    experiment_ids: tuple[int, ...]
    condition: Expression | None
    datasets: tuple[DatasetChoice, ...] = ()
    orders: tuple[tuple[Order, DatasetChoice | None], ...] = ()


def segments(query: ModelQuery) -> list[Segment]:
    """The newest first by default."""
    resource = LOGGED_MODELS
    where = [one_of("m.experiment_id", query.experiment_ids), Sql("m.deleted = 0")]
    if query.datasets:
        part = _MeasuredOn("logged_model_metrics", "model_id", "m.id", datasets=query.datasets)
        resource = replace(resource, parts={**resource.parts, "metric": part})
        if not _mentions_metrics(query.condition):
            chosen = join(" OR ", (dataset.test("p") for dataset in query.datasets))
            text = f"EXISTS (SELECT 1 FROM logged_model_metrics p WHERE p.model_id = m.id AND ({chosen.text}))"
            where.append(Sql(text, chosen.args))
    where.append(compile_condition(query.condition, resource) if query.condition is not None else TRUE)
    joins, columns = _sort_keys(query)
    source = Sql(f"FROM logged_models m{joins.text}", joins.args)
    return [Segment([Scan("m.id", source, join(" AND ", where), columns)])]


def _sort_keys(query: ModelQuery) -> tuple[Sql, list[Column]]:
    joins: list[Sql] = []
    columns: list[Column] = []
    named: set[Any] = set()
    for number, (order, dataset) in enumerate(query.orders):
        if order.field.kind == "attribute":
            columns += attribute_columns(order, LOGGED_MODELS)
            named.add(LOGGED_MODELS.attributes[order.field.key].sql)
            continue
        alias = f"o{number}"
        joins.append(_latest(order.field, dataset, alias))
        value = f"CASE WHEN {alias}.is_nan THEN NULL ELSE {alias}.value END"
        rank = f"CASE WHEN {alias}.id IS NULL THEN 2 WHEN {alias}.is_nan THEN 1 ELSE 0 END"
        columns += [Column(rank), Column(f"({value})", not order.ascending)]
    if "m.created" not in named:
        columns.append(Column("m.created", descending=True))
    if "m.uuid" not in named:
        columns.append(Column("m.uuid"))
    return join("", joins), columns


def _latest(field: Field, dataset: DatasetChoice | None, alias: str) -> Sql:
    """Join the newest point of a metric: the largest (timestamp, step), then the first run."""
    on = dataset.test("p") if dataset else TRUE
    text = (
        f" LEFT JOIN logged_model_metrics {alias} ON {alias}.id = (SELECT p.id FROM logged_model_metrics p"
        f" JOIN runs r ON r.id = p.run_id WHERE p.model_id = m.id AND p.key_id = {KEY_ID} AND {on.text}"
        " ORDER BY p.timestamp DESC, p.step DESC, r.uuid, p.id LIMIT 1)"
    )
    return Sql(text, (field.key, *on.args))


def _mentions_metrics(expression: Expression | None) -> bool:
    if isinstance(expression, And | Or):
        return any(map(_mentions_metrics, expression.parts))
    if isinstance(expression, Not):
        return _mentions_metrics(expression.part)
    return isinstance(expression, Comparison) and expression.field.kind == "metric"
