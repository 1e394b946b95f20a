"""ONNX: models as graphs, which run no code of their own; onnxruntime predicts.

Reference: ``mlflow.onnx`` of MLflow 3.17, which reads and writes the same files.
"""

from __future__ import annotations

import warnings
from importlib import import_module
from pathlib import Path
from typing import Any

from solvent.errors import InvalidInput
from solvent.models.errors import BadInput, DependencyMissing, NotAModel
from solvent.models.files import existing, named
from solvent.models.flavors.installed import distribution
from solvent.models.flavors.protocol import Predictor, Saved

name = "onnx"

FILE = "model.onnx"
PROVIDERS = ("CUDAExecutionProvider", "CPUExecutionProvider")
"""As MLflow's: a graphics card where there is one."""

_CPU = "CPUExecutionProvider"
_ONE_FILE = 1 << 30
"""Bytes up to which a model is one file; protobuf ends at twice that, beyond it the weights lie beside the graph."""

_OPTIONS = ("onnx_execution_providers", "onnx_session_options")
_SESSION = (
    "inter_op_num_threads",
    "intra_op_num_threads",
    "execution_mode",
    "graph_optimization_level",
    "extra_session_config",
)


def save(
    model: Any,
    folder: Path,
    *,
    onnx_execution_providers: list[str] | None = None,
    onnx_session_options: dict[str, Any] | None = None,
    **unknown: Any,
) -> Saved:
    """
    Args:
        onnx_execution_providers: names of onnxruntime's, in the order in which they are tried.
        onnx_session_options: inter_op_num_threads, intra_op_num_threads, execution_mode (sequential or parallel),
            graph_optimization_level, extra_session_config.

    Raises:
        InvalidInput: it is no ONNX model, or no valid one, or an option is unknown.
        DependencyMissing: onnx is not installed.
    """
    if unknown:
        raise InvalidInput(f"onnx models have no option '{min(unknown)}': {' and '.join(_OPTIONS)} are known")
    wrong = [one for one in onnx_session_options or () if one not in _SESSION]
    if wrong:
        raise InvalidInput(f"onnx_session_options has no '{wrong[0]}': {', '.join(_SESSION)} are known")
    onnx = _library("onnx")
    if not isinstance(model, onnx.ModelProto):
        raise InvalidInput(
            f"expected an onnx.ModelProto, came {type(model).__module__}.{type(model).__qualname__}: convert the model "
            "first, for example with skl2onnx, onnxmltools or torch.onnx.export"
        )
    try:
        onnx.save_model(model, folder / FILE, save_as_external_data=model.ByteSize() > _ONE_FILE)
        onnx.checker.check_model(str(folder / FILE))
    except Exception as error:
        raise InvalidInput(f"this is no valid ONNX model: {' '.join(str(error).split())[:300]}") from error
    conf = {
        "onnx_version": onnx.__version__,
        "data": FILE,
        "providers": list(onnx_execution_providers or PROVIDERS),
        "onnx_session_options": onnx_session_options,
    }
    runtime = distribution("onnxruntime", "onnxruntime-gpu")
    return Saved(conf, {"loader_module": "mlflow.onnx", "data": FILE}, ["onnx", runtime])


def _library(module: str) -> Any:
    try:
        return import_module(module)
    except ImportError as error:
        raise DependencyMissing(f"{module} is not installed, which the model needs: pip install {module}") from error


def load(folder: Path, conf: dict[str, Any]) -> Any:
    """The graph, an ``onnx.ModelProto``."""
    return _library("onnx").load(_checked(folder, conf))


def _checked(folder: Path, conf: dict[str, Any]) -> Path:
    """The model's file, once the weights that it names are known to lie in the folder."""
    onnx = _library("onnx")
    path = existing(folder, conf.get("data"))
    graph = onnx.load(path, load_external_data=False).graph
    for tensor in graph.initializer:
        for entry in tensor.external_data if tensor.data_location == onnx.TensorProto.EXTERNAL else ():
            if entry.key == "location":
                existing(path.parent, entry.value)
    onnx.checker.check_model(str(path))  # looks at the weights of graphs within graphs, too
    return path


