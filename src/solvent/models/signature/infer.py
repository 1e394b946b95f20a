"""``infer_signature``: what a model takes and gives, from the data that it was given and gave.

Reference: ``mlflow.models.infer_signature`` of MLflow 3.17, whose JSON this writes. MLflow swallows what goes wrong,
and writes a signature that checks nothing; here it is an error that names the column and the value.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from solvent.errors import InvalidInput
from solvent.models.signature.infer_frames import (
    column_name,
    pandas_column,
    pandas_columns,
    polars_column,
    polars_columns,
)
from solvent.models.signature.infer_params import infer_params
from solvent.models.signature.infer_values import infer_value, infer_values
from solvent.models.signature.schema import Column, Schema, Tensor, schema_of
from solvent.models.signature.signature import Signature
from solvent.models.signature.types import STRING, Array, Type
from solvent.models.signature.values import missing, module, shown

EXPECTED = (
    "a pandas or polars frame or series, a numpy array, a dict of arrays or of values, a list of dicts or of values, "
    "a sparse matrix of scipy, or one value"
)


def infer_signature(inputs: Any = None, outputs: Any = None, params: Mapping[str, Any] | None = None) -> Signature:
    """
    Args:
        inputs: some of the data that the model was trained on, without the target: rows with missing values too, if
            there are any, since a column of whole numbers takes missing values only if its sample had some.
        outputs: what the model answers for ``inputs``.
        params: what predicting may be told, each with its default.

    Raises:
        InvalidInput: nothing was given, or something has no type in a signature; names the column and the value.
    """
    if inputs is None and outputs is None and not params:
        raise InvalidInput("a signature is inferred from inputs, outputs or params: none of them was given")
    return Signature(
        None if inputs is None else _told("inputs", inputs),
        None if outputs is None else _told("outputs", outputs),
        infer_params(params) if params else None,
    )


def _told(part: str, data: Any) -> Schema:
    try:
        return infer_schema(data)
    except InvalidInput as wrong:
        raise InvalidInput(f"the signature's {part}: {wrong}") from wrong


def infer_schema(data: Any) -> Schema:
    """
    Raises:
        InvalidInput: names the column and the value.
    """
    numpy, pandas, polars, sparse = map(module, ("numpy", "pandas", "polars", "scipy.sparse"))
    if pandas is not None and isinstance(data, pandas.DataFrame):
        return schema_of(pandas_columns(data))
    if pandas is not None and isinstance(data, pandas.Series):
        return schema_of([pandas_column(data, None if data.name is None else column_name(data.name))])
    if polars is not None and isinstance(data, polars.DataFrame):
        return schema_of(polars_columns(data))
    if polars is not None and isinstance(data, polars.Series):
        return schema_of([polars_column(data, data.name or None)])
    if numpy is not None and isinstance(data, numpy.ndarray):
        return schema_of([tensor_of(data, None)])
    if sparse is not None and sparse.issparse(data):
        return schema_of([tensor_of(data, None)])
    if isinstance(data, dict):
        return _of_dict(data, numpy)
    if isinstance(data, list):
        return _of_list(data)
    return schema_of([Column(_value(data))])


def tensor_of(array: Any, name: str | None) -> Tensor:
    """Of an array or a sparse matrix: its first dimension is of any size.

    Raises:
        InvalidInput: it has no dimensions, or fields.
    """
    where = "the array" if name is None else f"array '{name}'"
    if not array.shape:
        raise InvalidInput(f"{where} has no dimensions: the first one is the rows")
    if array.dtype.kind in "VmM" and array.dtype.kind != "M":
        raise InvalidInput(f"{where} is of type {array.dtype}: a tensor has plain values; take it apart by field")
    dtype = {"U": "str", "S": "bytes"}.get(array.dtype.kind, array.dtype.name)
    return Tensor(dtype, (-1, *map(int, array.shape[1:])), name)


def _of_dict(data: dict[Any, Any], numpy: Any) -> Schema:
    wrong = next((name for name in data if not isinstance(name, str)), None)
    if wrong is not None:
        raise InvalidInput(f"keys of dicts are names of columns: expected texts, got {shown(wrong)}")
    if numpy is not None and data and all(isinstance(value, numpy.ndarray) for value in data.values()):
        return schema_of([tensor_of(value, name) for name, value in data.items()])
    return schema_of(
        [
            Column(_known(infer_value(value, f"column '{name}'"), f"column '{name}'"), name, _whole(value))
            for name, value in data.items()
        ]
    )


def _whole(value: Any) -> bool:
    return not any(map(missing, value)) if isinstance(value, list) else not missing(value)


def _of_list(data: list[Any]) -> Schema:
    if not data:
        return schema_of([Column(STRING)])  # MLflow's, since 2.9 and before
    if all(isinstance(one, dict) for one in data):
        return _of_records(data)
    return schema_of([Column(_known(infer_values(data, "the list"), "the list"))])


def _of_records(data: list[dict[Any, Any]]) -> Schema:
    names = list(dict.fromkeys(name for record in data for name in record))
    wrong = next((name for name in names if not isinstance(name, str)), None)
    if wrong is not None:
        raise InvalidInput(f"keys of dicts are names of columns: expected texts, got {shown(wrong)}")
    columns = []
    for name in names:
        kind = infer_values([record[name] for record in data if name in record], f"column '{name}'")
        required = all(record.get(name) is not None for record in data)
        columns.append(Column(_known(kind, f"column '{name}'"), name, required))
    return schema_of(columns)


def _known(kind: Type | None, where: str) -> Type:
    if kind is None:
        raise InvalidInput(f"{where} has empty arrays only, which tell no type; give it a value")
    return kind


def _value(data: Any) -> Type:
    try:
        kind = _known(infer_value(data, "the value"), "the value")
    except InvalidInput as wrong:
        raise InvalidInput(f"expected {EXPECTED}; got {type(data).__name__}") from wrong
    assert not isinstance(kind, Array)
    return kind
