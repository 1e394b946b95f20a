"""LightGBM's models: what is saved and loaded, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
import pandas as pd
import pytest

from solvent.errors import InvalidInput
from solvent.models.errors import LoadFailed, UnsafeModel
from solvent.models.flavors import lightgbm as flavor
from solvent.models.load import load_folder, load_pyfunc
from solvent.models.save import save_model

DATA = pd.DataFrame(np.random.default_rng(1).normal(size=(60, 3)), columns=["a", "b", "c"])
TARGET = (DATA["a"] > 0).astype(int)


def classifier() -> Any:
    return lightgbm.LGBMClassifier(n_estimators=3, verbose=-1).fit(DATA, TARGET)


@pytest.mark.parametrize("kind", ["classifier", "regressor", "booster"])
def test_saved_and_loaded_without_running_code(kind: str, tmp_path: Path) -> None:
    model: Any = {
        "classifier": classifier,
        "regressor": lambda: lightgbm.LGBMRegressor(n_estimators=3, verbose=-1).fit(DATA, DATA["b"]),
        "booster": lambda: classifier().booster_,
    }[kind]()
    said = save_model("lightgbm", model, tmp_path / "m")
    assert flavor.unsafe(said.flavors["lightgbm"]) == []
    assert type(load_folder(tmp_path / "m")) is type(model)
    np.testing.assert_array_equal(load_pyfunc(tmp_path / "m").predict(DATA), model.predict(DATA))


@pytest.mark.parametrize("kind", ["cloudpickle", "pickle"])
def test_pickles_are_loaded_only_if_they_are_trusted(kind: str, tmp_path: Path) -> None:
    save_model("lightgbm", classifier(), tmp_path / "m", serialization_format=kind)
    with pytest.raises(UnsafeModel, match=r"runs what is in 'model\.pkl'"):
        load_folder(tmp_path / "m")
    found = load_folder(tmp_path / "m", trust_pickle=True)
    np.testing.assert_array_equal(found.predict(DATA), classifier().predict(DATA))


def test_a_skops_file_whose_types_are_not_harmless_is_unsafe() -> None:
    conf = {"model_class": "lightgbm.sklearn.LGBMClassifier", "data": "model.skops", "serialization_format": "skops"}
    assert flavor.unsafe({**conf, "skops_trusted_types": ["os.system"]}) == ["model.skops"]
    assert flavor.unsafe({**conf, "skops_trusted_types": ["lightgbm.basic.Booster"]}) == []


def test_what_is_not_saved(tmp_path: Path) -> None:
    for model, options, why in (
        (object(), {}, "expected a Booster or a scikit-learn model of LightGBM's, came builtins.object"),
        (lightgbm.LGBMClassifier(), {}, "is not fitted: fit it first"),
        (classifier(), {"serialization_format": "joblib"}, "expected one of skops, cloudpickle, pickle"),
        (classifier(), {"z": 1}, "have no option 'z'"),
    ):
        with pytest.raises(InvalidInput, match=why):
            save_model("lightgbm", model, tmp_path / "m", **options)
        assert not (tmp_path / "m").exists()


def test_corrupted_files(tmp_path: Path) -> None:
    save_model("lightgbm", classifier(), tmp_path / "skops")
    (tmp_path / "skops" / "model.skops").write_bytes(b"x" * 100)
    save_model("lightgbm", classifier().booster_, tmp_path / "text")
    (tmp_path / "text" / "model.lgb").write_text("tree\n")
    for folder in ("skops", "text"):
        with pytest.raises(LoadFailed, match="lightgbm could not load the model"):
            load_folder(tmp_path / folder)
