"""Data sets as inputs of runs: a file or folder, a data frame, an array, or an object of MLflow's kind."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Literal

from solvent.client.entities import Dataset
from solvent.errors import InvalidInput

ProfileChoice = bool | Literal["sample"] | None
"""As ``client.profiles.Choice``."""


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
    if callable(getattr(dataset, "to_dict", None)):
        return _from_mlflow(dataset.to_dict())
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

    found = fingerprint_of(path)
    facts: dict[str, Any] = {"num_bytes": found.size}
    if found.kind == "folder":
        facts["num_files"] = found.files
    made = of_path(path, found, choice)
    source = json.dumps({"uri": str(path.absolute())})
    return Dataset(
        name or path.absolute().name, found.short, "local", source, made.schema, json.dumps(facts | made.profile)
    )


def _from_frame(frame: Any, name: str | None, choice: ProfileChoice) -> Dataset:
    from solvent.client.profiles import of_frame
    from solvent.data.fingerprint.frames.frame import library_of
    from solvent.data.fingerprint.frames.frame import of_frame as fingerprint_of

    digest = fingerprint_of(frame).short
    is_arrow = library_of(frame) == "pyarrow"
    types = frame.schema.types if is_arrow else frame.dtypes
    names = frame.schema.names if is_arrow else frame.columns
    columns = [
        {"name": str(column), "type": str(kind), "required": True} for column, kind in zip(names, types, strict=True)
    ]
    rows = frame.num_rows if is_arrow else len(frame)
    profile = {"num_rows": rows, "num_elements": rows * len(columns), **of_frame(frame, choice)}
    schema = json.dumps({"mlflow_colspec": columns})
    return Dataset(name or "dataset", digest, "code", "{}", schema, json.dumps(profile))


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
