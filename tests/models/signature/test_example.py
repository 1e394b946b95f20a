"""Input examples: small, and read back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse

from solvent.errors import InvalidInput
from solvent.models.errors import ModelFileMissing, NotAModel
from solvent.models.signature.example import Example
from solvent.models.signature.example_read import read_example
from solvent.models.signature.infer import infer_signature


@pytest.mark.parametrize(
    "data",
    [
        pd.DataFrame({"a": range(7)}),
        pl.DataFrame({"a": range(7)}),
        np.arange(7),
        list(range(7)),
        {"x": np.arange(7)},
        scipy.sparse.csr_matrix(np.eye(7)),
    ],
    ids=["pandas", "polars", "array", "list", "arrays", "sparse"],
)
def test_five_rows_are_kept(data: Any, tmp_path: Path) -> None:
    example = Example(data)
    assert example.notice is not None
    assert example.notice.startswith("the input example holds the first 5 of ")
    kept, _ = read_example(tmp_path, example.save(tmp_path), infer_signature(data))
    kept = kept["x"] if isinstance(kept, dict) else kept
    assert (kept.shape[0] if hasattr(kept, "shape") else len(kept)) == 5


def test_small_ones_are_whole() -> None:
    assert Example(pd.DataFrame({"a": [1]})).notice is None
    assert Example({"a": list(range(100))}).notice is None


def test_more_than_a_megabyte_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"has 2,000,002 bytes of JSON: at most 1,048,576 are kept"):
        Example("x" * 2_000_000)


def test_what_can_be_no_example() -> None:
    with pytest.raises(InvalidInput, match="input example: expected a frame"):
        Example({1, 2})
    with pytest.raises(InvalidInput, match="no JSON can be made of it"):
        Example([object()])
    with pytest.raises(InvalidInput, match="kept as csr or csc, got coo"):
        Example(scipy.sparse.coo_matrix(np.eye(2)))
    with pytest.raises(InvalidInput, match="the signature's params: 'b'"):
        Example([1], {"b": b"x"})


def test_missing_values_are_null_in_both_files(tmp_path: Path) -> None:
    Example(pd.DataFrame({"a": [1.5, None]}), {"t": 0.5}).save(tmp_path)
    split = {"columns": ["a"], "data": [[1.5], [None]]}
    assert json.loads((tmp_path / "input_example.json").read_text()) == {"inputs": split, "params": {"t": 0.5}}
    serving = json.loads((tmp_path / "serving_input_example.json").read_text())
    assert serving == {"dataframe_split": split, "params": {"t": 0.5}}


FRAME = {"artifact_path": "e.json", "type": "dataframe", "pandas_orient": "split"}


@pytest.mark.parametrize(
    ("text", "info", "why"),
    [
        ("{", FRAME, "no JSON"),
        ("[" * 100_000, FRAME, "no JSON"),
        ("{}", FRAME, "not as its MLmodel file and signature say"),
        ('{"columns": ["a", "b"], "data": [[1]]}', FRAME, "not as its MLmodel file and signature say"),
        ('{"columns": ["a"], "data": [["x"]]}', FRAME, "column 'a': expected long, came str"),
        ("1", {**FRAME, "params": "true"}, "holds no params"),
        ("1", {**FRAME, "type": "picture"}, "of a kind that is not known: picture"),
        ("1", {**FRAME, "artifact_path": "../e.json"}, "outside of its folder"),
        ("{}", {**FRAME, "type": "sparse_matrix_csr"}, "not as its MLmodel file"),
    ],
)
def test_an_example_that_is_none(text: str, info: dict[str, str], why: str, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    for path in (folder / "e.json", tmp_path / "e.json"):
        path.write_text(text)
    with pytest.raises(NotAModel, match=why):
        read_example(folder, info, infer_signature(pd.DataFrame({"a": [1]})))


def test_an_example_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ModelFileMissing, match=r"not there: e\.json"):
        read_example(tmp_path, FRAME)
