"""Data sets as inputs of runs: from a file, a data frame, an array, or an object of MLflow's kind."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from solvent.client.entities import Dataset
from solvent.errors import InvalidInput

DIGEST = 8
_CHUNK = 1 << 20


def describe(dataset: Any, name: str | None = None) -> Dataset:
    """Name, digest, source, schema and profile of what a run reads.

    Args:
        dataset: a ``Dataset``, an object with MLflow's ``to_dict()``, a path, a pandas frame, or a NumPy array.
    """
    if isinstance(dataset, Dataset):
        return dataset
    if isinstance(dataset, (str, os.PathLike)):
        return _from_file(Path(dataset), name)
    if hasattr(dataset, "columns") and hasattr(dataset, "dtypes") and type(dataset).__module__.startswith("pandas"):
        return _from_pandas(dataset, name)
    if hasattr(dataset, "shape") and hasattr(dataset, "tobytes"):
        return _from_array(dataset, name)
    if callable(getattr(dataset, "to_dict", None)):
        fields = dataset.to_dict()
        return Dataset(
            str(fields["name"]),
            str(fields["digest"]),
            str(fields["source_type"]),
            str(fields["source"]),
            fields.get("schema"),
            fields.get("profile"),
        )
    raise InvalidInput(
        f"log_input takes a path, a pandas data frame, a NumPy array or an MLflow dataset, not {type(dataset).__name__}"
    )


def dataset_fields(dataset: Dataset) -> dict[str, Any]:
    """The fields of the wire's record that are set."""
    fields = {slot: getattr(dataset, slot) for slot in Dataset.__slots__}
    return {key: value for key, value in fields.items() if value is not None}


def _from_file(path: Path, name: str | None) -> Dataset:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
        size = path.stat().st_size
    except OSError as error:
        raise InvalidInput(f"the data set '{path}' can't be read ({error.strerror}): give a file") from error
    source = json.dumps({"uri": str(path.absolute())})
    return Dataset(
        name or path.name, digest.hexdigest()[:DIGEST], "local", source, None, json.dumps({"num_bytes": size})
    )


def _from_pandas(frame: Any, name: str | None) -> Dataset:
    import pandas

    hashes = pandas.util.hash_pandas_object(frame, index=False).to_numpy().tobytes()
    columns = [{"name": str(column), "type": str(kind), "required": True} for column, kind in frame.dtypes.items()]
    digest = hashlib.sha256(hashes + json.dumps(columns).encode()).hexdigest()[:DIGEST]
    profile = {"num_rows": int(frame.shape[0]), "num_elements": int(frame.size)}
    return Dataset(
        name or "dataset", digest, "code", "{}", json.dumps({"mlflow_colspec": columns}), json.dumps(profile)
    )


def _from_array(array: Any, name: str | None) -> Dataset:
    shape, kind = list(array.shape), str(array.dtype)
    digest = hashlib.sha256(array.tobytes() + json.dumps([shape, kind]).encode()).hexdigest()[:DIGEST]
    schema = {"mlflow_tensorspec": {"features": [{"type": "tensor", "tensor-spec": {"dtype": kind, "shape": shape}}]}}
    profile = {"features_shape": shape, "features_size": int(array.size)}
    return Dataset(name or "dataset", digest, "code", "{}", json.dumps(schema), json.dumps(profile))