class _Predict:
    """As MLflow's: a frame is answered by a frame, an array or a dict by a dict; all by the outputs' names."""

    def __init__(self, session: Any) -> None:
        self.model = session
        self._inputs = {one.name: one.type for one in session.get_inputs()}
        self._outputs = [one.name for one in session.get_outputs()]

    def __call__(self, data: Any, params: dict[str, Any] | None = None) -> Any:  # noqa: ARG002 - takes none
        feeds = self._feeds(data)
        for name, value in feeds.items():
            if self._inputs.get(name) == "tensor(float)" and str(getattr(value, "dtype", "")) == "float64":
                feeds[name] = value.astype("float32")  # JSON and pandas know 64 bits only
        predicted = self.model.run(self._outputs, feeds)
        if not hasattr(data, "columns"):
            return dict(zip(self._outputs, predicted, strict=True))
        return self._framed(predicted)

    def _feeds(self, data: Any) -> dict[str, Any]:
        names = list(self._inputs)
        if isinstance(data, dict):
            return dict(data)
        if hasattr(data, "columns"):
            if len(names) == 1:
                return {names[0]: data.to_numpy()}
            gone = [name for name in names if name not in data.columns]
            if gone:
                raise BadInput(f"the model takes {len(names)} inputs: the frame has no column '{gone[0]}'")
            return {name: data[name].to_numpy() for name in names}
        if hasattr(data, "dtype") and len(names) == 1:
            return {names[0]: data}
        raise BadInput(
            f"the model takes {len(names)} input{'s' if len(names) > 1 else ''} ({', '.join(names)}): expected a frame, "
            f"a dict of arrays{', or an array' if len(names) == 1 else ''}; got {type(data).__name__}"
        )

    def _framed(self, predicted: list[Any]) -> Any:
        import numpy as np
        import pandas as pd

        columns = {name: np.asarray(one).reshape(-1) for name, one in zip(self._outputs, predicted, strict=True)}
        return pd.DataFrame(columns)


def predictor(folder: Path, conf: dict[str, Any]) -> Predictor:
    runtime = _library("onnxruntime")
    path = _checked(folder, conf)
    wanted = _providers(conf)
    usable = [one for one in wanted if _named(one) in runtime.get_available_providers()] or [_CPU]
    options = _session_options(runtime, conf.get("onnx_session_options") or {})
    try:
        session = runtime.InferenceSession(str(path), providers=usable, sess_options=options)
    except Exception as error:
        if usable == [_CPU]:
            raise
        warnings.warn(
            f"onnxruntime can't use {', '.join(map(_named, usable))} ({error}): the CPU predicts", stacklevel=2
        )
        session = runtime.InferenceSession(str(path), providers=[_CPU], sess_options=options)
    return _Predict(session)


def _providers(conf: dict[str, Any]) -> list[Any]:
    said = conf.get("providers") or list(PROVIDERS)
    return [tuple(one) if isinstance(one, list) else one for one in ([said] if isinstance(said, str) else said)]


def _named(provider: Any) -> str:
    return str(provider[0] if isinstance(provider, tuple) and provider else provider)


def _session_options(runtime: Any, said: dict[str, Any]) -> Any:
    options = runtime.SessionOptions()
    for threads in ("inter_op_num_threads", "intra_op_num_threads"):
        if said.get(threads):
            setattr(options, threads, int(said[threads]))
    modes = {"SEQUENTIAL": runtime.ExecutionMode.ORT_SEQUENTIAL, "PARALLEL": runtime.ExecutionMode.ORT_PARALLEL}
    if said.get("execution_mode"):
        mode = modes.get(str(said["execution_mode"]).upper())
        if mode is None:
            raise NotAModel(f"the MLmodel file's execution_mode is {said['execution_mode']!r}: sequential or parallel")
        options.execution_mode = mode
    if said.get("graph_optimization_level"):
        options.graph_optimization_level = runtime.GraphOptimizationLevel(int(said["graph_optimization_level"]))
    for key, value in (said.get("extra_session_config") or {}).items():
        options.add_session_config_entry(str(key), str(value))
    return options


def unsafe(conf: dict[str, Any]) -> list[str]:
    """A graph is data; a provider's options, or the session's own settings, may name libraries that are then run."""
    said = conf.get("providers")
    options = any(not isinstance(one, str) for one in (said if isinstance(said, list) else []))
    extra = conf.get("onnx_session_options")
    return [named(conf, "data")] if options or (isinstance(extra, dict) and extra.get("extra_session_config")) else []
