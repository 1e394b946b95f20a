"""scikit-learn: estimators and pipelines, as skops files (safe), or pickled if that is asked for.

Reference: ``mlflow.sklearn`` of MLflow 3.17. Its versions before 3.10 read pickles only.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from solvent.errors import InvalidInput
from solvent.models.errors import DependencyMissing, LoadFailed
from solvent.models.files import existing, named
from solvent.models.flavors import pickles, serialized, skops_files
from solvent.models.flavors.protocol import Asked, Predictor, Saved

name = "sklearn"


def save(
    model: Any,
    folder: Path,
    *,
    serialization_format: str = "skops",
    trusted_types: list[str] | None = None,
    predict_fn: str = "predict",
    **unknown: Any,
) -> Saved:
    """
    Args:
        serialization_format: skops; cloudpickle or pickle hold more, and are unsafe to load.
        trusted_types: names of types of the model's parts that skops does not know, such as ``mine.Scaler``.
        predict_fn: what the model answers as a python_function: predict, predict_proba, predict_log_proba ...

    Raises:
        InvalidInput: it is no estimator, an option is unknown, or the format can't hold the model.
        DependencyMissing: scikit-learn, skops or cloudpickle is not installed.
    """
    if unknown:
        raise InvalidInput(f"sklearn models have no option '{min(unknown)}': {', '.join(_OPTIONS)} are known")
    if serialization_format not in serialized.FORMATS:
        raise InvalidInput(
            f"serialization_format is '{serialization_format}': expected one of {', '.join(serialized.FORMATS)}"
        )
    version = _check(model)
    file, trusted = "model.skops" if serialization_format == "skops" else "model.pkl", None
    if serialization_format == "skops":
        trusted = skops_files.dump(model, folder / file, trusted_types)
    elif serialization_format == "pickle":
        pickles.dump_pickle(model, folder / file)
    else:
        pickles.dump_cloudpickle(model, folder / file)
    conf = {
        "pickled_model": file,
        "sklearn_version": version,
        "serialization_format": serialization_format,
        "skops_trusted_types": trusted,
    }
    requires = ["scikit-learn", *([] if serialization_format == "pickle" else [serialization_format])]
    if not hasattr(model, predict_fn):
        return Saved(conf, None, requires)
    return Saved(conf, {"loader_module": "mlflow.sklearn", "model_path": file, "predict_fn": predict_fn}, requires)


_OPTIONS = ("serialization_format", "trusted_types", "predict_fn")


def _check(model: Any) -> str:
    """The version of scikit-learn, once the model is known to be one of its estimators."""
    try:
        import sklearn
        from sklearn.base import BaseEstimator
    except ImportError as error:
        raise DependencyMissing("scikit-learn is not installed: pip install scikit-learn") from error
    if not isinstance(model, BaseEstimator):
        came = "a class, not an object of it" if isinstance(model, type) else f"a {type(model).__qualname__}"
        raise InvalidInput(
            f"expected an estimator of scikit-learn, came {came}: fit an estimator, or save it as another flavour"
            " (pyfunc takes every object that has predict)"
        )
    return str(sklearn.__version__)


def load(folder: Path, conf: dict[str, Any]) -> Any:
    path = existing(folder, conf.get("pickled_model"))
    return serialized.load(path, conf, "pickle")


def predictor(folder: Path, conf: dict[str, Any]) -> Predictor:
    model = load(folder, conf)
    method = str(conf.get("predict_fn", "predict"))
    answer = None if method.startswith("_") else getattr(model, method, None)
    if not callable(answer):
        raise LoadFailed(
            f"the MLmodel file says that '{method}' predicts: a {type(model).__qualname__} has no such method"
        )
    return Asked(model, answer)


def unsafe(conf: dict[str, Any]) -> list[str]:
    if conf.get("serialization_format") == "skops" and skops_files.is_safe(conf.get("skops_trusted_types")):
        return []
    return [named(conf, "pickled_model")]
