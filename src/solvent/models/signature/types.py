"""The types that MLflow's signatures know, their JSON, and what two of them have in common.

Reference: ``mlflow.types.schema`` of MLflow 3.17.
"""

from __future__ import annotations

from typing import Any

import msgspec

from solvent.errors import InvalidInput
from solvent.models.errors import NotAModel

SCALARS = ("boolean", "integer", "long", "float", "double", "string", "binary", "datetime")
"""integer and float have 32 bits, long and double 64."""

MAX_DEPTH = 40
"""Of types within types."""


class Scalar(msgspec.Struct, frozen=True):
    name: str


class Array(msgspec.Struct, frozen=True):
    items: Type


class Property(msgspec.Struct, frozen=True):
    name: str
    type: Type
    required: bool = True


class Object(msgspec.Struct, frozen=True):
    """``properties`` are sorted by name."""

    properties: tuple[Property, ...]


class Map(msgspec.Struct, frozen=True):
    values: Type


class AnyType(msgspec.Struct, frozen=True):
    """Not known: only missing values were seen. Nothing is checked."""


class SparkVector(msgspec.Struct, frozen=True):
    """A vector of Spark ML: an array of double."""


Type = Scalar | Array | Object | Map | AnyType | SparkVector

BOOLEAN, INTEGER, LONG, FLOAT, DOUBLE, STRING, BINARY, DATETIME = map(Scalar, SCALARS)
ANY = AnyType()


class Incompatible(InvalidInput):
    """Two types that values of one place can't both have."""


def type_json(kind: Type) -> dict[str, Any]:
    """As it stands in an MLmodel file.

    >>> type_json(Array(LONG))
    {'type': 'array', 'items': {'type': 'long'}}
    """
    match kind:
        case Scalar(name):
            return {"type": name}
        case Array(items):
            return {"type": "array", "items": type_json(items)}
        case Object(properties):
            return {"type": "object", "properties": {one.name: _property_json(one) for one in properties}}
        case Map(values):
            return {"type": "map", "values": type_json(values)}
        case SparkVector():
            return {"type": "sparkml_vector"}
        case AnyType():
            return {"type": "any"}


def _property_json(one: Property) -> dict[str, Any]:
    return {**type_json(one.type), "required": one.required}


def type_from_json(said: Any, depth: int = 0) -> Type:
    """
    Raises:
        NotAModel: no such type, or nested too deeply.
    """
    if not isinstance(said, dict):
        raise NotAModel(f"a type in the model's signature is no object: {said!r:.80}")
    if depth > MAX_DEPTH:
        raise NotAModel(f"a type in the model's signature is nested deeper than {MAX_DEPTH} levels")
    name = said.get("type")
    if name in SCALARS:
        return Scalar(name)
    if name == "array":
        return Array(type_from_json(said.get("items"), depth + 1))
    if name == "map":
        return Map(type_from_json(said.get("values"), depth + 1))
    if name == "object":
        return _object_from_json(said.get("properties"), depth)
    if name == "any":
        return ANY
    if name == "sparkml_vector":
        return SparkVector()
    raise NotAModel(f"the model's signature names a type that is not known: {name!r:.80}")


def _object_from_json(said: Any, depth: int) -> Object:
    if not isinstance(said, dict) or not said or not all(isinstance(part, dict) for part in said.values()):
        raise NotAModel("an object in the model's signature has no properties")
    return object_of(
        Property(name, type_from_json(part, depth + 1), part.get("required") is not False)
        for name, part in said.items()
    )


def object_of(properties: Any) -> Object:
    return Object(tuple(sorted(properties, key=lambda one: one.name)))


def described(kind: Type) -> str:
    """For people.

    >>> described(Object((Property("a", Array(LONG)), Property("b", STRING, False))))
    'object {a: array of long, b: string (optional)}'
    """
    match kind:
        case Scalar(name):
            return name
        case Array(items):
            return f"array of {described(items)}"
        case Object(properties):
            parts = (f"{one.name}: {described(one.type)}{'' if one.required else ' (optional)'}" for one in properties)
            return f"object {{{', '.join(parts)}}}"
        case Map(values):
            return f"map of {described(values)}"
        case SparkVector():
            return "vector of Spark ML"
        case AnyType():
            return "any"


def merged(one: Type, other: Type) -> Type:
    """The type that values of both have: properties that only one has, or that are missing in one, become optional.

    Raises:
        Incompatible: there is none.
    """
    if one == other:
        return one
    if isinstance(one, AnyType) or isinstance(other, AnyType):
        known = other if isinstance(one, AnyType) else one
        return Object(tuple(_optional(part) for part in known.properties)) if isinstance(known, Object) else known
    if isinstance(one, Array) and isinstance(other, Array):
        return Array(merged(one.items, other.items))
    if isinstance(one, Map) and isinstance(other, Map):
        return Map(merged(one.values, other.values))
    if isinstance(one, Object) and isinstance(other, Object):
        return _merged_objects(one, other)
    raise Incompatible(f"{described(one)} and {described(other)}")


def _merged_objects(one: Object, other: Object) -> Object:
    parts = {part.name: part for part in one.properties}
    for part in other.properties:
        mine = parts.get(part.name)
        if mine is None:
            parts[part.name] = _optional(part)
            continue
        try:
            parts[part.name] = Property(part.name, merged(mine.type, part.type), mine.required and part.required)
        except Incompatible as wrong:
            raise Incompatible(f"property '{part.name}': {wrong}") from wrong
    theirs = {part.name for part in other.properties}
    return object_of(part if part.name in theirs else _optional(part) for part in parts.values())


def _optional(part: Property) -> Property:
    return Property(part.name, part.type, required=False)
