"""Columns of contracts and of runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from solvent.data.errors import InvalidContract
from solvent.data.features.columns import contract_columns, dataset_columns

CONTRACT = """
apiVersion: v3.0.2
kind: DataContract
id: loans
version: 1.0.0
status: active
schema:
  - name: loans
    properties:
      - {name: debt, logicalType: number}
      - {name: income, logicalType: number}
  - name: people
    properties:
      - {name: age, logicalType: integer}
"""


def test_a_contract_names_the_columns_of_its_tables(tmp_path: Path) -> None:
    (tmp_path / "a.odcs.yaml").write_text(CONTRACT)
    assert contract_columns(tmp_path / "a.odcs.yaml") == {"debt", "income", "age"}


@pytest.mark.parametrize("text", ["", "schema: 3\n", "schema: [{name: a}]\n", "[1]\n", "a: [\n"])
def test_a_contract_without_columns_is_no_contract(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.odcs.yaml").write_text(text)
    with pytest.raises(InvalidContract):
        contract_columns(tmp_path / "a.odcs.yaml")


@pytest.mark.parametrize(
    ("schema", "profile", "columns"),
    [
        ({"mlflow_colspec": [{"name": "a", "type": "long"}, {"name": "b", "type": "double"}]}, None, ["a", "b"]),
        ({"mlflow_colspec": json.dumps([{"name": "a"}])}, None, ["a"]),
        ({"mlflow_tensorspec": {"features": json.dumps([{"name": "x"}]), "targets": None}}, None, ["x"]),
        ({"mlflow_tensorspec": {"features": [{"type": "tensor"}]}}, None, None),
        (None, {"version": 1, "columns": [{"name": "a"}]}, ["a"]),
        (None, {"num_rows": 3}, None),
        ([1], [], None),
        ({"mlflow_colspec": "["}, None, None),
    ],
)
def test_the_columns_of_a_data_set_are_those_that_it_tells(
    schema: object, profile: object, columns: list[str] | None
) -> None:
    assert dataset_columns(schema and json.dumps(schema), profile and json.dumps(profile)) == columns  # type: ignore[arg-type]


def test_damaged_texts_tell_nothing() -> None:
    assert dataset_columns("{", "no json") is None
