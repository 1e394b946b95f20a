"""The runs that one comparison of a filter selects, read from an index of values."""

from __future__ import annotations

import json
from typing import NamedTuple

from solvent.search.ordering import PREFIX
from solvent.search.page import Reader
from solvent.search.parts import INDEXED_SUMMARIES, KEY_ID, LONG, SHORT, MetricPart, TextPart
from solvent.search.sql import Sql, condition, join, one_of
from solvent.search.tree import Comparison, Expression, Field, conjuncts

TABLES = {"metric": "metric_summaries", "param": "params", "tag": "tags"}
_SEEN = ("=", "IN", "<", "<=", ">", ">=", "IS NOT NULL")
_METRIC = MetricPart("metric_summaries", "run_id", "r.id")
_TEXT = TextPart("params", "run_id", "r.id", dictionary=True)
_SHORT_BYTES = 100
_SAMPLE = 200  # runs


class Selection(NamedTuple):
    """``ids`` selects the row ids, of ``rows`` runs."""

    ids: Sql
    rows: int


def least(
    reader: Reader,
    condition: Expression | None,
    experiment_ids: tuple[int, ...],
    limit: int,
    common: int | None = None,
) -> Selection | None:
    """What the comparison selects that the fewest runs satisfy, if they are at most ``limit``.

    A comparison that reads all entries of its key is only tried where no other is left, and not if one
    of ``common`` runs or more seems to satisfy it.
    """
    best: Selection | None = None
    parts = [part for part in conjuncts(condition) if isinstance(part, Comparison)]
    for part in parts:
        ids = _looked_up(part, experiment_ids)
        most = best.rows - 1 if best else limit
        if ids is None or most < 0:
            continue
        found = int(reader.all(f"SELECT count(*) FROM ({ids.text} LIMIT ?)", (*ids.args, most + 1))[0][0])
        if found <= most:
            best = Selection(ids, found)
    for part in parts if best is None else ():
        ids = _looked_through(part, experiment_ids)
        if ids is None or (common and _share(reader, part, experiment_ids) * common >= 1):
            continue
        rows = reader.all(f"{ids.text} LIMIT ?", (*ids.args, limit + 1))
        if len(rows) <= limit:
            return Selection(Sql("SELECT value FROM json_each(?)", (json.dumps([row[0] for row in rows]),)), len(rows))
    return best


def _looked_up(comparison: Comparison, experiment_ids: tuple[int, ...]) -> Sql | None:
    """The comparison as stretches of an index, or None if it is none."""
    field, op, value = comparison.field, comparison.op, comparison.value
    if field.kind == "attribute" and field.key == "run_id" and op in ("=", "IN"):
        test = condition(Sql("p.uuid"), op, value)
        return Sql(f"SELECT p.id FROM runs p WHERE {test.text}", test.args)
    if field.kind not in TABLES or op not in _SEEN or field.aggregate not in (None, "last"):
        return None
    if field.kind == "metric":
        tests = [] if op == "IS NOT NULL" else [_METRIC.test(field, op, value)]
        return _entries(field, "value", experiment_ids, tests)
    if op == "IS NOT NULL":
        return _either(field, experiment_ids, [], [])
    values = tuple(str(item) for item in (value if isinstance(value, tuple) else (value,)))
    short = tuple(item for item in values if len(item.encode()) < _SHORT_BYTES)
    long = tuple(item for item in values if item not in short)
    # SQLite's substr() ends before a NUL. The plus keeps it from reading substr() of it as a constant
    prefixes = tuple(item.partition("\0")[0][:PREFIX] for item in long)
    return _either(
        field,
        experiment_ids,
        [one_of("p.value", short)] if short else None,
        [one_of(f"substr(p.value, 1, {PREFIX})", prefixes), one_of("+p.value", long)] if long else None,
    )


def _looked_through(comparison: Comparison, experiment_ids: tuple[int, ...]) -> Sql | None:
    """The comparison as a test of all entries of its key, or None if no index holds what it tests."""
    field, op, value = comparison.field, comparison.op, comparison.value
    if field.kind in ("param", "tag") and op in ("LIKE", "ILIKE"):
        test = _TEXT.test(field, op, value)
        return _either(field, experiment_ids, [test], [test])
    if field.kind == "metric" and field.aggregate in INDEXED_SUMMARIES and op in _SEEN[:-1]:
        return _entries(field, "value", experiment_ids, [_METRIC.test(field, op, value)])
    return None


def _share(reader: Reader, comparison: Comparison, experiment_ids: tuple[int, ...]) -> float:
    """Which part of the latest experiment's newest runs satisfies a comparison of ``_looked_through``."""
    field = comparison.field
    test = (_METRIC if field.kind == "metric" else _TEXT).test(field, comparison.op, comparison.value)
    found = reader.all(
        f"SELECT count(*) FROM (SELECT r.id FROM runs r INDEXED BY runs_by_start WHERE r.experiment_id = ?"
        f" AND r.deleted = 0 ORDER BY r.start_time DESC LIMIT ?) r CROSS JOIN {TABLES[field.kind]} p"
        f" ON p.run_id = r.id AND p.key_id = {KEY_ID} WHERE {test.text}",
        (experiment_ids[-1], _SAMPLE, field.key, *test.args),
    )
    return int(found[0][0]) / _SAMPLE


def _either(field: Field, experiment_ids: tuple[int, ...], short: list[Sql] | None, long: list[Sql] | None) -> Sql:
    """Entries of short and of long values; None leaves one of them out."""
    parts = []
    if short is not None:
        parts.append(_entries(field, "value", experiment_ids, [Sql(SHORT.format("p")), *short]))
    if long is not None:
        parts.append(_entries(field, "prefix", experiment_ids, [Sql(LONG.format("p")), *long]))
    return join(" UNION ALL ", parts)


def _entries(field: Field, index: str, experiment_ids: tuple[int, ...], tests: list[Sql]) -> Sql:
    table = TABLES[field.kind]
    where = join(
        " AND ", [one_of("p.experiment_id", experiment_ids), Sql(f"p.key_id = {KEY_ID}", (field.key,)), *tests]
    )
    return Sql(f"SELECT p.run_id FROM {table} p INDEXED BY {table}_by_{index} WHERE {where.text}", where.args)
