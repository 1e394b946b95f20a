"""PyTorch: modules as exported graphs, as TorchScript, as weights alone (safetensors), or pickled if that is asked for.

Reference: ``mlflow.pytorch`` of MLflow 3.17, which reads and writes the same files, but for weights alone. Only these
are safe: PyTorch unpickles parts of an exported graph, and says of TorchScript that it is a program.
"""

from __future__ import annotations

import pickle
import zipfile
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from solvent.errors import InvalidInput
from solvent.models.errors import BadInput, DependencyMissing, ModelFileMissing, NotAModel
from solvent.models.files import existing, named
from solvent.models.flavors.protocol import Predictor, Saved

name = "pytorch"

FORMATS = ("pt2", "torchscript", "safetensors", "pickle")

DATA = "data"
_PICKLED, _EXPORTED, _WEIGHTS, _INFO = "model.pth", "model.pt2", "model.safetensors", "pickle_module_info.txt"
_OPTIONS = ("serialization_format", "example", "init")


def save(
    model: Any,
    folder: Path,
    *,
    serialization_format: str | None = None,
    example: Any = None,
    init: dict[str, Any] | None = None,
    **unknown: Any,
) -> Saved:
    """
    Args:
        serialization_format: pt2 (a graph, traced with ``example``), torchscript (of what torch.jit made),
            safetensors (weights; the class must be there when it is loaded) or pickle (unsafe). Without it, torchscript
            for what torch.jit made, else pt2.
        example: what the model is called with: an array or tensor, or a tuple of such; more than one row, so that any
            number of rows can be predicted.
        init: for safetensors: what the class is made with, plain data.

    Raises:
        InvalidInput: it is no module, the format can't hold it, or an option is unknown.
        DependencyMissing: torch, safetensors or cloudpickle is not installed.
    """
    if unknown:
        raise InvalidInput(f"pytorch models have no option '{min(unknown)}': {', '.join(_OPTIONS)} are known")
    torch = _library("torch")
    if not isinstance(model, torch.nn.Module):
        raise InvalidInput(f"expected a torch.nn.Module, came {type(model).__module__}.{type(model).__qualname__}")
    scripted = isinstance(model, torch.jit.ScriptModule)
    kind = serialization_format or ("torchscript" if scripted else "pt2")
    if kind not in FORMATS:
        raise InvalidInput(f"serialization_format is '{kind}': expected one of {', '.join(FORMATS)}")
    if scripted != (kind == "torchscript"):
        fits = "torchscript" if scripted else "pt2, safetensors or pickle"
        raise InvalidInput(f"serialization_format is '{kind}': this {type(model).__name__} is saved as {fits}")
    (folder / DATA).mkdir()
    conf = {"model_data": DATA, "pytorch_version": str(torch.__version__), "serialization_format": kind}
    if kind == "safetensors":
        return _save_weights(model, folder, conf, init)
    if kind == "pt2":
        return _save_exported(torch, model, folder, conf, example)
    (folder / DATA / _INFO).write_text("pickle")
    if scripted:
        torch.jit.save(model, folder / DATA / _PICKLED)
        return Saved(conf, _PYFUNC, ["torch"])
    _save_pickle(torch, model, folder / DATA / _PICKLED)
    return Saved(conf, _PYFUNC, ["torch", "cloudpickle"])


_PYFUNC = {
    "loader_module": "mlflow.pytorch",
    "data": DATA,
    "pickle_module_name": "pickle",
    "model_config": {"device": None},
}


def _library(module: str) -> Any:
    try:
        return import_module(module)
    except ImportError as error:
        raise DependencyMissing(
            f"{module} is not installed, which the model needs: pip install {module.partition('.')[0]}"
        ) from error


def _save_exported(torch: Any, model: Any, folder: Path, conf: dict[str, Any], example: Any) -> Saved:
    if example is None:
        raise InvalidInput(
            "to export a module as a graph needs an example of what it is called with: pass example=..., an array or "
            "tensor of a few rows; or serialization_format='pickle', which is unsafe to load"
        )
    inputs = tuple(map(_tensor, example if isinstance(example, tuple) else (example,)))
    rows = {0: torch.export.Dim.AUTO}
    try:
        graph = torch.export.export(
            model.eval(), inputs, dynamic_shapes=tuple(rows if one.dim() else None for one in inputs)
        )
    except Exception as error:
        raise InvalidInput(
            f"this {type(model).__name__} can't be exported as a graph: {' '.join(str(error).split())[:300]}; "
            "serialization_format='pickle' holds it, but is unsafe to load"
        ) from error
    torch.export.save(graph, folder / DATA / _EXPORTED)
    return Saved(conf, _PYFUNC if len(inputs) == 1 else None, ["torch"])


