"""What a model takes, gives and may be told: columns or tensors, and params.

Reference: ``mlflow.types.schema`` of MLflow 3.17.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from solvent.errors import InvalidInput
from solvent.models.errors import NotAModel
from solvent.models.signature.types import DATETIME, AnyType, Type, described, type_from_json, type_json

Name = str | int | None
"""Of a column: pandas numbers those that nobody named; None is a column alone, such as a list of predictions."""


class Column(msgspec.Struct, frozen=True):
    """``required``: the column must be there. What it may lack is a whole number's value: see ``enforce``."""

    type: Type
    name: Name = None
    required: bool = True


class Tensor(msgspec.Struct, frozen=True):
    """``dtype`` is numpy's name, without a size for texts; -1 in ``shape`` is any size."""

    dtype: str
    shape: tuple[int, ...]
    name: str | None = None


class Param(msgspec.Struct, frozen=True):
    """``shape`` is None for one value and (-1,) for a list."""

    name: str
    type: Type
    default: Any
    shape: tuple[int, ...] | None = None


class Schema(msgspec.Struct, frozen=True):
    """Columns, or tensors; either all have names, or none has."""

    parts: tuple[Column, ...] | tuple[Tensor, ...]

    @property
    def tensors(self) -> tuple[Tensor, ...] | None:
        """None if it is of columns."""
        return tuple(one for one in self.parts if isinstance(one, Tensor)) or None

    @property
    def columns(self) -> tuple[Column, ...]:
        return tuple(one for one in self.parts if isinstance(one, Column))

    @property
    def named(self) -> bool:
        return self.parts[0].name is not None

    @property
    def any_value(self) -> bool:
        """Whether nothing is known: what MLflow writes where it could not infer."""
        first = self.parts[0]
        return len(self.parts) == 1 and isinstance(first, Column) and isinstance(first.type, AnyType) and not self.named


def schema_of(parts: Iterable[Column] | Iterable[Tensor]) -> Schema:
    """
    Raises:
        InvalidInput: no parts, a name twice, or some of them without names.
    """
    kept: tuple[Column | Tensor, ...] = tuple(parts)
    if not kept:
        raise InvalidInput("no columns: a signature needs at least one")
    twice = [name for name, count in Counter(one.name for one in kept).items() if count > 1 and name is not None]
    if twice:
        raise InvalidInput(f"column '{twice[0]}' stands twice: a signature tells columns by name")
    if len({one.name is None for one in kept}) > 1:
        raise InvalidInput("some columns have names and others have none: name all, or none")
    if kept[0].name is None and any(isinstance(one, Column) and not one.required for one in kept):
        raise InvalidInput("missing values in a column without a name: name it, or take values that are all there")
    return Schema(kept)  # type: ignore[arg-type]


def schema_json(schema: Schema) -> str:
    return json.dumps([_part_json(one) for one in schema.parts])


def _part_json(one: Column | Tensor) -> dict[str, Any]:
    if isinstance(one, Tensor):
        said = {"type": "tensor", "tensor-spec": {"dtype": one.dtype, "shape": list(one.shape)}}
        return said if one.name is None else {"name": one.name, **said}
    name = {} if one.name is None else {"name": one.name}
    return {**type_json(one.type), **name, "required": one.required}


def params_json(params: Iterable[Param]) -> str:
    return json.dumps([_param_json(one) for one in params])


def _param_json(one: Param) -> dict[str, Any]:
    shape = None if one.shape is None else list(one.shape)
    return {"name": one.name, "default": _jsonable(one.default), "shape": shape, **type_json(one.type)}


def _jsonable(value: Any) -> Any:
    if isinstance(value, list):
        return [_jsonable(part) for part in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def schema_from_json(text: str, part: str) -> Schema:
    """
    Args:
        part: "inputs" or "outputs", for what is said of an error.

    Raises:
        NotAModel: it is not what MLflow writes.
    """
    said = _list_of_objects(text, part)
    try:
        if all(one.get("type") == "tensor" for one in said):
            return schema_of([_tensor(one) for one in said])
        return schema_of([_column(one) for one in said])
    except NotAModel:
        raise
    except InvalidInput as wrong:
        raise NotAModel(f"the model's signature, {part}: {wrong}") from wrong


def params_from_json(text: str) -> tuple[Param, ...]:
    return tuple(_param(one) for one in _list_of_objects(text, "params"))


def _list_of_objects(text: str, part: str) -> list[dict[str, Any]]:
    try:
        said = json.loads(text)
    except (ValueError, TypeError, RecursionError) as error:
        raise NotAModel(f"the model's signature, {part}: no JSON: {error}") from error
    if not isinstance(said, list) or not all(isinstance(one, dict) for one in said):
        raise NotAModel(f"the model's signature, {part}: expected a list of objects")
    return said


def _column(said: Mapping[str, Any]) -> Column:
    name = said.get("name")
    if not isinstance(name, str | int | None):
        raise NotAModel(f"the model's signature has a column whose name is neither text nor number: {name!r:.80}")
    return Column(type_from_json(said), name, said.get("required") is not False)


def _tensor(said: Mapping[str, Any]) -> Tensor:
    spec, name = said.get("tensor-spec"), said.get("name")
    shape = spec.get("shape") if isinstance(spec, dict) else None
    dtype = spec.get("dtype") if isinstance(spec, dict) else None
    if not isinstance(shape, list) or not all(type(size) is int for size in shape) or not isinstance(dtype, str):
        raise NotAModel("the model's signature has a tensor without dtype and shape")
    return Tensor(dtype, tuple(shape), None if name is None else str(name))


def _param(said: Mapping[str, Any]) -> Param:
    if "name" not in said or "default" not in said:
        raise NotAModel("the model's signature has a param without name and default")
    kind = type_from_json({**said, "type": said.get("type") or said.get("dtype")})
    shape = said.get("shape")
    if shape not in (None, [-1]):
        raise NotAModel(f"the model's signature, param '{said['name']}': expected no shape, or [-1], got {shape!r:.80}")
    default = _dates(said["default"], str(said["name"])) if kind == DATETIME else said["default"]
    return Param(str(said["name"]), kind, default, None if shape is None else (-1,))


def _dates(value: Any, name: str) -> Any:
    if isinstance(value, list):
        return [_dates(part, name) for part in value]
    if value is None:
        return None
    try:
        return dt.date.fromisoformat(value) if len(value) == len("2026-01-31") else dt.datetime.fromisoformat(value)
    except (ValueError, TypeError) as wrong:
        raise NotAModel(f"the model's signature, param '{name}': its default is no date: {value!r:.80}") from wrong


def describe_schema(schema: Schema) -> str:
    """One line for people.

    >>> from solvent.models.signature.types import LONG, STRING
    >>> describe_schema(Schema((Column(LONG, "age"), Column(STRING, "city", False))))
    'age: long, city: string (optional)'
    """
    return ", ".join(map(_described_part, schema.parts))


def _described_part(one: Column | Tensor) -> str:
    name = "" if one.name is None else f"{one.name}: "
    if isinstance(one, Tensor):
        return f"{name}tensor of {one.dtype} {one.shape}"
    return f"{name}{described(one.type)}{'' if one.required else ' (optional)'}"
