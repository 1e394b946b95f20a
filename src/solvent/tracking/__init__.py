"""The rules of tracking: use cases of experiments, runs, metrics, data sets and their contracts.

Importing this package registers them all (``store.operations``). One module per resource; each use
case validates its request and then speaks to the store's modules.
"""

from __future__ import annotations

from solvent.tracking import (
    aggregates,
    changes,
    contracts_outdated,
    datasets,
    experiments,
    histories,
    ingest,
    inputs,
    logging,
    metrics,
    models,
    notes,
    runs,
    search_experiments,
    search_models,
    search_runs,
    trash,
    views,
)

__all__ = [
    "aggregates",
    "changes",
    "contracts_outdated",
    "datasets",
    "experiments",
    "histories",
    "ingest",
    "inputs",
    "logging",
    "metrics",
    "models",
    "notes",
    "runs",
    "search_experiments",
    "search_models",
    "search_runs",
    "trash",
    "views",
]
