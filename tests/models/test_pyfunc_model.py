from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from solvent.models.errors import BadInput, NotAModel
from solvent.models.load import load_pyfunc
from solvent.models.save import save_model
from solvent.models.signature.example import Example
from solvent.models.signature.infer import infer_signature


def columns(data: Any, params: Any = None) -> Any:
    return [list(data.columns), [str(kind) for kind in data.dtypes], params]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    frame = pd.DataFrame({"a": [1.5], "b": ["x"]})
    save_model(
        "pyfunc",
        columns,
        tmp_path / "m",
        signature=infer_signature(frame, params={"by": 2}),
        input_example=Example(frame),
    )
    return tmp_path / "m"


def test_data_and_params_are_made_to_fit_the_signature(folder: Path) -> None:
    model = load_pyfunc(folder, trust_pickle=True)
    assert model.signature is not None
    names, kinds, params = model.predict(pd.DataFrame({"b": ["y"], "a": [2.5]}))
    assert (names, kinds[0], params) == (["a", "b"], "float64", {"by": 2})
    assert model.predict(pd.DataFrame({"a": [1.0], "b": ["y"]}), params={"by": 3})[2] == {"by": 3}


def test_what_does_not_fit_is_told_by_column(folder: Path) -> None:
    model = load_pyfunc(folder, trust_pickle=True)
    with pytest.raises(BadInput, match=r"(?s)'a'.*'b'|'b'.*'a'"):
        model.predict(pd.DataFrame({"a": ["one"]}))


def test_a_signature_from_type_hints_is_the_models_own_affair(folder: Path) -> None:
    text = (folder / "MLmodel").read_text()
    (folder / "MLmodel").write_text(text + "is_signature_from_type_hint: true\n")
    model = load_pyfunc(folder, trust_pickle=True)
    assert model.predict(pd.DataFrame({"z": [1.0]}))[0] == ["z"]


def test_a_signature_that_can_not_be_read(folder: Path) -> None:
    text = (folder / "MLmodel").read_text()
    (folder / "MLmodel").write_text(text.replace('"type": "double"', '"type": "quaternion"'))
    with pytest.raises(NotAModel):
        load_pyfunc(folder, trust_pickle=True).predict(pd.DataFrame({"a": [1.0], "b": ["y"]}))
