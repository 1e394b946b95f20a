"""XGBoost's models: what is saved and loaded, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xgboost

from solvent.errors import InvalidInput
from solvent.models.errors import LoadFailed, NotAModel, UnsafeModel
from solvent.models.flavors import xgboost as flavor
from solvent.models.load import load_folder, load_pyfunc
from solvent.models.mlmodel import read_mlmodel, write_mlmodel
from solvent.models.save import save_model

DATA = pd.DataFrame(np.random.default_rng(1).normal(size=(60, 3)), columns=["a", "b", "c"])
TARGET = (DATA["a"] > 0).astype(int)


class Mine(xgboost.XGBClassifier):  # type: ignore[misc]
    pass


def classifier() -> Any:
    return xgboost.XGBClassifier(n_estimators=3, max_depth=2).fit(DATA, TARGET)


@pytest.mark.parametrize("model_format", flavor.FORMATS)
@pytest.mark.parametrize("kind", ["classifier", "regressor", "booster"])
def test_saved_and_loaded_without_running_code(kind: str, model_format: str, tmp_path: Path) -> None:
    model: Any = {
        "classifier": classifier,
        "regressor": lambda: xgboost.XGBRegressor(n_estimators=3).fit(DATA, DATA["b"]),
        "booster": lambda: classifier().get_booster(),
    }[kind]()
    said = save_model("xgboost", model, tmp_path / "m", model_format=model_format)
    assert flavor.unsafe(said.flavors["xgboost"]) == []
    loaded = load_folder(tmp_path / "m")
    assert type(loaded) is type(model)
    expected = model.predict(xgboost.DMatrix(DATA) if kind == "booster" else DATA)
    np.testing.assert_array_equal(load_pyfunc(tmp_path / "m").predict(DATA), expected)
    assert "xgboost" in (tmp_path / "m" / "requirements.txt").read_text()


def test_params_reach_predict_and_others_are_left_out(tmp_path: Path) -> None:
    save_model("xgboost", classifier(), tmp_path / "m")
    model = load_pyfunc(tmp_path / "m")
    assert model.predict(DATA, {"output_margin": True}).dtype == np.float32
    with pytest.warns(UserWarning, match="left out: 'z'"):
        model.predict(DATA, {"z": 1})


def test_columns_in_another_order_are_xgboosts_error(tmp_path: Path) -> None:
    save_model("xgboost", classifier().get_booster(), tmp_path / "m")
    with pytest.raises(ValueError, match="feature_names mismatch"):
        load_pyfunc(tmp_path / "m").predict(DATA[["c", "b", "a"]])


def test_what_is_not_saved(tmp_path: Path) -> None:
    for model, options, why in (
        (object(), {}, "expected a Booster or a scikit-learn model of XGBoost's, came builtins.object"),
        (xgboost.XGBClassifier(), {}, "fit it first"),
        (Mine(n_estimators=1).fit(DATA, TARGET), {}, r"save what it holds: model.get_booster\(\)"),
        (classifier(), {"model_format": "xgb"}, "model_format is 'xgb': expected one of ubj, json"),
        (classifier(), {"z": 1}, "have no option 'z'"),
    ):
        with pytest.raises(InvalidInput, match=why):
            save_model("xgboost", model, tmp_path / "m", **options)
        assert not (tmp_path / "m").exists()


def rewritten(folder: Path, **conf: Any) -> None:
    said = read_mlmodel((folder / "MLmodel").read_bytes())
    said.flavors["xgboost"].update(conf)
    (folder / "MLmodel").write_bytes(write_mlmodel(said))


def test_a_class_that_the_file_names_is_not_made_unless_it_is_trusted(tmp_path: Path) -> None:
    save_model("xgboost", classifier(), tmp_path / "m")
    rewritten(tmp_path / "m", model_class="os.abort")
    with pytest.raises(UnsafeModel):
        load_folder(tmp_path / "m")
    with pytest.raises(NotAModel, match=r"names 'os\.abort' as the model's class"):
        load_folder(tmp_path / "m", trust_pickle=True)


@pytest.mark.parametrize("text", [b"", b"{", b"x" * 1000])
def test_a_corrupted_file(text: bytes, tmp_path: Path) -> None:
    save_model("xgboost", classifier(), tmp_path / "m", model_format="json")
    (tmp_path / "m" / "model.json").write_bytes(text)
    with pytest.raises(LoadFailed, match="xgboost could not load the model"):
        load_folder(tmp_path / "m")
