"""XGBoost: boosters and its scikit-learn models, in XGBoost's own formats, which run no code.

Reference: ``mlflow.xgboost`` of MLflow 3.17, which reads and writes the same files since 1.22.
"""

from __future__ import annotations

import warnings
from importlib import import_module
from pathlib import Path
from typing import Any

from solvent.errors import InvalidInput
from solvent.models.errors import DependencyMissing, NotAModel
from solvent.models.files import existing, named
from solvent.models.flavors.installed import distribution
from solvent.models.flavors.params import accepted
from solvent.models.flavors.protocol import Predictor, Saved

name = "xgboost"

FORMATS = ("ubj", "json")

_BOOSTER = "xgboost.core.Booster"
CLASSES = (
    _BOOSTER,
    *(f"xgboost.sklearn.XGB{kind}" for kind in ("Classifier", "Regressor", "Ranker", "RFClassifier", "RFRegressor")),
    "xgboost.sklearn.XGBModel",
)
"""Whatever else an MLmodel file names would be imported and called."""


def save(model: Any, folder: Path, *, model_format: str = "ubj", **unknown: Any) -> Saved:
    """
    Args:
        model_format: ubj (binary) or json.

    Raises:
        InvalidInput: it is no fitted model of XGBoost's, or an option is unknown.
        DependencyMissing: xgboost is not installed.
    """
    if unknown:
        raise InvalidInput(f"xgboost models have no option '{min(unknown)}': model_format is known")
    if model_format not in FORMATS:
        raise InvalidInput(f"model_format is '{model_format}': expected one of {', '.join(FORMATS)}")
    xgboost = _library()
    kind = f"{type(model).__module__}.{type(model).__qualname__}"
    if kind not in CLASSES:
        hint = "; save what it holds: model.get_booster()" if isinstance(model, xgboost.XGBModel) else ""
        raise InvalidInput(f"expected a Booster or a scikit-learn model of XGBoost's, came {kind}{hint}")
    file = f"model.{model_format}"
    try:
        model.save_model(folder / file)
    except Exception as error:
        raise InvalidInput(
            f"XGBoost can't save this {type(model).__name__}: {' '.join(str(error).split())[:300]}; fit it first"
        ) from error
    conf = {"xgb_version": xgboost.__version__, "data": file, "model_class": kind, "model_format": model_format}
    return Saved(conf, {"loader_module": "mlflow.xgboost", "data": file}, [distribution("xgboost", "xgboost-cpu")])


def _library() -> Any:
    try:
        import xgboost
    except ImportError as error:
        raise DependencyMissing("xgboost is not installed, which the model needs: pip install xgboost") from error
    return xgboost


def load(folder: Path, conf: dict[str, Any]) -> Any:
    """
    Raises:
        NotAModel: the MLmodel file names a class that is none of XGBoost's models.
    """
    path = existing(folder, conf.get("data"))
    model = _class(str(conf.get("model_class") or _BOOSTER))()
    with warnings.catch_warnings():
        if path.suffix == ".xgb":  # MLflow's name until 3.0, at which XGBoost guesses, rightly, and says so
            warnings.simplefilter("ignore")
        model.load_model(path)
    return model


def _class(kind: str) -> Any:
    xgboost = _library()
    module, _, attribute = kind.rpartition(".")
    found = getattr(import_module(module), attribute, None) if module else None
    if not isinstance(found, type) or not issubclass(found, (xgboost.Booster, xgboost.XGBModel)):
        raise NotAModel(f"the MLmodel file names '{kind}' as the model's class: expected one of XGBoost's")
    return found


class _Predict:
    def __init__(self, model: Any) -> None:
        self.model = model

    def __call__(self, data: Any, params: dict[str, Any] | None = None) -> Any:
        """``params`` are those of the model's own ``predict``; others are left out, with a warning."""
        xgboost = _library()
        more = accepted(self.model.predict, params)
        if not isinstance(self.model, xgboost.Booster):
            return self.model.predict(data, **{"validate_features": True, **more})
        categories = any(getattr(dtype, "name", "") == "category" for dtype in getattr(data, "dtypes", ()))
        matrix = xgboost.DMatrix(data, enable_categorical=categories)
        return self.model.predict(matrix, **{"validate_features": True, **more})


def predictor(folder: Path, conf: dict[str, Any]) -> Predictor:
    return _Predict(load(folder, conf))


def unsafe(conf: dict[str, Any]) -> list[str]:
    """A class that is not XGBoost's own is imported, and made."""
    known = str(conf.get("model_class") or _BOOSTER) in CLASSES
    return [] if known else [named(conf, "data")]
