"""Models that cross between Solvent and a real MLflow: a table, and the half of each crossing that MLflow does.

It is imported by the tests, and run as a script by the Python of an MLflow's environment, which has no Solvent:

    python crossing.py save FOLDER KIND...     train, save with mlflow, predict; FOLDER/<kind>/{model,told.json}
    python crossing.py load FOLDER KIND...     load with mlflow what lies there, predict; FOLDER/<kind>/loaded.json
    python crossing.py ours FOLDER KIND...     load with Solvent beside mlflow (PYTHONPATH), predict; FOLDER/<kind>/ours.json

A flavour joins by one row in ``KINDS``.
"""

from __future__ import annotations

import importlib
import json
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

CLIENTS = {"3.17": "models-3.17", "2.22": "models-2.22"}
"""The environments of ``tests.oracle.environments`` by MLflow's version."""


class Kind(NamedTuple):
    """One model. ``make`` gives it with the data to predict from, the same each time, with no help from outside.

    ``flavor`` is Solvent's name for it and the module of ``mlflow``; ``ours`` and ``theirs`` are options of saving.
    ``needs`` are modules: where they are missing, the test is skipped. ``versions`` are the MLflows that it crosses with.
    """

    flavor: str
    make: Callable[[], tuple[Any, Any]]
    ours: dict[str, Any] = {}
    theirs: dict[str, Any] = {}
    needs: tuple[str, ...] = ()
    versions: tuple[str, ...] = ("3.17", "2.22")


def frame() -> Any:
    import numpy as np
    import pandas as pd

    random = np.random.default_rng(7)
    numbers = pd.DataFrame(random.normal(size=(80, 3)), columns=["a", "b", "c"])
    return numbers.assign(kind=random.choice(["x", "y", "z"], size=80))


def target() -> Any:
    data = frame()
    return (data["a"] - data["b"] + (data["kind"] == "x") > 0).astype(int)


def logistic() -> tuple[Any, Any]:
    from sklearn.linear_model import LogisticRegression

    data = frame()[["a", "b", "c"]]
    return LogisticRegression().fit(data, target()), data


def pipeline() -> tuple[Any, Any]:
    from sklearn.compose import make_column_transformer
    from sklearn.ensemble import GradientBoostingClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    columns = make_column_transformer((StandardScaler(), ["a", "b", "c"]), (OneHotEncoder(), ["kind"]))
    return make_pipeline(columns, GradientBoostingClassifier(n_estimators=5, random_state=1)).fit(
        frame(), target()
    ), frame()


def forest() -> tuple[Any, Any]:
    from sklearn.ensemble import RandomForestRegressor

    data = frame()[["a", "b", "c"]]
    return RandomForestRegressor(n_estimators=5, random_state=1).fit(data, target()), data


def doubled(data: Any) -> Any:
    return data["a"] * 2


class Sum:
    """What has ``predict``, and is no model of any library."""

    def __init__(self, columns: list[str]) -> None:
        self.columns = columns

    def predict(self, data: Any) -> Any:
        return data[self.columns].sum(axis=1)


def function() -> tuple[Any, Any]:
    return doubled, frame()


def thing() -> tuple[Any, Any]:
    return Sum(["a", "b"]), frame()


def xgboost_classifier() -> tuple[Any, Any]:
    import xgboost

    data = frame()[["a", "b", "c"]]
    return xgboost.XGBClassifier(n_estimators=5, max_depth=2).fit(data, target()), data


def xgboost_booster() -> tuple[Any, Any]:
    import xgboost

    data = frame()[["a", "b", "c"]]
    return xgboost.train({"max_depth": 2}, xgboost.DMatrix(data, target()), 5), data


def lightgbm_classifier() -> tuple[Any, Any]:
    import lightgbm

    data = frame()[["a", "b", "c"]]
    return lightgbm.LGBMClassifier(n_estimators=5, verbose=-1).fit(data, target()), data


def lightgbm_booster() -> tuple[Any, Any]:
    model, data = lightgbm_classifier()
    return model.booster_, data


def onnx_linear() -> tuple[Any, Any]:
    """``total = features @ weights``, in 32 bits."""
    from onnx import TensorProto, checker, helper

    features = helper.make_tensor_value_info("features", TensorProto.FLOAT, [None, 3])
    total = helper.make_tensor_value_info("total", TensorProto.FLOAT, [None, 1])
    weights = helper.make_tensor("weights", TensorProto.FLOAT, [3, 1], [1.0, -2.0, 0.5])
    node = helper.make_node("MatMul", ["features", "weights"], ["total"])
    graph = helper.make_graph([node], "linear", [features], [total], [weights])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    checker.check_model(model)
    return model, frame()[["a", "b", "c"]]


