"""Types inferred from Python's own values: scalars, lists, dicts, and arrays within them.

Reference: ``mlflow.types.utils`` of MLflow 3.17. Where MLflow gives up and writes "any", this raises.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from solvent.errors import InvalidInput
from solvent.models.signature.types import (
    ANY,
    MAX_DEPTH,
    AnyType,
    Array,
    Incompatible,
    Property,
    Type,
    described,
    merged,
    object_of,
)
from solvent.models.signature.values import missing, module, scalar_of, scalar_of_dtype, shown


def infer_value(value: Any, where: str, depth: int = 0) -> Type | None:
    """
    Args:
        where: what an error begins with, such as ``column 'age'``.

    Returns:
        None for an empty array of numpy's, which tells nothing.

    Raises:
        InvalidInput: values of several types, or of none that a signature has.
    """
    if depth > MAX_DEPTH:
        raise InvalidInput(f"{where}: values are nested deeper than {MAX_DEPTH} levels")
    if missing(value) or (isinstance(value, list | dict) and not value):
        return ANY
    if isinstance(value, dict):
        return object_of(_property(name, part, where, depth) for name, part in value.items())
    if isinstance(value, list):
        items = infer_values(value, where, depth)
        return None if items is None else Array(items)
    numpy = module("numpy")
    if numpy is not None and isinstance(value, numpy.ndarray):
        return _array(value, where, depth)
    try:
        return scalar_of(value)
    except InvalidInput as wrong:
        raise InvalidInput(f"{where}: {wrong}; convert it, or leave it out") from wrong


def infer_values(values: Iterable[Any], where: str, depth: int = 0) -> Type | None:
    """The type of the values of a column or a list; None if none of them tells anything."""
    found: Type | None = None
    for value in values:
        kind = infer_value(value, where, depth + 1)
        if kind is None or kind is found:
            continue
        try:
            found = kind if found is None else merged(found, kind)
        except Incompatible as wrong:
            raise InvalidInput(_several(values, where, depth, wrong)) from wrong
    return found


def _several(values: Iterable[Any], where: str, depth: int, wrong: Incompatible) -> str:
    counts: dict[str, int] = {}
    first: dict[str, str] = {}
    for row, value in enumerate(values):
        kind = infer_value(value, where, depth + 1)
        if kind is None or isinstance(kind, AnyType):
            continue
        name = described(kind)
        counts[name] = counts.get(name, 0) + 1
        first.setdefault(name, f"first in row {row}: {shown(value)}")
    told = ", ".join(f"{count} {name[:60]} ({first[name]})" for name, count in list(counts.items())[:4])
    more = f" and {len(counts) - 4} more" if len(counts) > 4 else ""
    nested = "" if str(wrong).startswith(tuple(counts)) else f" ({wrong})"
    return f"{where} holds values of several types{nested}: {told}{more}; give it values of one type"


def _property(name: Any, value: Any, where: str, depth: int) -> Property:
    if not isinstance(name, str):
        raise InvalidInput(f"{where}: keys of dicts must be texts, got {shown(name)}")
    kind = infer_value(value, f"{where}, key '{name}'", depth + 1)
    if kind is None:
        raise InvalidInput(f"{where}, key '{name}': an empty array tells no type; give it a value")
    return Property(name, kind, not isinstance(kind, AnyType))


def _array(value: Any, where: str, depth: int) -> Type | None:
    """By dtype where it tells all: arrays may be large."""
    if value.ndim == 0:
        return infer_value(value.item(), where, depth)
    if value.ndim > 1 or value.dtype.kind == "O":
        items = infer_values(value, where, depth)
        return None if items is None else Array(items)
    kind = scalar_of_dtype(value.dtype.kind, value.dtype.itemsize)
    if kind is None:
        raise InvalidInput(f"{where}: a signature has no type for arrays of {value.dtype}")
    if not len(value):
        return None
    nothing = value.dtype.kind == "f" and value.dtype.itemsize == 8 and bool((value != value).all())
    return Array(ANY if nothing else kind)
