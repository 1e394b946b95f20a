"""Python objects and functions as models (``python_function``), written with cloudpickle: unsafe to load.

Reference: ``mlflow.pyfunc`` of MLflow 3.17. Models that it wraps by a library's flavour (``loader_module: mlflow.x``)
are loaded by that flavour; models from code, and those of loader modules that are not MLflow's, by their loaders.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from solvent.errors import InvalidInput
from solvent.models.copying import copy_into
from solvent.models.errors import DependencyMissing, LoadFailed, NotAModel
from solvent.models.files import existing, named
from solvent.models.flavors import pickles, python_model
from solvent.models.flavors.protocol import Predictor, Saved

name = "python_function"

_PICKLED = "mlflow.pyfunc.model"


def save(
    model: Any,
    folder: Path,
    *,
    artifacts: Mapping[str, str | Path] | None = None,
    model_config: dict[str, Any] | None = None,
    **unknown: Any,
) -> Saved:
    """
    Args:
        model: a function of the data, an object with ``predict(data)``, ``predict(data, params)`` or
            ``predict(context, data, params)``, or a PythonModel of MLflow's.
        artifacts: files and folders that the model reads, by name; they are copied into the model, and
            ``load_context(context)`` finds their places in ``context.artifacts``.
        model_config: what stands in ``context.model_config``.

    Raises:
        InvalidInput: it can't predict, or can't be pickled; an artifact is not there.
        DependencyMissing: cloudpickle is not installed.
    """
    if unknown:
        raise InvalidInput(f"pyfunc models have no option '{min(unknown)}': artifacts, model_config are known")
    version = pickles.dump_cloudpickle(python_model.adapted(model), folder / "python_model.pkl")
    conf: dict[str, Any] = {
        "loader_module": _PICKLED,
        "python_model": "python_model.pkl",
        "cloudpickle_version": version,
        "streamable": False,
    }
    if artifacts:
        conf["artifacts"] = {name: _keep(name, Path(source), folder) for name, source in artifacts.items()}
    if model_config:
        conf["model_config"] = model_config
    return Saved({}, conf, ["cloudpickle"])


def _keep(name: str, source: Path, folder: Path) -> dict[str, str]:
    if not re.fullmatch(r"\w[\w .-]*", name):
        raise InvalidInput(f"the name of an artifact is {name!r}: expected letters, digits, '_', '-', '.' and spaces")
    path = f"artifacts/{name}/{source.name}"
    copy_into(source, folder / path)
    return {"path": path, "uri": source.name}


def load(folder: Path, conf: dict[str, Any]) -> Any:
    """The object that was saved: the function, or the object with ``predict``."""
    return python_model.unwrapped(_stored(folder, conf))


def _stored(folder: Path, conf: dict[str, Any]) -> Any:
    if not conf.get("python_model"):
        raise NotAModel("the MLmodel file names no python_model: load it with load_pyfunc")
    return pickles.load_cloudpickle(existing(folder, conf["python_model"]), conf.get("python_model_compression"))


def predictor(folder: Path, conf: dict[str, Any]) -> Predictor:
    if conf.get("loader_module") != _PICKLED or not conf.get("python_model"):
        return _foreign(folder, conf)
    artifacts = {
        name: str(existing(folder, said.get("path") if isinstance(said, dict) else said))
        for name, said in (conf.get("artifacts") or {}).items()
    }
    return python_model.Prepared(_stored(folder, conf), artifacts, conf.get("model_config"))


def _foreign(folder: Path, conf: dict[str, Any]) -> Predictor:
    """By the module that the model names: its ``_load_pyfunc`` is what MLflow calls too."""
    loader = str(conf.get("loader_module"))
    try:
        module = import_module(loader)
    except ImportError as error:
        raise DependencyMissing(
            f"the model is loaded by the Python module '{loader}', which can't be imported: {error}"
        ) from error
    place = existing(folder, conf["data"]) if conf.get("data") else folder
    config = [conf["model_config"]] if conf.get("model_config") else []
    loaded = module._load_pyfunc(str(place), *config)  # noqa: SLF001 - MLflow's convention for loader modules
    answer = getattr(loaded, str(conf.get("predict_fn", "predict")), None)
    if answer is None:
        raise LoadFailed(f"what '{loader}' has loaded is a {type(loaded).__qualname__} without predict")
    return python_model.Prepared(answer, {}, None)


def is_foreign(conf: dict[str, Any]) -> bool:
    """Whether a module that we don't know reads the files, whichever it likes."""
    return conf.get("loader_module") != _PICKLED


def unsafe(conf: dict[str, Any]) -> list[str]:
    found = [named(conf, "python_model")] if conf.get("python_model") else []
    if conf.get("model_code_path"):
        found.append(posixpath.basename(str(conf["model_code_path"])))
    if not str(conf.get("loader_module", "")).startswith("mlflow."):
        found.append(named(conf, "data"))
    return found
