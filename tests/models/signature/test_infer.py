"""What a signature is inferred from, and what is said if it can't be."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from solvent.errors import InvalidInput
from solvent.models.errors import NotAModel
from solvent.models.signature.infer import infer_signature
from solvent.models.signature.signature import Signature


def inputs(data: Any) -> str:
    return str(infer_signature(data)).removeprefix("inputs: ").removesuffix("; outputs: nothing is known")


def refusal(data: Any) -> str:
    with pytest.raises(InvalidInput) as caught:
        infer_signature(data)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_whole_numbers_with_gaps_are_optional_whole_numbers() -> None:
    assert inputs(pd.DataFrame({"a": pd.array([1, None], "Int64")})) == "a: long (optional)"
    assert inputs([{"a": 1}, {"a": None}]) == "a: long (optional)"
    assert inputs(pl.DataFrame({"a": [1, None]})) == "a: long (optional)"
    assert inputs(pd.DataFrame({"a": [1.0, None]})) == "a: double (optional)"


def test_mixed_values_are_told_by_column_with_counts_and_examples() -> None:
    frame = pd.DataFrame({"ok": [1, 2, 3], "mixed": pd.Series(["x", 1, 2], dtype=object)})
    assert refusal(frame) == (
        "the signature's inputs: column 'mixed' holds values of several types: 1 string (first in row 0: 'x'), "
        "2 long (first in row 1: 1); give it values of one type"
    )


def test_what_has_no_type_is_named() -> None:
    assert "column 'a' is of type uint64" in refusal(pd.DataFrame({"a": pd.Series([1], dtype="uint64")}))
    assert "column 'a', key 'k': a signature has no type for complex 1j" in refusal([{"a": {"k": 1j}}])
    assert "column 'a' stands twice" in refusal(pd.DataFrame([[1, 2]], columns=["a", "a"]))
    assert "got tuple" in refusal((1, 2))
    assert "none of them was given" in refusal(None)


def test_an_error_of_the_outputs_says_so() -> None:
    with pytest.raises(InvalidInput, match="the signature's outputs: the list holds values of several types"):
        infer_signature([1], [1, "x"])


def test_polars_types() -> None:
    frame = pl.DataFrame(
        {
            "b": [True],
            "i": pl.Series([1], dtype=pl.Int16),
            "u": pl.Series([1], dtype=pl.UInt32),
            "f": pl.Series([1.0], dtype=pl.Float32),
            "n": [float("nan")],
            "t": ["x"],
            "c": pl.Series(["x"], dtype=pl.Categorical),
            "d": pl.Series(["2026-01-01"]).str.to_date(),
            "l": [[1, 2]],
            "s": [{"k": 1, "m": None}],
            "o": [None],
        }
    )
    assert inputs(frame) == (
        "b: boolean, i: integer, u: long, f: float, n: double (optional), t: string, c: string, d: datetime, "
        "l: array of long, s: object {k: long, m: any (optional)}, o: any (optional)"
    )
    assert inputs(pl.Series("y", [1.5])) == "y: double"
    assert "column 'a' is of type Duration" in refusal(pl.DataFrame({"a": pl.Series([1]).cast(pl.Duration("us"))}))


def test_all_of_a_signature_is_read_again() -> None:
    known = infer_signature([{"a": [{"k": 1}], "b": None}], {"y": np.zeros((2, 3))}, {"t": 0.5, "l": [1]})
    assert Signature.from_dict(known.to_dict()) == known
    assert str(known) == (
        "inputs: a: array of object {k: long}, b: any (optional); outputs: y: tensor of float64 (-1, 3); "
        "params: t=0.5, l=[1]"
    )


DEEP = '{"type":"array","items":' * 100 + '{"type":"long"}' + "}" * 100


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"inputs": "["}, "inputs: no JSON"),
        ({"inputs": "{}"}, "expected a list of objects"),
        ({"inputs": "[]"}, "no columns"),
        ({"inputs": '[{"type": "number"}]'}, "not known: 'number'"),
        ({"inputs": '[{"name": "a"}]'}, "not known: None"),
        ({"inputs": '[{"type": "long", "name": ["a"]}]'}, "neither text nor number"),
        ({"inputs": '[{"type": "long", "name": "a"}, {"type": "long", "name": "a"}]'}, "stands twice"),
        ({"inputs": '[{"type": "long", "name": "a"}, {"type": "long"}]'}, "others have none"),
        ({"inputs": '[{"type": "tensor"}]'}, "without dtype and shape"),
        ({"inputs": '[{"type": "tensor"}, {"type": "long"}]'}, "not known: 'tensor'"),
        ({"inputs": f"[{DEEP}]"}, "nested deeper"),
        ({"inputs": "[" * 100_000}, "no JSON"),
        ({"inputs": 1}, "no JSON"),
        ({"inputs": '[{"type": "object", "properties": {}}]'}, "no properties"),
        ({"params": '[{"name": "t"}]'}, "without name and default"),
        ({"params": '[{"name": "t", "default": 1, "type": "long", "shape": [3]}]'}, "expected no shape"),
        ({"params": '[{"name": "t", "default": "soon", "type": "datetime"}]'}, "no date"),
    ],
)
def test_a_signature_that_is_none(said: dict[str, Any], why: str) -> None:
    with pytest.raises(NotAModel, match=why) as caught:
        Signature.from_dict(said)
    assert len(str(caught.value)) < 300


def test_reading_a_signature_needs_no_numpy() -> None:
    program = (
        "import sys; from solvent.models.signature import infer, enforce, example, signature;"
        "assert not {'numpy', 'pandas', 'polars', 'scipy'} & set(sys.modules), set(sys.modules)"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
