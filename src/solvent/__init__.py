"""Solvent keeps an ML system free of technical debt.

``import solvent`` costs next to nothing: each public name loads its module when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_HOMES: dict[str, str] = {
    "ActiveRun": "solvent.client.active",
    "Client": "solvent.client.client",
    "Dataset": "solvent.client.entities",
    "Experiment": "solvent.client.entities",
    "Run": "solvent.client.entities",
    "ViewType": "solvent.client.views",
    "active_run": "solvent.client.runs",
    "create_experiment": "solvent.client.reads",
    "delete_experiment": "solvent.client.reads",
    "delete_run": "solvent.client.reads",
    "delete_tag": "solvent.client.logging",
    "end_run": "solvent.client.runs",
    "flush": "solvent.client.logging",
    "get_artifact_uri": "solvent.client.reads",
    "get_experiment": "solvent.client.reads",
    "get_experiment_by_name": "solvent.client.reads",
    "get_parent_run": "solvent.client.reads",
    "get_run": "solvent.client.reads",
    "get_tracking_uri": "solvent.client.experiments",
    "last_active_run": "solvent.client.runs",
    "log_artifact": "solvent.client.logging",
    "log_artifacts": "solvent.client.logging",
    "log_dict": "solvent.client.logging",
    "log_figure": "solvent.client.logging",
    "log_image": "solvent.client.logging",
    "log_input": "solvent.client.logging",
    "log_metric": "solvent.client.logging",
    "log_metrics": "solvent.client.logging",
    "log_param": "solvent.client.logging",
    "log_params": "solvent.client.logging",
    "log_table": "solvent.client.logging",
    "log_text": "solvent.client.logging",
    "restore_experiment": "solvent.client.reads",
    "restore_run": "solvent.client.reads",
    "search_experiments": "solvent.client.reads",
    "search_runs": "solvent.client.reads",
    "set_experiment": "solvent.client.experiments",
    "set_experiment_tag": "solvent.client.reads",
    "set_tag": "solvent.client.logging",
    "set_tags": "solvent.client.logging",
    "set_tracking_uri": "solvent.client.experiments",
    "start_run": "solvent.client.runs",
}

__all__ = ["__version__", *_HOMES]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'solvent' has no attribute '{name}'")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
