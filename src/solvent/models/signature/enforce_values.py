"""Python's own values against a type: conversions that lose nothing, and what does not fit."""

from __future__ import annotations

import datetime as dt
import decimal
import numbers
from collections.abc import Callable
from typing import Any

from solvent.models.signature.types import (
    AnyType,
    Map,
    Object,
    Scalar,
    SparkVector,
    Type,
    described,
)
from solvent.models.signature.values import INTEGERS, LONGS, missing, module, shown

EXACT = {"float": 2**24, "double": 2**53}
"""Whole numbers up to these are the same as floating point numbers of 32 and 64 bits."""


class DoesNotFit(Exception):
    """A value that a type can't take. ``path`` leads to it from the row's value: ``.a[3]``."""

    def __init__(self, path: str, expected: str, came: str) -> None:
        super().__init__(f"{path}: expected {expected}, came {came}")
        self.path, self.expected, self.came = path, expected, came


def fitted(value: Any, kind: Type, required: bool = True, path: str = "") -> Any:
    """The value as the model is to get it.

    Args:
        required: whether nothing (None, NaN ...) in its place is wrong.

    Raises:
        DoesNotFit: it can't be had without losing something.
    """
    if isinstance(kind, AnyType):
        return value
    if not required and missing(value):
        return value
    if isinstance(kind, Scalar):
        return fitted_scalar(value, kind.name, path)
    if isinstance(kind, Object):
        return _object(value, kind, required, path)
    if isinstance(kind, Map):
        return _map(value, kind, path)
    items = Scalar("double") if isinstance(kind, SparkVector) else kind.items
    return _array(value, items, kind, path)


def fitted_scalar(value: Any, name: str, path: str = "") -> Any:
    """
    Raises:
        DoesNotFit: texts for numbers, fractions for whole numbers, numbers that are too large ...
    """
    if isinstance(value, float) and missing(value) and name in EXACT:
        return value
    found = _SCALARS[name](value)
    if found is None:
        raise DoesNotFit(path, name, f"{type(value).__name__} {shown(value)}")
    return found


def _boolean(value: Any) -> bool | None:
    return bool(value) if type(value).__name__ in ("bool", "bool_") else None


def _whole(value: Any) -> bool:
    return isinstance(value, numbers.Integral) and not isinstance(value, bool)


def _integer(value: Any) -> int | None:
    return int(value) if _whole(value) and int(value) in INTEGERS else None


def _long(value: Any) -> int | None:
    return int(value) if _whole(value) and int(value) in LONGS else None


def _float(value: Any) -> Any:
    if _whole(value):
        return float(value) if abs(int(value)) <= EXACT["float"] else None
    return value if _floating(value, 4) else None


def _double(value: Any) -> float | None:
    if _whole(value):
        return float(value) if abs(int(value)) <= EXACT["double"] else None
    return float(value) if _floating(value, 8) or isinstance(value, decimal.Decimal) else None


def _floating(value: Any, most: int) -> bool:
    """Python's own are of 64 bits; numpy's say their size."""
    if not isinstance(value, numbers.Real) or isinstance(value, numbers.Rational):
        return False
    return bool(getattr(value, "itemsize", 8) <= most)


def _string(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _binary(value: Any) -> Any:
    return value if isinstance(value, bytes | bytearray) else None


def _datetime(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value if value.tzinfo is None else None
    numpy = module("numpy")
    known = isinstance(value, dt.date) or (numpy is not None and isinstance(value, numpy.datetime64))
    return value if known else None


_SCALARS: dict[str, Callable[[Any], Any]] = {
    "boolean": _boolean,
    "integer": _integer,
    "long": _long,
    "float": _float,
    "double": _double,
    "string": _string,
    "binary": _binary,
    "datetime": _datetime,
}


def _array(value: Any, items: Type, kind: Type, path: str) -> Any:
    numpy = module("numpy")
    array = numpy is not None and isinstance(value, numpy.ndarray)
    if not isinstance(value, list) and not (array and value.ndim):
        raise DoesNotFit(path, described(kind), f"{type(value).__name__} {shown(value)}")
    whole = isinstance(items, Scalar) and items.name in ("integer", "long", "boolean")
    found = [fitted(item, items, whole and array, f"{path}[{place}]") for place, item in enumerate(value)]
    if array and isinstance(items, Scalar) and value.dtype.kind != "O":
        return value if items.name in ("string", "binary", "datetime") else numpy.asarray(found, _DTYPES[items.name])
    return value if array else found


_DTYPES = {"boolean": "bool", "integer": "int32", "long": "int64", "float": "float32", "double": "float64"}


def _object(value: Any, kind: Object, required: bool, path: str) -> Any:
    if not isinstance(value, dict):
        raise DoesNotFit(path, described(kind), f"{type(value).__name__} {shown(value)}")
    if not required and not value:
        return value
    known = {one.name: one for one in kind.properties}
    for name, one in known.items():
        if one.required and name not in value:
            raise DoesNotFit(f"{path}.{name}", described(one.type), "no such key")
    for name in value:
        if name not in known:
            raise DoesNotFit(f"{path}.{name}", f"one of the keys {', '.join(known)}", "a key that is not known")
    return {
        name: fitted(part, known[name].type, known[name].required, f"{path}.{name}") for name, part in value.items()
    }


def _map(value: Any, kind: Map, path: str) -> Any:
    if isinstance(kind.values, AnyType) and value is None:
        return value
    if not isinstance(value, dict) or not all(isinstance(name, str) for name in value):
        raise DoesNotFit(path, f"{described(kind)} with texts as keys", f"{type(value).__name__} {shown(value)}")
    return {name: fitted(part, kind.values, True, f"{path}.{name}") for name, part in value.items()}
