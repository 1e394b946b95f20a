"""Types in MLflow's words."""

from __future__ import annotations

import json

import pytest

from solvent.client.colspec import Column, colspec


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        *(("int64", "long"), ("BIGINT", "long"), ("int8", "integer"), ("float32", "float"), ("DOUBLE", "double")),
        *(("text", "string"), ("VARCHAR", "string"), ("bool", "boolean"), ("BLOB", "binary"), ("uint64", "uint64")),
        *(("timestamp", "datetime"), ("TIMESTAMP WITH TIME ZONE", "datetime"), ("timestamp Europe/Berlin", "datetime")),
        *(("DECIMAL(10,2)", "DECIMAL(10,2)"), ("BIGINT[]", "BIGINT[]"), ("date", "date")),
    ],
)
def test_a_type_has_mlflows_word_if_there_is_one(kind: str, word: str) -> None:
    (found,) = json.loads(colspec([Column("x", kind, True)]))["mlflow_colspec"]
    assert found == {"name": "x", "type": word, "required": True}
