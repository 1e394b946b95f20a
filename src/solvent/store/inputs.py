"""SQL of what runs read and made: data sets and logged models."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from solvent.store import datasets_details
from solvent.store.changes import INPUTS
from solvent.store.runs import RunRef
from solvent.store.transaction import Transaction
from solvent.wire.contracts import INPUT_TAG
from solvent.wire.datasets import Dataset, DatasetSummary, ModelOutput


def add_dataset(tx: Transaction, run: RunRef, dataset: Dataset, tags: dict[str, str]) -> None:
    """Record that a run used a data set; name and digest say which one it is within an experiment.

    One that is there stays as it is; but a profile that it did not have is added, and the contract is the last one.
    """
    tx.touch(run.experiment_id, run.id, INPUTS)
    key = (run.experiment_id, dataset.name, dataset.digest)
    found = tx.one("SELECT id FROM datasets WHERE experiment_id = ? AND name = ? AND digest = ?", key)
    dataset_id = found[0] if found else _insert(tx, run.experiment_id, dataset)
    contract, details = tags.get(INPUT_TAG), datasets_details.split(dataset.profile).details
    if contract is not None or (found and details is not None):
        tx.execute(
            "UPDATE datasets SET contract = coalesce(?, contract), details = coalesce(details, ?) WHERE id = ?",
            (contract, details, dataset_id),
        )
    tx.execute(
        "INSERT OR IGNORE INTO run_datasets (run_id, dataset_id, tags) VALUES (?, ?, ?)",
        (run.id, dataset_id, json.dumps(tags, sort_keys=True, ensure_ascii=False)),
    )


def add_models_read(tx: Transaction, run: RunRef, model_ids: Iterable[str]) -> None:
    tx.touch(run.experiment_id, run.id, INPUTS)
    tx.executemany(
        "INSERT OR IGNORE INTO run_models (run_id, model_uuid, output) VALUES (?, ?, 0)",
        [(run.id, model_id) for model_id in model_ids],
    )


def add_models_made(tx: Transaction, run: RunRef, outputs: Iterable[ModelOutput]) -> None:
    """Record models that a run made; one that is there already gets the new step."""
    tx.touch(run.experiment_id, run.id, INPUTS)
    tx.executemany(
        "INSERT INTO run_models (run_id, model_uuid, output, step) VALUES (?, ?, 1, ?)"
        " ON CONFLICT (run_id, output, model_uuid) DO UPDATE SET step = excluded.step",
        [(run.id, output.model_id, output.step) for output in outputs],
    )


def summaries(tx: Transaction, experiment_ids: Sequence[int], limit: int) -> list[DatasetSummary]:
    """Which data sets the runs of the experiments read, and what for."""
    sql = """
        SELECT DISTINCT d.experiment_id, d.name, d.digest, json_extract(i.tags, '$."mlflow.data.context"')
        FROM datasets d JOIN run_datasets i ON i.dataset_id = d.id
        WHERE d.experiment_id IN (SELECT value FROM json_each(?)) ORDER BY 1, 2, 3, 4 LIMIT ?
    """
    return [
        DatasetSummary(experiment_id=str(experiment_id), name=name, digest=digest, context=context)
        for experiment_id, name, digest, context in tx.all(sql, (json.dumps(list(experiment_ids)), limit))
    ]


def _insert(tx: Transaction, experiment_id: int, dataset: Dataset) -> int:
    return tx.insert(
        "INSERT INTO datasets (experiment_id, name, digest, source_type, source, schema, profile, details, created)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(experiment_id, dataset.name, dataset.digest, dataset.source_type, dataset.source, dataset.schema),
            *datasets_details.split(dataset.profile),
            tx.now(),
        ),
    )
