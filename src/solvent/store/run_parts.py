"""SQL of what hangs on runs, loaded for many runs at once.

Each function takes the runs' row ids as a JSON array and answers lists by row id.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain

from solvent.store import datasets_details, keys
from solvent.store.transaction import Row, Transaction
from solvent.wire.base import to_number
from solvent.wire.datasets import Dataset, DatasetInput, ModelInput, ModelOutput
from solvent.wire.experiments import Tag
from solvent.wire.metrics import Metric
from solvent.wire.runs import Param

_IN_RUNS = "run_id IN (SELECT value FROM json_each(?))"
_PORTION = 500
_IN_KEYS = " AND key_id IN (SELECT value FROM json_each(?))"


def latest_metrics(tx: Transaction, rows: str, only: Sequence[str] | None = None) -> dict[int, list[Metric]]:
    found: dict[int, list[Metric]] = defaultdict(list)
    name = _Names(tx)
    columns = "key_id, run_id, value, is_nan, timestamp, step"
    for key_id, run_id, value, is_nan, timestamp, step in _by_key(tx, columns, "metric_summaries", rows, only):
        number = "NaN" if is_nan else to_number(value)
        found[run_id].append(Metric(key=name[key_id], value=number, timestamp=timestamp, step=step))
    return found


def params(tx: Transaction, rows: str, only: Sequence[str] | None = None) -> dict[int, list[Param]]:
    found: dict[int, list[Param]] = defaultdict(list)
    name = _Names(tx)
    for key_id, run_id, value in _by_key(tx, "key_id, run_id, value", "params", rows, only):
        found[run_id].append(Param(key=name[key_id], value=value))
    return found


def tags(tx: Transaction, rows: str, only: Sequence[str] | None = None) -> dict[int, list[Tag]]:
    found: dict[int, list[Tag]] = defaultdict(list)
    name = _Names(tx)
    for key_id, run_id, value in _by_key(tx, "key_id, run_id, value", "tags", rows, only):
        found[run_id].append(Tag(key=name[key_id], value=value))
    return found


def dataset_inputs(tx: Transaction, rows: str, *, with_details: bool = False) -> dict[int, list[DatasetInput]]:
    """``with_details``: their profiles with Solvent's own part (``datasets_details``)."""
    found: dict[int, list[DatasetInput]] = defaultdict(list)
    details = "d.details" if with_details else "NULL"
    sql = (
        f"SELECT i.run_id, i.tags, d.name, d.digest, d.source_type, d.source, d.schema, d.profile, {details}"
        f" FROM run_datasets i JOIN datasets d ON d.id = i.dataset_id WHERE i.{_IN_RUNS} ORDER BY i.run_id, d.id, i.tags"
    )
    for run_id, tags_json, name, digest, source_type, source, schema, *kept in tx.all(sql, (rows,)):
        profile = datasets_details.join(datasets_details.Kept(*kept))
        dataset = Dataset(
            name=name, digest=digest, source_type=source_type, source=source, schema=schema, profile=profile
        )
        given = [Tag(key=key, value=value) for key, value in json.loads(tags_json).items()]
        found[run_id].append(DatasetInput(dataset=dataset, tags=given))
    return found


def models(tx: Transaction, rows: str) -> tuple[dict[int, list[ModelOutput]], dict[int, list[ModelInput]]]:
    """The models that the runs made, and those that they read."""
    made: dict[int, list[ModelOutput]] = defaultdict(list)
    read: dict[int, list[ModelInput]] = defaultdict(list)
    sql = f"SELECT run_id, output, model_uuid, step FROM run_models WHERE {_IN_RUNS} ORDER BY run_id, output, step"
    for run_id, output, model_uuid, step in tx.all(sql, (rows,)):
        if output:
            made[run_id].append(ModelOutput(model_id=model_uuid, step=step))
        else:
            read[run_id].append(ModelInput(model_id=model_uuid))
    return made, read


class _Names(dict[int, str]):
    """Names of keys by id, looked up when they are first met."""

    def __init__(self, tx: Transaction) -> None:
        super().__init__()
        self._tx = tx

    def __missing__(self, key_id: int) -> str:
        name = self[key_id] = keys.names(self._tx, [key_id])[key_id]
        return name


def _by_key(tx: Transaction, columns: str, table: str, rows: str, only: Sequence[str] | None) -> Iterator[Row]:
    """Rows of a table of run and key, of all keys or of those in ``only``.

    They come in portions: the garbage collector would look at tens of thousands of them, over and over.
    """
    sql, args = f"SELECT {columns} FROM {table} WHERE {_IN_RUNS}", [rows]
    if only is not None:
        sql, args = sql + _IN_KEYS, [rows, json.dumps(keys.find_all(tx, only))]
    cursor = tx.execute(sql, args)
    return chain.from_iterable(iter(partial(cursor.fetchmany, _PORTION), []))