def _tensor(value: Any) -> Any:
    torch = _library("torch")
    if isinstance(value, torch.Tensor):
        return value
    try:
        return torch.tensor(value)
    except (TypeError, ValueError, RuntimeError) as error:
        raise InvalidInput(f"example: expected arrays or tensors, came {type(value).__name__}") from error


def _save_weights(model: Any, folder: Path, conf: dict[str, Any], init: dict[str, Any] | None) -> Saved:
    safetensors = _library("safetensors.torch")
    try:
        safetensors.save_model(model, str(folder / DATA / _WEIGHTS))
    except Exception as error:
        raise InvalidInput(f"safetensors can't hold this {type(model).__name__}: {error}") from error
    kind = f"{type(model).__module__}:{type(model).__qualname__}"
    return Saved({**conf, "model_class": kind, "init": init or {}}, None, ["torch", "safetensors"])


def _save_pickle(torch: Any, model: Any, path: Path) -> None:
    """With cloudpickle, which holds classes of scripts and notebooks; pickle reads it."""
    cloudpickle = _library("cloudpickle")
    module = SimpleNamespace(Pickler=cloudpickle.Pickler, dumps=cloudpickle.dumps, __name__="pickle")
    try:
        torch.save(model, path, pickle_module=module)
    except (pickle.PicklingError, TypeError, AttributeError) as error:
        raise InvalidInput(f"cloudpickle can't hold this {type(model).__name__}: {error}") from error


def load(folder: Path, conf: dict[str, Any]) -> Any:
    """The module, ready to predict (``eval``), on the processor."""
    torch = _library("torch")
    data = existing(folder, conf.get("model_data"))
    if conf.get("serialization_format") == "safetensors":
        return _load_weights(torch, data, conf)
    exported, pickled = data / _EXPORTED, data if data.is_file() else data / _PICKLED
    if exported.is_file():
        return torch.export.load(exported).module()
    if not pickled.is_file():
        raise ModelFileMissing(f"'{conf['model_data']}' holds neither {_EXPORTED} nor {_PICKLED}: save the model again")
    if _is_script(pickled):
        return torch.jit.load(pickled, map_location="cpu").eval()
    return torch.load(pickled, map_location="cpu", weights_only=False, pickle_module=pickle).eval()


def _is_script(path: Path) -> bool:
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return any(entry.endswith("/constants.pkl") for entry in archive.namelist())


def _load_weights(torch: Any, data: Path, conf: dict[str, Any]) -> Any:
    safetensors = _library("safetensors.torch")
    module, _, attribute = str(conf.get("model_class")).partition(":")
    found: Any = import_module(module)
    for part in attribute.split("."):
        found = getattr(found, part, None)
    if not isinstance(found, type) or not issubclass(found, torch.nn.Module):
        raise NotAModel(f"the MLmodel file names '{conf.get('model_class')}' as the model's class: no torch.nn.Module")
    model = found(**(conf.get("init") or {}))
    safetensors.load_model(model, str(existing(data, _WEIGHTS)))
    return model.eval()


class _Predict:
    """As MLflow's: a frame (as 32 bits) is answered by a frame, an array by an array; it predicts on the processor."""

    def __init__(self, model: Any) -> None:
        self.model = model

    def __call__(self, data: Any, params: dict[str, Any] | None = None) -> Any:
        torch = _library("torch")
        framed = hasattr(data, "columns")
        if not framed and not hasattr(data, "dtype"):
            raise BadInput(f"the model takes a frame or an array, got {type(data).__name__}")
        array = data.to_numpy(dtype="float32") if framed else data
        with torch.no_grad():
            predicted = self.model(torch.tensor(array), **(params or {}))
        if not isinstance(predicted, torch.Tensor):
            raise BadInput(f"the model answers with {type(predicted).__name__}, which is no tensor: call it as it is")
        if not framed:
            return predicted.numpy()
        import pandas as pd

        return pd.DataFrame(predicted.numpy(), index=data.index)


def predictor(folder: Path, conf: dict[str, Any]) -> Predictor:
    return _Predict(load(folder, conf))


def unsafe(conf: dict[str, Any]) -> list[str]:
    """All but weights of PyTorch's own modules: a class that is named is imported, and made."""
    own = conf.get("serialization_format") == "safetensors" and str(conf.get("model_class")).startswith("torch.nn.")
    return [] if own else [named(conf, "model_data")]