def onnx_of_array() -> tuple[Any, Any]:
    model, data = onnx_linear()
    return model, data.to_numpy()


PICKLED = {"serialization_format": "cloudpickle"}

KINDS = {
    "sklearn-skops": Kind("sklearn", logistic, theirs={"serialization_format": "skops"}, versions=("3.17",)),
    "sklearn-pickle": Kind("sklearn", logistic, ours={"serialization_format": "pickle"}, theirs=PICKLED),
    "sklearn-forest": Kind("sklearn", forest, ours=PICKLED, theirs={"serialization_format": "pickle"}),
    "sklearn-pipeline": Kind("sklearn", pipeline, theirs=PICKLED, versions=("3.17",)),
    "sklearn-proba": Kind(
        "sklearn", logistic, ours=PICKLED | {"predict_fn": "predict_proba"}, theirs=PICKLED | {"pyfunc_predict_fn": "predict_proba"}
    ),
    "pyfunc-function": Kind("pyfunc", function),
    "pyfunc-object": Kind("pyfunc", thing),
    "xgboost-sklearn": Kind("xgboost", xgboost_classifier, needs=("xgboost",)),
    "xgboost-booster": Kind("xgboost", xgboost_booster, ours={"model_format": "json"}, theirs={"model_format": "json"}, needs=("xgboost",)),
    "lightgbm-skops": Kind("lightgbm", lightgbm_classifier, needs=("lightgbm",), versions=("3.17",)),
    "lightgbm-cloudpickle": Kind("lightgbm", lightgbm_classifier, ours=PICKLED, needs=("lightgbm",)),
    "lightgbm-booster": Kind("lightgbm", lightgbm_booster, needs=("lightgbm",)),
    "onnx-frame": Kind("onnx", onnx_linear, needs=("onnx", "onnxruntime")),
    "onnx-array": Kind("onnx", onnx_of_array, needs=("onnx", "onnxruntime")),
}  # fmt: skip


def plain(predicted: Any) -> Any:
    """Predictions as JSON has them."""
    if hasattr(predicted, "to_dict") and hasattr(predicted, "columns"):
        return predicted.to_dict("list")
    if isinstance(predicted, dict):
        return {name: plain(values) for name, values in predicted.items()}
    return predicted.tolist() if hasattr(predicted, "tolist") else predicted


def theirs_saves(kind: Kind, folder: Path) -> Any:
    import mlflow

    model, data = kind.make()
    place = str(folder / "model")
    if kind.flavor == "pyfunc":
        # only a PythonModel of MLflow's may have any predict

        class Wrapped(mlflow.pyfunc.PythonModel):  # type: ignore[misc]
            def predict(self, context: Any, model_input: Any, params: Any = None) -> Any:
                return getattr(model, "predict", model)(model_input)

        mlflow.pyfunc.save_model(place, python_model=Wrapped(), pip_requirements=[], **kind.theirs)
    else:
        module = importlib.import_module(f"mlflow.{kind.flavor}")
        module.save_model(model, place, pip_requirements=[], **kind.theirs)
    return plain(mlflow.pyfunc.load_model(place).predict(data))


def theirs_loads(kind: Kind, folder: Path) -> Any:
    import mlflow

    _, data = kind.make()
    if kind.flavor != "pyfunc":
        assert importlib.import_module(f"mlflow.{kind.flavor}").load_model(str(folder / "model")) is not None
    return plain(mlflow.pyfunc.load_model(str(folder / "model")).predict(data))


def ours_loads(kind: Kind, folder: Path) -> Any:
    from solvent.models.load import load_pyfunc

    _, data = kind.make()
    return plain(load_pyfunc(folder / "model", trust_pickle=True).predict(data))


ACTS = {"save": (theirs_saves, "told.json"), "load": (theirs_loads, "loaded.json"), "ours": (ours_loads, "ours.json")}


def main(what: str, folder: str, names: list[str]) -> None:
    """Each kind's predictions or failure in a file of its own, so that one that fails is one test that fails."""
    for name in names:
        place = Path(folder) / name
        place.mkdir(parents=True, exist_ok=True)
        act, file = ACTS[what]
        try:
            told = {"predicted": act(KINDS[name], place)}
        except Exception:
            told = {"failed": traceback.format_exc()[-3000:]}
        (place / file).write_text(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
