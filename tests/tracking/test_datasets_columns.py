"""Columns, rows and changes, whatever stands in schema and profile."""

from __future__ import annotations

import json

import pytest

from solvent.tracking.datasets_columns import changes, columns_of, rows_of


def spec(**columns: object) -> str:
    return json.dumps({"mlflow_colspec": [{"name": name, "type": kind} for name, kind in columns.items()]})


@pytest.mark.parametrize("text", [None, "", "{", "[]", "{}", '{"mlflow_colspec": 1}', '{"mlflow_colspec": [1]}'])
def test_other_forms_have_no_columns(text: str | None) -> None:
    assert columns_of(text) == {}
    assert rows_of(text) == ""


def test_columns_and_rows() -> None:
    assert columns_of(spec(a="long", b={"type": "array"})) == {"a": "long", "b": '{"type": "array"}'}
    assert columns_of('{"mlflow_colspec": [{"type": "long"}]}') == {"0": "long"}
    assert rows_of('{"num_rows": 12345}') == "12,345"


def test_changes_are_named() -> None:
    assert changes(spec(a="long", b="x"), spec(a="long", b="x"), 5) == "-"
    assert changes(spec(a="long", b="x"), spec(a="double", c="x"), 5) == "+c, -b, a: long -> double"
    assert changes(spec(a="long"), spec(**{f"c{i}": "x" for i in range(4)}), 2) == "+c0, +c1 and 3 more"
    assert changes(None, spec(a="long"), 5) == ""
