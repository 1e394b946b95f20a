"""Runs in groups, with the spread of their metrics."""

from __future__ import annotations

import math
from collections.abc import Sequence

from solvent.errors import InvalidInput
from solvent.search import runs
from solvent.search.aggregate import PER_METRIC, grouped
from solvent.search.check import IsMetric
from solvent.search.query import read_filter, read_keys
from solvent.search.tree import Field
from solvent.store.operations import reads
from solvent.store.transaction import Row, Transaction
from solvent.tracking.search_request import deleted_states, experiment_ids
from solvent.tracking.validation import check_integer
from solvent.wire.aggregates import AggregateRuns, AggregateRunsResponse, MetricAggregate, RunGroup
from solvent.wire.base import to_number

MAX_KEYS = 5
MAX_METRICS = 50
MAX_GROUPS_DEFAULT = 100
MAX_GROUPS = 1_000


@reads(AggregateRuns)
def aggregate_runs(tx: Transaction, request: AggregateRuns) -> AggregateRunsResponse:
    within = experiment_ids(request.experiment_ids)

    def is_metric(key: str) -> bool:
        return bool(within) and runs.is_metric(tx, within, key)

    groups = _keys(request.group_by or (), "group_by", ("attribute", "param", "tag"), MAX_KEYS, is_metric)
    metrics = _keys(request.metrics or (), "metrics", ("metric",), MAX_METRICS, is_metric)
    limit = MAX_GROUPS_DEFAULT if request.max_groups is None else check_integer(request.max_groups, "max_groups")
    if not 1 <= limit <= MAX_GROUPS:
        raise InvalidInput(f"'max_groups' is {limit}: ask for 1 to {MAX_GROUPS} groups")
    condition = read_filter(request.filter, runs.RUNS, is_metric)
    query = runs.RunQuery(within, deleted_states(request.run_view_type), condition)
    if not within:
        return AggregateRunsResponse(truncated=False)
    rows = tx.all(*grouped(tx, query, groups, metrics, limit + 1))
    found = [_group(row, len(groups), request.metrics or ()) for row in rows[:limit] if row[len(groups)]]
    return AggregateRunsResponse(groups=found, truncated=len(rows) > limit)


def _keys(texts: Sequence[str], where: str, kinds: Sequence[str], most: int, is_metric: IsMetric) -> tuple[Field, ...]:
    """The keys of a list, each of a kind that fits there."""
    if len(texts) > most:
        raise InvalidInput(f"'{where}' has {len(texts)} keys: give at most {most}")
    fields = read_keys(texts, runs.RUNS, is_metric, where)
    for text, field in zip(texts, fields, strict=True):
        several = field.kind == "attribute" and runs.RUNS.attributes[field.key].texts is not None
        if field.kind not in kinds or several:
            expected = " or ".join(f"{kind}s.<key>" if kind != "attribute" else "an attribute" for kind in kinds)
            raise InvalidInput(f"'{where}' takes {expected}, found '{text[:100]}'")
    return fields


def _group(row: Row, groups: int, metrics: Sequence[str]) -> RunGroup:
    starts = range(groups + 1, len(row), PER_METRIC)
    measured = [_measured(key, row[start : start + PER_METRIC]) for key, start in zip(metrics, starts, strict=True)]
    return RunGroup(values=list(row[:groups]), count=row[groups], metrics=measured)


def _measured(key: str, row: Row) -> MetricAggregate:
    """An infinite number has no distance from the mean: the spread is then NaN, as the mean may be."""
    count, mean, squares, distances, least, most = row
    if not count:
        return MetricAggregate(key=key, count=0)
    spread = None
    if count > 1:
        spread = math.sqrt(squares / (count - 1)) if distances == count else math.nan
    return MetricAggregate(
        key=key,
        count=count,
        mean=to_number(math.nan if mean is None else mean),
        stddev=None if spread is None else to_number(spread),
        min=to_number(least),
        max=to_number(most),
    )
