"""Each library's module logs its models and loads them again."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import solvent


@pytest.mark.parametrize("library", ["xgboost", "lightgbm"])
def test_boosters_are_logged_and_loaded(library: str, frame: pd.DataFrame) -> None:
    module = pytest.importorskip(library)
    kind = {"xgboost": "XGBClassifier", "lightgbm": "LGBMClassifier"}[library]
    options: dict[str, Any] = {} if library == "xgboost" else {"verbose": -1, "min_child_samples": 1}
    model = getattr(module, kind)(n_estimators=2, **options).fit(frame, [0] * 10 + [1] * 10)
    flavor = getattr(solvent, library)
    with solvent.start_run():
        info = flavor.log_model(model, "m", input_example=frame)
    assert info.signature_problem is None
    for loaded in (flavor.load_model(info.model_uri), solvent.load_model(info.model_uri)):
        assert type(loaded) is type(model)
        assert (loaded.predict(frame) == model.predict(frame)).all()
    assert (solvent.pyfunc.load_model(info.model_uri).predict(frame) == model.predict(frame)).all()


def test_the_modules_are_reached_without_an_import_and_hide_no_library() -> None:
    for name in ("sklearn", "xgboost", "lightgbm", "pytorch", "onnx", "pyfunc"):
        assert {"log_model", "save_model", "load_model"} <= set(dir(getattr(solvent, name)))
        assert name not in solvent.__all__
