"""Input examples read back: MLflow's and ours, of the types that the signature says.

Reference: ``mlflow.models.utils._read_example`` of MLflow 3.17.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from solvent.models.errors import ModelFileMissing, NotAModel
from solvent.models.signature.enforce_column import fitted_column
from solvent.models.signature.problems import Unfit
from solvent.models.signature.schema import Schema
from solvent.models.signature.signature import Signature
from solvent.models.signature.types import Array, Map, Object, Scalar, Type

MOST_BYTES = 64 << 20
"""Of a file; MLflow writes as much as it is given."""


def read_example(folder: Path, info: Mapping[str, Any], signature: Signature | None = None) -> tuple[Any, Any]:
    """
    Args:
        info: what the MLmodel file says: ``saved_input_example_info``.

    Returns:
        The data: a pandas frame, an array or a dict of such, a sparse matrix, or what JSON knows; and params, or None.

    Raises:
        ModelFileMissing: the file is not there.
        NotAModel: it is not what the MLmodel file says.
    """
    told = _read(folder, str(info.get("artifact_path")))
    params = None
    if info.get("params"):
        if not isinstance(told, dict) or not {"inputs", "params"} <= told.keys():
            raise NotAModel("the model's input example holds no params, which its MLmodel file says it does")
        told, params = told["inputs"], told["params"]
    try:
        return _data(str(info.get("type")), told, signature.inputs if signature else None), params
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, binascii.Error, Unfit) as wrong:
        raise NotAModel(f"the model's input example is not as its MLmodel file and signature say: {wrong}") from wrong


def _read(folder: Path, name: str) -> Any:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise NotAModel(f"the model's input example lies outside of its folder: {name:.80}")
    if not path.is_file():
        raise ModelFileMissing(f"the model's input example is not there: {name:.80}; log the model again")
    if path.stat().st_size > MOST_BYTES:
        raise NotAModel(f"the model's input example is larger than {MOST_BYTES:,} bytes: {name:.80}")
    try:
        return json.loads(path.read_bytes())
    except (ValueError, RecursionError) as wrong:
        raise NotAModel(f"the model's input example, {name:.80}, is no JSON: {wrong}") from wrong


def _data(kind: str, told: Any, schema: Schema | None) -> Any:
    if kind == "dataframe":
        return _frame(told, schema)
    if kind == "ndarray":
        return _arrays(told, schema)
    if kind in ("sparse_matrix_csr", "sparse_matrix_csc"):
        return _sparse(told, kind)
    if kind == "json_object":
        return told
    raise NotAModel(f"the model's input example is of a kind that is not known: {kind:.80}")


def _sparse(told: Any, kind: str) -> Any:
    from scipy.sparse import csc_matrix, csr_matrix

    make = csr_matrix if kind == "sparse_matrix_csr" else csc_matrix
    return make((told["data"], told["indices"], told["indptr"]), shape=tuple(told["shape"]))


def _arrays(told: Any, schema: Schema | None) -> Any:
    import numpy as np

    types = {one.name: np.dtype(one.dtype) for one in (schema.tensors if schema else None) or ()}
    if isinstance(told, dict):
        return {name: np.array(values, types.get(name)) for name, values in told.items()}
    return np.array(told, types.get(None))


def _frame(told: Any, schema: Schema | None) -> Any:
    import pandas as pd

    if schema is None or schema.tensors is not None:
        return pd.DataFrame(told["data"], columns=told.get("columns"))
    frame = pd.DataFrame(told["data"], columns=told.get("columns"), dtype=object)
    columns = schema.columns if schema.named else ()
    known = {one.name: one for one in columns}
    found = {}
    for name in frame.columns:
        column = known.get(name, known.get(str(name)))
        series = frame[name]
        if column is None:
            found[name] = series.infer_objects()
            continue
        parsed = [from_json(value, column.type) for value in series]
        found[name] = fitted_column(pd.Series(parsed, dtype=object), column, f"column '{name}'")
    return pd.DataFrame(found)


def from_json(value: Any, kind: Type) -> Any:
    """A value of JSON as the type says: bytes of base 64, dates of ISO 8601.

    Raises:
        ValueError: it is none.
    """
    if value is None:
        return None
    if isinstance(kind, Scalar):
        return _scalar(value, kind.name)
    if isinstance(kind, Array) and isinstance(value, list):
        return [from_json(part, kind.items) for part in value]
    if isinstance(kind, Map) and isinstance(value, dict):
        return {name: from_json(part, kind.values) for name, part in value.items()}
    if isinstance(kind, Object) and isinstance(value, dict):
        types = {one.name: one.type for one in kind.properties}
        return {name: from_json(part, types[name]) if name in types else part for name, part in value.items()}
    return value


def _scalar(value: Any, name: str) -> Any:
    if name == "binary" and isinstance(value, str):
        return base64.decodebytes(value.encode())
    if name == "datetime" and isinstance(value, str):
        return dt.datetime.fromisoformat(value)
    if name == "float" and isinstance(value, int | float) and not isinstance(value, bool):
        import numpy as np

        return np.float32(value)
    if name in ("integer", "long") and isinstance(value, float) and value.is_integer():
        return int(value)  # a frame of MLflow's with a gap in the column
    return value
