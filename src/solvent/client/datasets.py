"""Data sets as inputs of runs: a file or folder, a data frame, an array, or an object of MLflow's kind."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Literal

import msgspec

from solvent.client.entities import Dataset
from solvent.client.say import say
from solvent.errors import InvalidInput

ProfileChoice = bool | Literal["sample"] | None
"""As ``client.profiles.Choice``."""


_MLFLOW = {"name", "digest", "source_type", "source"}
LONG = 2_000_000_000
"""Bytes whose reading takes long enough to be told of it."""


def describe(dataset: Any, name: str | None = None, profile: ProfileChoice = False) -> Dataset:
    """Name, digest, source, schema and profile of what a run reads.

    Args:
        dataset: a ``Dataset``, an object with MLflow's ``to_dict()``, a path, a pandas or Polars frame, an Arrow table,
            or a NumPy array.
        profile: whether one is made: True (an error if it can't be), "sample" (of some rows), None (if it can be); of a ``Dataset``, an MLflow object or an array none is made.

    Raises:
        InvalidInput: it is nothing of the kind, or its data can't be read.
    """
    if isinstance(dataset, Dataset):
        return dataset
    if isinstance(dataset, (str, os.PathLike)):
        return _from_path(Path(dataset), name, profile)
    from solvent.data.fingerprint.frames.frame import library_of

    if library_of(dataset):
        return _from_frame(dataset, name, profile)
    if hasattr(dataset, "shape") and hasattr(dataset, "tobytes"):
        return _from_array(dataset, name)
    if callable(getattr(dataset, "to_dict", None)) and (fields := dataset.to_dict()).keys() >= _MLFLOW:
        return _from_mlflow(fields)
    raise InvalidInput(
        "log_input takes a path, a pandas or Polars data frame, an Arrow table, a NumPy array or an MLflow dataset, not "
        f"{type(dataset).__name__}"
    )


def dataset_fields(dataset: Dataset) -> dict[str, Any]:
    """The fields of the wire's record that are set."""
    fields = {slot: getattr(dataset, slot) for slot in Dataset.__slots__}
    return {key: value for key, value in fields.items() if value is not None}


def _from_path(path: Path, name: str | None, choice: ProfileChoice) -> Dataset:
    from solvent.client.profiles import of_path
    from solvent.data.fingerprint.paths import of_path as fingerprint_of

    def tell(done: int, total: int) -> None:
        if not done and total >= LONG:
            say(f"reading {total / 1e9:.1f} GB of '{path}' for its fingerprint, once")

    found = fingerprint_of(path, progress=tell)
    facts: dict[str, Any] = {"num_bytes": found.size}
    if found.kind == "folder":
        facts["num_files"] = found.files
    made = of_path(path, found, choice)
    source = json.dumps({"uri": str(path.absolute())})
    return Dataset(name or path.absolute().name, found.short, "local", source, made.schema, _json(facts | made.profile))


def _from_frame(frame: Any, name: str | None, choice: ProfileChoice) -> Dataset:
    from solvent.client.colspec import Column, colspec
    from solvent.client.profiles import of_frame
    from solvent.data.fingerprint.frames.frame import look_at

    seen = look_at(frame)
    profile = {"num_rows": seen.rows, "num_elements": seen.rows * len(seen.columns), **of_frame(frame, choice)}
    schema = colspec(Column(each.name, each.kind, not each.missing) for each in seen.columns)
    return Dataset(name or "dataset", seen.fingerprint.short, "code", "{}", schema, _json(profile))


def _from_array(array: Any, name: str | None) -> Dataset:
    from solvent.data.fingerprint.arrays import of_array

    shape, kind = list(array.shape), str(array.dtype)
    schema = {"mlflow_tensorspec": {"features": [{"type": "tensor", "tensor-spec": {"dtype": kind, "shape": shape}}]}}
    profile = {"features_shape": shape, "features_size": int(array.size)}
    return Dataset(name or "dataset", of_array(array).short, "code", "{}", json.dumps(schema), json.dumps(profile))


def _from_mlflow(fields: dict[str, Any]) -> Dataset:
    return Dataset(
        str(fields["name"]),
        str(fields["digest"]),
        str(fields["source_type"]),
        str(fields["source"]),
        fields.get("schema"),
        fields.get("profile"),
    )


def _json(profile: dict[str, Any]) -> str:
    """Infinite numbers, which JSON does not have, become null."""
    return msgspec.json.encode(profile).decode()
