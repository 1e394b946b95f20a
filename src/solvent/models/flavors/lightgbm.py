"""LightGBM: boosters in its own text format, its scikit-learn models as skops files (safe), or pickled if asked for.

Reference: ``mlflow.lightgbm`` of MLflow 3.17, which reads and writes the same files. LightGBM has no format of its own
for its scikit-learn models: the booster alone does not know their classes and parameters.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from solvent.errors import InvalidInput
from solvent.models.errors import DependencyMissing
from solvent.models.files import existing, named
from solvent.models.flavors import pickles, serialized, skops_files
from solvent.models.flavors.protocol import Asked, Predictor, Saved

name = "lightgbm"


_BOOSTER = "lightgbm.basic.Booster"


def save(
    model: Any,
    folder: Path,
    *,
    serialization_format: str = "skops",
    trusted_types: list[str] | None = None,
    **unknown: Any,
) -> Saved:
    """
    Args:
        serialization_format: of scikit-learn models: skops; cloudpickle or pickle hold more, and are unsafe to load.
            Boosters are always text.
        trusted_types: names of types of the model's parts that skops does not know.

    Raises:
        InvalidInput: it is no fitted model of LightGBM's, an option is unknown, or the format can't hold the model.
        DependencyMissing: lightgbm, skops or cloudpickle is not installed.
    """
    if unknown:
        raise InvalidInput(
            f"lightgbm models have no option '{min(unknown)}': serialization_format and trusted_types are known"
        )
    if serialization_format not in serialized.FORMATS:
        raise InvalidInput(
            f"serialization_format is '{serialization_format}': expected one of {', '.join(serialized.FORMATS)}"
        )
    lightgbm = _library()
    conf: dict[str, Any] = {
        "lgb_version": lightgbm.__version__,
        "model_class": f"{type(model).__module__}.{type(model).__qualname__}",
        "serialization_format": serialization_format,
    }
    if isinstance(model, lightgbm.Booster):
        model.save_model(folder / "model.lgb")
        return _saved({**conf, "data": "model.lgb", "model_class": _BOOSTER}, [])
    if not isinstance(model, lightgbm.LGBMModel):
        raise InvalidInput(
            f"expected a Booster or a scikit-learn model of LightGBM's, came {conf['model_class']}: fit one, or save "
            "it as another flavour"
        )
    if not getattr(model, "fitted_", False):
        raise InvalidInput(f"this {type(model).__name__} is not fitted: fit it first")
    return _scikit_learn(model, folder, conf, trusted_types)


def _scikit_learn(model: Any, folder: Path, conf: dict[str, Any], trusted: list[str] | None) -> Saved:
    kind = conf["serialization_format"]
    if kind == "skops":
        types = skops_files.dump(model, folder / "model.skops", trusted)
        return _saved({**conf, "data": "model.skops", "skops_trusted_types": types}, ["scikit-learn", "skops"])
    if kind == "pickle":
        pickles.dump_pickle(model, folder / "model.pkl")
        return _saved({**conf, "data": "model.pkl"}, ["scikit-learn"])
    pickles.dump_cloudpickle(model, folder / "model.pkl")
    return _saved({**conf, "data": "model.pkl"}, ["scikit-learn", "cloudpickle"])


def _saved(conf: dict[str, Any], requires: list[str]) -> Saved:
    return Saved(conf, {"loader_module": "mlflow.lightgbm", "data": conf["data"]}, ["lightgbm", *requires])


def _library() -> Any:
    try:
        import lightgbm
    except ImportError as error:
        raise DependencyMissing("lightgbm is not installed, which the model needs: pip install lightgbm") from error
    return lightgbm


def load(folder: Path, conf: dict[str, Any]) -> Any:
    path = existing(folder, conf.get("data"))
    lightgbm = _library()
    if _is_booster(conf):
        return lightgbm.Booster(model_file=path)
    return serialized.load(path, conf, "cloudpickle")


def _is_booster(conf: dict[str, Any]) -> bool:
    return (conf.get("model_class") or _BOOSTER) == _BOOSTER


def predictor(folder: Path, conf: dict[str, Any]) -> Predictor:
    """It takes no params: MLflow's does not, either."""
    model = load(folder, conf)
    return Asked(model, model.predict)


def unsafe(conf: dict[str, Any]) -> list[str]:
    safe = conf.get("serialization_format") == "skops" and skops_files.is_safe(conf.get("skops_trusted_types"))
    return [] if _is_booster(conf) or safe else [named(conf, "data")]
