"""SQL of who used data sets and contracts: runs, and the models that came from them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from solvent.store import grants, keys
from solvent.store.model_versions import STAGES
from solvent.store.transaction import Row, Transaction
from solvent.wire.contracts import RUN_TAG
from solvent.wire.datasets import MadeVersion, UsedModel

NEWEST = 2**63 - 1
_IDS = "(SELECT value FROM json_each(?))"


class Models(NamedTuple):
    """What one run made and read."""

    made: list[UsedModel]
    read: list[UsedModel]
    versions: list[MadeVersion]


def of_datasets(tx: Transaction, dataset_ids: Sequence[int], before: int, limit: int) -> list[Row]:
    """(run's row, JSON list of the tags of its inputs) of the runs that used these rows, newest first."""
    return tx.all(
        "SELECT i.run_id, json_group_array(json(i.tags)) FROM run_datasets i JOIN runs r ON r.id = i.run_id"
        f" WHERE i.dataset_id IN {_IDS} AND i.run_id < ? AND r.deleted = 0"
        " GROUP BY i.run_id ORDER BY i.run_id DESC LIMIT ?",
        (json.dumps(list(dataset_ids)), before, limit),
    )


def of_contracts(tx: Transaction, before: int, limit: int) -> list[Row]:
    """(run's row, tag) of the runs that were held against contracts, newest first.

    Runs are walked from the newest, and their tag is looked up: a page ends as soon as it is full.
    """
    key_id = keys.find(tx, RUN_TAG)
    if key_id is None:
        return []
    may = grants.readable(tx, "experiment", "r.experiment_id")
    return tx.all(
        "SELECT r.id, t.value FROM runs r CROSS JOIN tags t ON t.run_id = r.id AND t.key_id = ?"
        " JOIN experiments e ON e.id = r.experiment_id AND e.deleted = 0"
        f" WHERE r.deleted = 0 AND r.id < ? AND {may.text} ORDER BY r.id DESC LIMIT ?",
        (key_id, before, *may.args, limit),
    )


def models(tx: Transaction, run_ids: Sequence[str]) -> dict[str, Models]:
    """By run id: the logged models that the runs made and read, and the versions of registered models made from them."""
    found: dict[str, Models] = defaultdict(lambda: Models([], [], []))
    for run_id, model_id, name, made in _logged(tx, run_ids):
        (found[run_id].made if made else found[run_id].read).append(UsedModel(model_id=model_id, name=name))
    for run_id, name, version, stage in _versions(tx, run_ids):
        found[run_id].versions.append(MadeVersion(name=name, version=str(version), stage=STAGES[stage]))
    return found


def _logged(tx: Transaction, run_ids: Sequence[str]) -> Iterable[Row]:
    """Rows (run id, model id, name, whether it was made there). A model names its run, and a run may name models too."""
    may = grants.readable(tx, "experiment", "m.experiment_id")
    runs = json.dumps(list(run_ids))
    return tx.all(
        "SELECT m.source_run, m.uuid, m.name, 1 FROM logged_models m"
        f" WHERE m.source_run IN {_IDS} AND m.deleted = 0 AND {may.text}"
        " UNION SELECT r.uuid, m.uuid, m.name, o.output FROM runs r JOIN run_models o ON o.run_id = r.id"
        f" JOIN logged_models m ON m.uuid = o.model_uuid WHERE r.uuid IN {_IDS} AND m.deleted = 0 AND {may.text}"
        " ORDER BY 3, 2",
        (runs, *may.args, runs, *may.args),
    )


def _versions(tx: Transaction, run_ids: Sequence[str]) -> Iterable[Row]:
    """Rows (run id, name, version, stage): a version names its run, or the logged model that it was made from."""
    may = grants.readable(tx, "model", "m.id")
    runs = json.dumps(list(run_ids))
    columns = "m.name, v.version, v.stage FROM model_versions v JOIN registered_models m ON m.id = v.model_id"
    return tx.all(
        f"SELECT v.run_uuid, {columns} WHERE v.run_uuid IN {_IDS} AND {may.text}"
        f" UNION SELECT l.source_run, {columns} JOIN logged_models l ON l.uuid = v.logged_model"
        f" WHERE l.source_run IN {_IDS} AND {may.text} ORDER BY 2, 3",
        (runs, *may.args, runs, *may.args),
    )
