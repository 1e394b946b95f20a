"""Params of a prediction: of their types, the others at their defaults.

Reference: ``mlflow.models.utils._enforce_params_schema`` of MLflow 3.17.
"""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Mapping
from typing import Any

from solvent.models.errors import BadInput
from solvent.models.signature.enforce_values import DoesNotFit, fitted, fitted_scalar
from solvent.models.signature.problems import Problem, refuse
from solvent.models.signature.schema import Param
from solvent.models.signature.signature import Signature
from solvent.models.signature.types import Scalar, described
from solvent.models.signature.values import module, shown


def enforce_params(params: Mapping[str, Any] | None, signature: Signature | None) -> dict[str, Any]:
    """All params that the signature knows. Others are left out, with one warning that names them.

    Raises:
        BadInput: tells each that is of another type.
    """
    known = (signature.params if signature is not None else None) or ()
    if params is not None and not isinstance(params, Mapping):
        raise BadInput(f"params: expected a dict, got {type(params).__name__} {shown(params)}")
    given = {str(name): value for name, value in (params or {}).items()}
    problems, found = [], {}
    for one in known:
        if one.name not in given:
            found[one.name] = one.default
            continue
        try:
            found[one.name] = _fitted(given[one.name], one)
        except DoesNotFit as wrong:
            problems.append(Problem(f"param '{one.name}'{wrong.path}", wrong.expected, wrong.came))
    if problems:
        raise refuse(problems)
    extra = [name for name in given if name not in found]
    if extra:
        warnings.warn(
            f"params that the model's signature does not know are left out: {', '.join(map(repr, extra[:10]))}",
            stacklevel=2,
        )
    return found


def _fitted(value: Any, one: Param) -> Any:
    if one.shape is None:
        return _value(value, one)
    numpy = module("numpy")
    if numpy is not None and isinstance(value, numpy.ndarray) and value.ndim == 1:
        value = list(value)
    if not isinstance(value, list) or any(isinstance(part, list) for part in value):
        raise DoesNotFit("", f"a list of {described(one.type)}", f"{type(value).__name__} {shown(value)}")
    return [_value(part, one, f"[{place}]") for place, part in enumerate(value)]


def _value(value: Any, one: Param, path: str = "") -> Any:
    if value is None:
        return None
    if not isinstance(one.type, Scalar):
        fitted(value, one.type, True, path)
        return value
    if one.type.name == "datetime":
        return _date(value, path)
    if one.type.name == "float" and isinstance(value, float):
        return value  # Python's own: nothing is stored in 32 bits here
    found = fitted_scalar(value, one.type.name, path)
    return float(found) if one.type.name == "float" else found


def _date(value: Any, path: str) -> Any:
    if isinstance(value, str):
        try:
            return dt.date.fromisoformat(value) if len(value) == len("2026-01-31") else dt.datetime.fromisoformat(value)
        except ValueError:
            pass
    if hasattr(value, "astype") and hasattr(value, "item"):
        value = value.astype("datetime64[us]").item()
    return fitted_scalar(value, "datetime", path)
