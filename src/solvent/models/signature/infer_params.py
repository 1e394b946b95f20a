"""Params inferred from their defaults.

Reference: ``mlflow.types.utils._infer_param_schema`` of MLflow 3.17.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from solvent.errors import InvalidInput
from solvent.models.signature.infer_values import infer_value
from solvent.models.signature.schema import Param
from solvent.models.signature.types import BINARY, Array, Object, Scalar, Type
from solvent.models.signature.values import module, shown


def infer_params(params: Mapping[str, Any]) -> tuple[Param, ...]:
    """
    Raises:
        InvalidInput: no dict, or a default that is neither one value, a list of such, nor a dict; all are named.
    """
    if not isinstance(params, Mapping):
        raise InvalidInput(f"params: expected a dict of names and defaults, got {type(params).__name__}")
    found, wrong = [], []
    for name, value in params.items():
        try:
            found.append(_param(str(name), value))
        except InvalidInput as error:
            wrong.append(f"'{name}': {error}")
    if wrong:
        raise InvalidInput(f"the signature's params: {'; '.join(wrong)}")
    return tuple(found)


def _param(name: str, value: Any) -> Param:
    plain = _plain(value)
    kind = infer_value(plain if isinstance(plain, list) and isinstance(value, list) else value, "the default")
    if isinstance(kind, Array) and isinstance(kind.items, Scalar) and kind.items != BINARY:
        return Param(name, kind.items, plain, (-1,))
    if _holds(kind):
        return Param(name, kind, plain)  # type: ignore[arg-type]
    raise InvalidInput(f"expected one value, a list of values or a dict, got {type(value).__name__} {shown(value)}")


def _holds(kind: Type | None) -> bool:
    return isinstance(kind, Object) or (isinstance(kind, Scalar) and kind != BINARY)


def _plain(value: Any) -> Any:
    """Numpy's values as Python's own, which JSON knows."""
    numpy = module("numpy")
    if numpy is not None and isinstance(value, numpy.ndarray | numpy.generic):
        return value.tolist()
    if isinstance(value, list):
        parts = [_plain(part) for part in value]
        numbers = {type(part) for part in parts} == {int, float}
        return [float(part) for part in parts] if numbers else parts
    return value
