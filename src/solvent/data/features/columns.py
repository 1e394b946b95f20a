"""Which columns there are: those that contracts name, and those that a run's data sets had."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from solvent.data.errors import InvalidContract

CONTRACTS = (".odcs.yaml", ".odcs.yml")


def contract_columns(path: Path) -> frozenset[str]:
    """The names of all columns of all tables of a contract, as data calls them.

    Raises:
        InvalidContract: it can't be read, is none, or has no columns.
        NotSupported: the extra [data] is not installed.
    """
    from solvent.data.contract.read import read_contract

    names = frozenset(column.name for table in read_contract(path).tables for column in table.columns)
    if not names:
        raise InvalidContract(f"{path}: no column found: expected schema: [{{name: ..., properties: [{{name: ...}}]}}]")
    return names


def dataset_columns(schema: str | None, profile: str | None) -> list[str] | None:
    """The names of the columns of a data set that a run logged, from MLflow's or our own JSON; None if none are told."""
    described = _json(schema)
    for key in ("mlflow_colspec", "mlflow_tensorspec"):
        names = _names(described.get(key))
        if names:
            return names
    return _names(described.get("columns")) or _names(_json(profile).get("columns")) or None


def _names(value: Any) -> list[str]:
    """The names in a list of blocks, or in MLflow's pairs of features and targets, which may be JSON texts."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return []
    if isinstance(value, dict):
        return [name for each in value.values() for name in _names(each)]
    return [str(each["name"]) for each in _blocks(value) if each.get("name") is not None]


def _blocks(value: Any) -> list[dict[Any, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _json(text: str | None) -> dict[str, Any]:
    try:
        value = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
