"""MLflow's signatures: an ``MLmodel`` file, the JSON of ``ModelSignature.to_dict()``, or that of one ``Schema``.

Its schemas: https://mlflow.org/docs/latest/ml/model/signatures/
"""

from __future__ import annotations

from typing import Any

from solvent.data.contract.importers.document import finished
from solvent.data.contract.importers.draft import ColumnDraft, Draft, TableDraft
from solvent.data.contract.importers.outcome import Imported
from solvent.data.contract.importers.source import mapping, parse, sequence, shown
from solvent.data.contract.importers.types import Type, type_named
from solvent.data.contract.model import Role
from solvent.data.engine.conditions import Length, NotNull

_TYPES = {
    "long": Type("integer", {"format": "i64"}),
    "integer": Type("integer", {"format": "i32"}),
    "float": Type("number", {"format": "f32"}),
    "double": Type("number", {"format": "f64"}),
    "string": Type("string", {}),
    "boolean": Type("boolean", {}),
    "datetime": Type("timestamp", {}),
    "binary": Type("string", {"format": "binary"}),
}
_ELEMENTS = ("float16", "float32", "float64", "int8", "uint8")
_PARTS: tuple[tuple[str, Role], ...] = (("inputs", "feature"), ("outputs", "prediction"))


def recognises(value: Any) -> bool:
    if isinstance(value, list):
        return bool(value) and all(isinstance(one, dict) and {"type"} <= one.keys() <= _SPEC_WORDS for one in value)
    return isinstance(value, dict) and ("signature" in value or "mlflow_version" in value or _is_signature(value))


_SPEC_WORDS = frozenset({"type", "name", "required", "tensor-spec", "items", "properties", "values"})


def _is_signature(value: dict[str, Any]) -> bool:
    return bool(value) and value.keys() <= {"inputs", "outputs", "params"}


def read(value: Any, name: str) -> Imported:
    """Inputs become one table, outputs another.

    Raises:
        InvalidContract: it is not as MLflow writes it.
    """
    draft = Draft(name, "MLflow")
    signature = {"inputs": value} if isinstance(value, list) else mapping(value, name)
    if not _is_signature(signature):
        signature = mapping(signature.get("signature"), "signature")
    if not signature:
        draft.note("the model has no signature: the contract names no column")
    for part, role in _PARTS:
        specs = _specs(signature.get(part), part)
        if specs:
            table = draft.table(part)
            table.extra_columns = "allow"
            for number, spec in enumerate(specs):
                _column(table, number, mapping(spec, f"{part}[{number}]"), role)
    for param in _specs(signature.get("params"), "params"):
        given = mapping(param, "params")
        draft.drop(f"params.{given.get('name')}", shown(given), "a parameter of a request is no data")
    return finished(draft)


def _specs(given: Any, part: str) -> list[Any]:
    """A schema is JSON within JSON (or YAML)."""
    return sequence(parse(given.encode(), f"signature.{part}") if isinstance(given, str) else given, part)


def _column(table: TableDraft, number: int, spec: dict[str, Any], role: Role) -> None:
    name = str(spec.get("name") or number)
    place = f"{table.name}.{name}"
    if spec.get("name") is None:
        table.note(f"{table.name}[{number}] has no name in the signature: '{name}', its position, stands for it")
    column = table.column(name)
    column.role = role
    if spec.get("type") == "tensor":
        _tensor(table, column, mapping(spec.get("tensor-spec"), place), place)
    else:
        _typed(table, column, spec, place)
    if spec.get("required", True) is not False:
        table.ask(NotNull(name), place, "required")
    else:
        column.present = False


def _typed(table: TableDraft, column: ColumnDraft, spec: dict[str, Any], place: str) -> None:
    kind = spec.get("type")
    nested = _nested(spec)
    if nested is None:
        table.drop(f"{place}.type", shown(kind), "the standard has no such type")
        return
    logical = nested.pop("logicalType")
    column.typed(logical, **nested.pop("logicalTypeOptions", {}))
    column.extra |= nested
    if logical in ("array", "object", "map"):
        table.drop(f"{place}.{kind}", shown(spec), "what is inside nested values is written down, but not checked")


def _nested(spec: Any, depth: int = 0) -> dict[str, Any] | None:
    """A type as part of a property; None if there is no such type."""
    if not isinstance(spec, dict) or depth > 30:
        return None
    kind = spec.get("type")
    if isinstance(kind, str) and kind in _TYPES:
        logical, options = _TYPES[kind]
        return {"logicalType": logical} | ({"logicalTypeOptions": options} if options else {})
    if kind == "sparkml_vector":
        return {"logicalType": "array", "items": {"logicalType": "number", "logicalTypeOptions": {"format": "f64"}}}
    if kind == "array":
        items = _nested(spec.get("items"), depth + 1)
        return None if items is None else {"logicalType": "array", "items": items}
    if kind == "map":
        values = _nested(spec.get("values"), depth + 1)
        return values and {"logicalType": "map", "map": {"key": {"logicalType": "string"}, "value": values}}
    if kind == "object" and isinstance(spec.get("properties"), dict):
        found = {name: _nested(part, depth + 1) for name, part in spec["properties"].items()}
        parts = [{"name": name} | part for name, part in found.items() if part is not None]
        return {"logicalType": "object", "properties": parts} if len(parts) == len(found) else None
    return None


def _tensor(table: TableDraft, column: ColumnDraft, tensor: dict[str, Any], place: str) -> None:
    """A tensor's first dimension is the rows; the second one is the elements of a list in each."""
    dtype, shape = str(tensor.get("dtype")), sequence(tensor.get("shape"), f"{place}.shape")
    if not all(type(size) is int for size in shape) or not shape:
        table.drop(f"{place}.shape", shown(shape), "a tensor of no rows")
        return
    if shape[0] != -1:
        table.drop(f"{place}.shape", shown(shape), f"a batch of exactly {shape[0]} rows")
    element = type_named(dtype)
    if len(shape) == 1:
        if element is None:
            table.drop(f"{place}.dtype", dtype, "the standard has no such type")
        else:
            column.typed(element.logical, **element.options)
    elif len(shape) == 2 and shape[1] > 0 and dtype in _ELEMENTS:
        column.typed("vector", dimensions=shape[1], elementType=dtype)
    else:
        column.typed("array")
        if shape[1] >= 0:
            table.ask(Length(column.name, shape[1], shape[1]), f"{place}.shape", f"{shape[1]} elements")
        if element is not None:
            column.extra["items"] = {"logicalType": element.logical if len(shape) == 2 else "array"}
        table.drop(f"{place}.tensor-spec", f"{dtype} {shown(shape)}", "the type and the shape of the elements")
