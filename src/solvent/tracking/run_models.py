"""Runs as those show them who look from data or contracts: which they are, and which models came from them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from solvent.store import datasets_uses, runs
from solvent.store.transaction import Transaction


def run_models(tx: Transaction, row_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """The fields of ``wire.datasets.RunModels`` by the run's row."""
    infos = runs.load_infos(tx, row_ids)
    models = datasets_uses.models(tx, [info.run_id for info in infos.values()])
    return {
        row_id: {
            "run_id": info.run_id,
            "run_name": info.run_name,
            "experiment_id": info.experiment_id,
            "status": info.status,
            "start_time": info.start_time,
            "models_made": models[info.run_id].made,
            "models_read": models[info.run_id].read,
            "model_versions": models[info.run_id].versions,
        }
        for row_id, info in infos.items()
    }
