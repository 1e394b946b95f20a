"""Groups of runs with the spread of their metrics, in one statement."""

from __future__ import annotations

from collections.abc import Sequence

from solvent.search.page import Reader
from solvent.search.parts import KEY_ID, metric_value, not_a_number
from solvent.search.runs import RUNS, RunQuery, counts
from solvent.search.sql import Sql, join
from solvent.search.tree import Field

PER_METRIC = 6
"""Columns for each metric: how many have a number, mean, sum of squared distances from it and how many
of these are numbers, smallest, largest."""
_TABLES = {"param": "params", "tag": "tags"}


def grouped(reader: Reader, query: RunQuery, groups: Sequence[Field], metrics: Sequence[Field], limit: int) -> Sql:
    """Rows of the groups' values, the number of runs, then ``PER_METRIC`` columns for each metric.

    The largest groups come first. The distances are measured from each group's own mean, so that the
    spread of numbers far from zero is right.
    """
    (scan,) = counts(reader, query)
    joins: list[Sql] = []
    columns = [_group_column(field, f"g{place}", joins) for place, field in enumerate(groups)]
    columns += [_metric_column(field, f"m{place}", joins) for place, field in enumerate(metrics)]
    joined = join("", [scan.source, *joins])
    values = [f"g{place}" for place in range(len(groups))]
    window = f"(PARTITION BY {', '.join(values)})" if values else "()"
    distances = "".join(f", x{place} - avg(x{place}) OVER w AS d{place}" for place in range(len(metrics)))
    measures = "".join(
        f", count(x{place}), avg(x{place}), sum(d{place} * d{place}), count(d{place}), min(x{place}), max(x{place})"
        for place in range(len(metrics))
    )
    names = [*values, *(f"x{place}" for place in range(len(metrics)))]
    listed = ", ".join(f"{column} AS {name}" for column, name in zip(columns, names, strict=True)) or "1"
    text = (
        f"WITH found AS MATERIALIZED (SELECT {listed} {joined.text} WHERE {scan.where.text}),"
        f" spread AS (SELECT *{distances} FROM found WINDOW w AS {window})"
        f" SELECT {''.join(f'{value}, ' for value in values)}count(*){measures} FROM spread"
        f"{' GROUP BY ' + ', '.join(values) if values else ''}"
        f" ORDER BY {', '.join(['count(*) DESC', *values])} LIMIT ?"
    )
    return Sql(text, (*joined.args, *scan.where.args, limit))


def _group_column(field: Field, alias: str, joins: list[Sql]) -> str:
    if field.kind == "attribute":
        return RUNS.attributes[field.key].sql
    table = _TABLES[field.kind]
    joins.append(
        Sql(f" LEFT JOIN {table} {alias} ON {alias}.run_id = r.id AND {alias}.key_id = {KEY_ID}", (field.key,))
    )
    return f"{alias}.value"


def _metric_column(field: Field, alias: str, joins: list[Sql]) -> str:
    """The metric's number, NULL where there is none or it is NaN."""
    text = f" LEFT JOIN metric_summaries {alias} ON {alias}.run_id = r.id AND {alias}.key_id = {KEY_ID}"
    joins.append(Sql(text, (field.key,)))
    return f"CASE WHEN {not_a_number(field, alias)} THEN NULL ELSE {metric_value(field, alias)} END"
