"""The columns of a table in MLflow's words, so that a schema says the same whichever library it comes from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

_WORDS = {
    "boolean": ("bool", "boolean"),
    "integer": ("int8", "int16", "int32", "uint8", "uint16", "tinyint", "smallint", "integer", "utinyint", "usmallint"),
    "long": ("int64", "uint32", "bigint", "uinteger"),
    "float": ("float16", "float32", "float"),
    "double": ("float64", "double"),
    "string": ("text", "varchar", "categorical"),
    "binary": ("blob",),
}
_MLFLOW = {ours: theirs for theirs, several in _WORDS.items() for ours in several}


class Column(NamedTuple):
    """``kind`` in the words of our fingerprints or of DuckDB; ``required``: no value is missing."""

    name: str
    kind: str
    required: bool


def colspec(columns: Iterable[Column]) -> str:
    """The JSON of a schema. What MLflow has no word for keeps its own."""
    return msgspec.json.encode(
        {
            "mlflow_colspec": [
                {"name": each.name, "type": _type(each.kind), "required": each.required} for each in columns
            ]
        }
    ).decode()


def _type(kind: str) -> str:
    word = kind.lower()
    return "datetime" if word.startswith("timestamp") else _MLFLOW.get(word, kind)
