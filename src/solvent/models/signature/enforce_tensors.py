"""Arrays against tensors: dtype and shape are as the signature says; -1 in a shape is any size.

Reference: ``mlflow.models.utils._enforce_tensor_schema`` of MLflow 3.17.
"""

from __future__ import annotations

import warnings
from typing import Any

from solvent.models.errors import BadInput
from solvent.models.signature.problems import Problem, Unfit, refuse
from solvent.models.signature.schema import Tensor, describe_schema, schema_of
from solvent.models.signature.values import module, shown


def enforce_tensors(data: Any, tensors: tuple[Tensor, ...]) -> Any:
    """
    Returns:
        A dict of arrays if they have names, else one array or sparse matrix.

    Raises:
        BadInput: tells all tensors that are missing or wrong.
    """
    frame = _pandas(data)
    if tensors[0].name is None:
        return _alone(data if frame is None else frame, tensors[0], frame is not None)
    if len(tensors) == 1 and hasattr(data, "dtype") and frame is None:
        data = {tensors[0].name: data}
    if frame is None and not isinstance(data, dict):
        told = describe_schema(schema_of(tensors))
        raise BadInput(f"the model takes arrays by name ({told}): expected a dict of arrays, got {type(data).__name__}")
    return _by_name(data if frame is None else frame, tensors, frame is not None)


def _pandas(data: Any) -> Any:
    pandas, polars = module("pandas"), module("polars")
    if pandas is not None and isinstance(data, pandas.DataFrame):
        return data
    if pandas is not None and isinstance(data, pandas.Series):
        return data.to_frame()
    if pandas is not None and polars is not None and isinstance(data, polars.DataFrame):
        return pandas.DataFrame({one.name: list(one) if one.dtype.is_nested() else one.to_numpy() for one in data})
    return None


def _alone(data: Any, tensor: Tensor, is_frame: bool) -> Any:
    numpy, sparse = module("numpy"), module("scipy.sparse")
    try:
        if is_frame:
            return _of_frame(data, tensor)
        if isinstance(data, numpy.ndarray) if numpy is not None else False:
            return _checked(data, tensor, "the input")
        if sparse is not None and sparse.issparse(data):
            return _checked(data, tensor, "the input")
    except Unfit as wrong:
        raise refuse([wrong.problem]) from None
    expected = f"an array of {tensor.dtype} {tensor.shape}"
    raise BadInput(f"the model takes {expected}, or a frame of such numbers: got {type(data).__name__} {shown(data)}")


def _of_frame(frame: Any, tensor: Tensor) -> Any:
    width = len(frame.columns)
    if not len(frame) or not width:
        raise Unfit(Problem("the input", f"rows of {tensor.dtype}", "an empty frame"))
    if width == 1:
        return _of_series(frame.iloc[:, 0], tensor, "the input")
    if tensor.shape != (-1, width):
        raise Unfit(Problem("the input", f"the shape {tensor.shape}", f"a frame of {width} columns"))
    return _checked(frame.to_numpy(), tensor, "the input")


def _by_name(data: Any, tensors: tuple[Tensor, ...], is_frame: bool) -> Any:
    names = list(data.columns) if is_frame else list(data)
    problems, found = [], {}
    for tensor in tensors:
        where = f"array '{tensor.name}'"
        if tensor.name not in names:
            problems.append(Problem(where, f"{tensor.dtype} {tensor.shape}", "no such array"))
            continue
        try:
            value = data[tensor.name]
            found[tensor.name] = _of_series(value, tensor, where) if is_frame else _of_value(value, tensor, where)
        except Unfit as wrong:
            problems.append(wrong.problem)
    if problems:
        raise refuse(problems)
    extra = [name for name in names if name not in found]
    if extra:
        told = ", ".join(map(repr, extra[:10]))
        warnings.warn(f"arrays that the model's signature does not know are left out: {told}", stacklevel=4)
    return found


def _of_value(value: Any, tensor: Tensor, where: str) -> Any:
    numpy = module("numpy")
    if numpy is None or not isinstance(value, numpy.ndarray):
        raise Unfit(
            Problem(where, f"an array of {tensor.dtype} {tensor.shape}", f"{type(value).__name__} {shown(value)}")
        )
    return _checked(value, tensor, where)


def _checked(array: Any, tensor: Tensor, where: str) -> Any:
    shape, dtype = tuple(array.shape), {"U": "str", "S": "bytes"}.get(array.dtype.kind, array.dtype.name)
    ragged = dtype == "object" and len(shape) == 1
    if (tensor.shape == (-1,) and tensor.dtype == "object") or (ragged and -1 in tensor.shape[1:]):
        return array  # arrays of several lengths, whose inside no dtype tells
    same = len(shape) == len(tensor.shape) and all(
        size in (-1, came) for size, came in zip(tensor.shape, shape, strict=True)
    )
    if not same:
        raise Unfit(Problem(where, f"the shape {tensor.shape}", f"the shape {shape}"))
    if dtype != tensor.dtype:
        hint = f"convert it: .astype('{tensor.dtype}')"
        raise Unfit(Problem(where, tensor.dtype, dtype, hint=hint))
    return array


def _of_series(series: Any, tensor: Tensor, where: str) -> Any:
    """A column of numbers is one dimension; a column of lists or arrays, several."""
    import numpy as np

    if tensor.shape[0] != -1 or -1 in tensor.shape[1:]:
        raise Unfit(Problem(where, f"the shape {tensor.shape}", "a column, whose rows all have one shape"))
    first = series.iloc[0] if len(series) else None
    if isinstance(first, list | np.ndarray):
        return _stacked(series.to_list(), tensor, where)
    if tensor.shape not in ((-1,), (-1, 1)):
        raise Unfit(Problem(where, f"the shape {tensor.shape}", "a column of single values"))
    return _cast(series.to_numpy(), tensor, where).reshape(tensor.shape)


def _stacked(rows: list[Any], tensor: Tensor, where: str) -> Any:
    import numpy as np

    try:
        array = np.vstack(rows).reshape(tensor.shape)
    except ValueError:
        array = None
    if array is None or len(array) != len(rows):
        raise Unfit(Problem(where, f"the shape {tensor.shape}", f"rows such as {shown(rows[0])}"))
    if isinstance(rows[0], np.ndarray):
        return _checked(array, tensor, where)  # arrays say their type, lists don't
    return _cast(array, tensor, where)


def _cast(array: Any, tensor: Tensor, where: str) -> Any:
    """As the tensor's dtype, if no value changes by it."""
    import numpy as np

    try:
        with np.errstate(all="ignore"):
            found = array.astype(np.dtype(tensor.dtype))
            same = bool(((found == array) | (array != array)).all()) or tensor.dtype in ("float32", "float16")
        texts = found.dtype.kind in "US" or array.dtype.kind in "USO"
    except (ValueError, TypeError):
        same, texts = False, False
    if not same or (texts and np.dtype(tensor.dtype).kind != array.dtype.kind and array.dtype.kind != "O"):
        raise Unfit(Problem(where, tensor.dtype, str(array.dtype), hint="its values would not stay the same"))
    return found
