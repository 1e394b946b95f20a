"""Input examples: a few rows that a model takes, kept beside it as MLflow keeps them.

Reference: ``mlflow.models.utils._Example`` of MLflow 3.17. ``input_example.json`` holds the data (and the params, if
there are any), ``serving_input_example.json`` the same as a request to a scoring server.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from solvent.errors import InvalidInput
from solvent.models.signature.infer_params import infer_params
from solvent.models.signature.values import missing, module, shown

FILE = "input_example.json"
SERVING_FILE = "serving_input_example.json"
MOST_ROWS = 5
MOST_BYTES = 1 << 20

_LLM = ("messages", "prompt", "input")
"""A dict with one of these keys is itself a request to a scoring server of MLflow's."""


class Example:
    """``data`` are at most 5 rows; ``notice`` says so if there were more.

    >>> Example([1, 2, 3, 4, 5, 6]).notice
    'the input example holds the first 5 of 6 rows'
    """

    def __init__(self, data: Any, params: Mapping[str, Any] | None = None) -> None:
        """
        Args:
            data: what ``infer_signature`` takes as inputs, but small.

        Raises:
            InvalidInput: no JSON can be made of it, or more than 1 MB of JSON.
        """
        if params is not None:
            infer_params(params)
        frame = _frame(data)
        self.data, self.notice = _first_rows(data if frame is None else frame)
        self.params = None if params is None else dict(params)
        kind, told = _told(self.data)
        self.info: dict[str, Any] = {"artifact_path": FILE, **kind, "serving_input_path": SERVING_FILE}
        if self.params:
            self.info["params"] = "true"
        self._text = _json(told if params is None else {"inputs": told, "params": self.params})
        self._serving = _json(self._request(told), indent=2)
        if len(self._text) > MOST_BYTES:
            raise InvalidInput(
                f"the input example has {len(self._text):,} bytes of JSON: at most {MOST_BYTES:,} are kept; "
                "give fewer or smaller values"
            )

    def _request(self, told: Any) -> dict[str, Any]:
        if isinstance(self.data, dict) and any(key in self.data for key in _LLM):
            return {**told, **(self.params or {})}
        sparse = self.info["type"].startswith("sparse")
        key = "dataframe_split" if self.info["type"] == "dataframe" else "inputs"
        return {key: self.data.toarray() if sparse else told, **({"params": self.params} if self.params else {})}

    def save(self, folder: Path) -> dict[str, Any]:
        """Write both files; what comes back stands in the MLmodel file as ``saved_input_example_info``."""
        (folder / FILE).write_text(self._text)
        (folder / SERVING_FILE).write_text(self._serving)
        return dict(self.info)


def _frame(data: Any) -> Any:
    """A pandas frame of a series or of polars' own; None of anything else."""
    pandas, polars = module("pandas"), module("polars")
    if pandas is not None and isinstance(data, pandas.Series):
        return data.to_frame()
    if polars is not None and isinstance(data, polars.Series):
        data = data.to_frame()
    if polars is not None and isinstance(data, polars.DataFrame):
        import pandas as pd

        return pd.DataFrame({one.name: pd.Series(one.to_list()[: MOST_ROWS + 1], dtype=object) for one in data})
    return None


def _first_rows(data: Any) -> tuple[Any, str | None]:
    if isinstance(data, dict):
        return _first_of_dict(data)
    if not hasattr(data, "shape") and not isinstance(data, list):
        return data, None
    rows = data.shape[0] if getattr(data, "shape", None) else len(data) if isinstance(data, list) else 0
    if rows <= MOST_ROWS:
        return data, None
    kept = data.iloc[:MOST_ROWS] if hasattr(data, "iloc") else data[:MOST_ROWS]
    return kept, f"the input example holds the first {MOST_ROWS} of {rows:,} rows"


def _first_of_dict(data: dict[Any, Any]) -> tuple[Any, str | None]:
    """Arrays by name have rows; a dict of other values is one row itself."""
    arrays = _are_arrays(data)
    rows = max((len(value) for value in data.values()), default=0) if arrays else 0
    if rows <= MOST_ROWS:
        return data, None
    kept = {name: value[:MOST_ROWS] for name, value in data.items()}
    return kept, f"the input example holds the first {MOST_ROWS} of {rows:,} rows"


def _are_arrays(data: dict[Any, Any]) -> bool:
    numpy = module("numpy")
    return numpy is not None and bool(data) and all(isinstance(value, numpy.ndarray) for value in data.values())


def _told(data: Any) -> tuple[dict[str, str], Any]:
    """What the MLmodel file says of it, and what JSON is made of."""
    numpy, pandas, sparse = module("numpy"), module("pandas"), module("scipy.sparse")
    if pandas is not None and isinstance(data, pandas.DataFrame):
        split = {"columns": list(data.columns), "data": [list(row) for row in data.itertuples(index=False, name=None)]}
        if split["columns"] == list(range(len(data.columns))):
            return {"type": "dataframe", "pandas_orient": "values"}, {"data": split["data"]}
        return {"type": "dataframe", "pandas_orient": "split"}, split
    if numpy is not None and isinstance(data, numpy.ndarray):
        return {"type": "ndarray"}, data
    if sparse is not None and sparse.issparse(data):
        if data.format not in ("csr", "csc"):
            raise InvalidInput(f"input example: sparse matrices are kept as csr or csc, got {data.format}: convert it")
        parts = {"data": data.data, "indices": data.indices, "indptr": data.indptr, "shape": list(data.shape)}
        return {"type": f"sparse_matrix_{data.format}"}, parts
    if isinstance(data, dict) and _are_arrays(data):
        return {"type": "ndarray"}, data
    if isinstance(data, dict | list | str | bytes | bool | int | float | dt.date):
        return {"type": "json_object"}, data
    raise InvalidInput(
        "input example: expected a frame, an array, a dict, a list, a sparse matrix or one value, "
        f"got {type(data).__name__} {shown(data)}"
    )


def _json(value: Any, indent: int | None = None) -> str:
    try:
        return json.dumps(_plain(value), indent=indent, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as wrong:
        raise InvalidInput(f"input example: no JSON can be made of it: {wrong}") from wrong


def _plain(value: Any) -> Any:
    """As MLflow's encoder: bytes in base 64, dates in ISO 8601; what is missing is null, also where MLflow says NaN."""
    if isinstance(value, dict):
        return {_key(name): _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if missing(value) or (isinstance(value, float) and math.isinf(value)):
        return None
    if isinstance(value, bytes | bytearray):
        return base64.encodebytes(value).decode("ascii")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    numpy = module("numpy")
    if numpy is not None and isinstance(value, numpy.datetime64):
        return str(value)
    if numpy is not None and isinstance(value, numpy.ndarray):
        return _plain(value.tolist()) if value.dtype.kind != "M" else _plain(value.astype(object).tolist())
    if numpy is not None and isinstance(value, numpy.generic):
        return _plain(value.item())
    return value


def _key(name: Any) -> Any:
    return name if isinstance(name, str) else str(name)
