"""Solvent keeps an ML system free of technical debt.

``import solvent`` costs next to nothing: each public name loads its module when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # a decorator of unknown type would take the types of what it decorates
    from solvent.data.features.registered import feature as feature

__version__ = "0.1.0"

_HOMES: dict[str, str] = {
    "ActiveRun": "solvent.client.process.active",
    "Client": "solvent.client.client",
    "Dataset": "solvent.client.entities",
    "Experiment": "solvent.client.entities",
    "Run": "solvent.client.entities",
    "ViewType": "solvent.client.views",
    "active_run": "solvent.client.fluent.runs",
    "autolog": "solvent.client.autolog.autolog",
    "check": "solvent.client.check",
    "create_experiment": "solvent.client.fluent.reads",
    "delete_experiment": "solvent.client.fluent.reads",
    "delete_run": "solvent.client.fluent.reads",
    "delete_tag": "solvent.client.fluent.logging",
    "end_run": "solvent.client.fluent.runs",
    "feature": "solvent.data.features.registered",
    "flush": "solvent.client.fluent.logging",
    "get_artifact_uri": "solvent.client.fluent.reads",
    "get_experiment": "solvent.client.fluent.reads",
    "get_experiment_by_name": "solvent.client.fluent.reads",
    "get_parent_run": "solvent.client.fluent.reads",
    "get_run": "solvent.client.fluent.reads",
    "get_tracking_uri": "solvent.client.fluent.experiments",
    "infer_signature": "solvent.models.signature.infer",
    "last_active_run": "solvent.client.fluent.runs",
    "load_model": "solvent.client.models.loading",
    "log_artifact": "solvent.client.fluent.logging",
    "log_artifacts": "solvent.client.fluent.logging",
    "log_dict": "solvent.client.fluent.logging",
    "log_figure": "solvent.client.fluent.logging",
    "log_image": "solvent.client.fluent.logging",
    "log_input": "solvent.client.fluent.logging",
    "log_metric": "solvent.client.fluent.logging",
    "log_metrics": "solvent.client.fluent.logging",
    "log_param": "solvent.client.fluent.logging",
    "log_params": "solvent.client.fluent.logging",
    "log_table": "solvent.client.fluent.logging",
    "log_text": "solvent.client.fluent.logging",
    "register_model": "solvent.client.models.registering",
    "restore_experiment": "solvent.client.fluent.reads",
    "restore_run": "solvent.client.fluent.reads",
    "run": "solvent.running",
    "search_experiments": "solvent.client.fluent.reads",
    "search_runs": "solvent.client.fluent.reads",
    "set_experiment": "solvent.client.fluent.experiments",
    "set_experiment_tag": "solvent.client.fluent.reads",
    "set_tag": "solvent.client.fluent.logging",
    "set_tags": "solvent.client.fluent.logging",
    "set_tracking_uri": "solvent.client.fluent.experiments",
    "start_run": "solvent.client.fluent.runs",
}

_MODULES = ("lightgbm", "onnx", "pyfunc", "pytorch", "sklearn", "xgboost")
"""Reached as ``solvent.sklearn`` without an import of their own; a star import does not bring them, since their names are
those of the libraries."""

__all__ = ["__version__", *_HOMES]


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(f"solvent.{name}")
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'solvent' has no attribute '{name}'")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
