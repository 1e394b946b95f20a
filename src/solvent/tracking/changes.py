"""What has changed since somebody last looked, in few and small pieces."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from solvent.errors import InvalidInput
from solvent.store import changes, grants, keys, runs
from solvent.store.changes import KINDS, METRICS, PARAMS, TAGS, ChangeRow
from solvent.store.operations import reads
from solvent.store.transaction import Row, Transaction
from solvent.tracking.search_request import experiment_ids
from solvent.tracking.validation import check_integer
from solvent.wire.base import to_number
from solvent.wire.changes import Change, ChangesResponse, GetChanges
from solvent.wire.experiments import Tag
from solvent.wire.metrics import Metric
from solvent.wire.runs import Param

MAX_ROWS = 1_000
MAX_VALUES = 5_000
"""Keys whose values one answer holds."""
MAX_RUNS = 1_000

_Place = tuple[int, int]


@reads(GetChanges)
def get_changes(tx: Transaction, request: GetChanges) -> ChangesResponse:
    """One change per run, however often it was written to; the next answer goes on behind ``last``."""
    within = set(experiment_ids(request.experiment_ids))
    if len(request.run_ids or ()) > MAX_RUNS:
        raise InvalidInput(f"{len(request.run_ids or ())} runs are too many to watch: name at most {MAX_RUNS}")
    first, last = changes.extent(tx)
    if request.after is None:
        return ChangesResponse(last=last)
    after = check_integer(request.after, "after")
    if not first - 1 <= after <= last:
        return ChangesResponse(last=last, reset=True)
    only = {run.id for run_id in request.run_ids or () if (run := runs.find(tx, run_id)) is not None}
    rows = _bounded(changes.since(tx, after, MAX_ROWS))
    merged: dict[_Place, ChangeRow] = {}
    readable = grants.readable_experiments(tx, {row.experiment_id for row in rows})
    for row in rows:
        if row.experiment_id not in readable:
            continue
        if (not within or row.experiment_id in within) and (request.run_ids is None or row.run_id in only):
            place = row.experiment_id, row.run_id
            merged[place] = _joined(merged[place], row) if place in merged else row
    reached = rows[-1].id if rows else last
    return ChangesResponse(last=reached, more=reached < last, changes=_described(tx, merged))


def _bounded(rows: Sequence[ChangeRow]) -> Sequence[ChangeRow]:
    """As many of the rows, at least one, as name at most ``MAX_VALUES`` keys."""
    named = 0
    for count, row in enumerate(rows):
        named += len(row.keys or ())
        if count and named > MAX_VALUES:
            return rows[:count]
    return rows


def _joined(one: ChangeRow, other: ChangeRow) -> ChangeRow:
    both = None if one.keys is None or other.keys is None else one.keys | other.keys
    return one._replace(kinds=one.kinds | other.kinds, keys=both)


def _described(tx: Transaction, merged: dict[_Place, ChangeRow]) -> list[Change]:
    rows = {row.run_id: row for row in merged.values() if row.run_id}
    infos = runs.load_infos(tx, list(rows))
    metrics, params, tags = _metrics(tx, rows), _params(tx, rows), _tags(tx, rows)
    found = []
    for row in merged.values():
        change = Change(experiment_id=str(row.experiment_id), kinds=_names(row.kinds), partial=row.keys is None)
        if row.run_id:
            info = infos.get(row.run_id)
            if info is None:
                continue  # gone for good
            change.run_id, change.run_name, change.lifecycle_stage = info.run_id, info.run_name, info.lifecycle_stage
            change.status, change.end_time = info.status, info.end_time
            change.metrics = metrics.get(row.run_id, [])
            change.params = params.get(row.run_id, [])
            change.tags = tags.get(row.run_id, [])
        found.append(change)
    return found


def _names(kinds: int) -> list[str]:
    return [name for kind, name in KINDS.items() if kind & kinds]


def _metrics(tx: Transaction, rows: dict[int, ChangeRow]) -> dict[int, list[Metric]]:
    found: dict[int, list[Metric]] = defaultdict(list)
    columns = "value, is_nan, timestamp, step"
    for run_id, key, (value, is_nan, timestamp, step) in _values(tx, rows, METRICS, "metric_summaries", columns):
        number = "NaN" if is_nan else to_number(value)
        found[run_id].append(Metric(key=key, value=number, timestamp=timestamp, step=step))
    return found


def _params(tx: Transaction, rows: dict[int, ChangeRow]) -> dict[int, list[Param]]:
    found: dict[int, list[Param]] = defaultdict(list)
    for run_id, key, (value,) in _values(tx, rows, PARAMS, "params", "value"):
        found[run_id].append(Param(key=key, value=value))
    return found


def _tags(tx: Transaction, rows: dict[int, ChangeRow]) -> dict[int, list[Tag]]:
    found: dict[int, list[Tag]] = defaultdict(list)
    for run_id, key, (value,) in _values(tx, rows, TAGS, "tags", "value"):
        found[run_id].append(Tag(key=key, value=value))
    return found


def _values(
    tx: Transaction, rows: dict[int, ChangeRow], kind: int, table: str, columns: str
) -> Iterator[tuple[int, str, Row]]:
    """Run, name of the key, and columns, for the keys that each run has written."""
    wanted = {run_id: row.keys for run_id, row in rows.items() if kind & row.kinds and row.keys}
    key_ids = sorted(set().union(*wanted.values()))
    if not key_ids:
        return
    names = keys.names(tx, key_ids)
    for run_id, key_id, *rest in changes.values(tx, table, columns, list(wanted), key_ids):
        if key_id in wanted[run_id]:
            yield run_id, names[key_id], tuple(rest)
