"""Python objects as models: what MLflow asks of one, and how one is asked to predict.

Reference: ``mlflow.pyfunc.model``, ``PythonModel`` and its wrapper, of MLflow 3.17.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from solvent.errors import InvalidInput

MARK = "__solvent_python_model__"


def adapted(model: Any) -> Any:
    """What is pickled: the model itself if it is a PythonModel of MLflow's, else one around it, which MLflow can load.

    The class around it is made here, in a function, so that cloudpickle writes it with the model: neither Solvent nor
    MLflow has to be there where it is read.

    Raises:
        InvalidInput: it can't be called, and has no ``predict``.
    """
    if isinstance(model, type):
        raise InvalidInput(f"came the class {model.__qualname__}: pass an object of it")
    if hasattr(model, "load_context") and hasattr(model, "predict_type_hints"):
        return model
    if not callable(getattr(model, "predict", model)):
        raise InvalidInput(
            f"expected a function, or an object with predict(data), came a {type(model).__qualname__} with neither"
        )
    return _adapter()(model)


def _adapter() -> Callable[[Any], Any]:
    class PythonModel:
        __solvent_python_model__ = True
        predict_type_hints = SimpleNamespace(input=None, output=None)

        def __init__(self, model: Any) -> None:
            self.model = model

        def load_context(self, context: Any) -> None:
            if hasattr(self.model, "load_context"):
                self.model.load_context(context)

        def predict(self, context: Any, model_input: Any, params: Any = None) -> Any:
            import inspect

            answer = getattr(self.model, "predict", self.model)
            try:
                asked = list(inspect.signature(answer).parameters)
            except ValueError:
                asked = []
            given = {"params": params} if "params" in asked[1:] else {}
            return answer(*([context] if asked[:1] == ["context"] else []), model_input, **given)

        def __getattr__(self, name: str) -> Any:  # so that MLflow's unwrap_python_model() serves as the model
            if name.startswith("__") or name == "model":
                raise AttributeError(name)
            return getattr(self.model, name)

    return PythonModel


def unwrapped(stored: Any) -> Any:
    """The user's own object in what ``adapted`` has made."""
    return stored.model if getattr(type(stored), MARK, False) else stored


class Prepared:
    """A loaded Python object that is asked as MLflow asks it. ``model`` is the user's own."""

    def __init__(self, stored: Any, artifacts: dict[str, str], model_config: dict[str, Any] | None) -> None:
        self.model = unwrapped(stored)
        self._context = SimpleNamespace(artifacts=artifacts, model_config=model_config or {})
        if hasattr(stored, "load_context"):
            stored.load_context(self._context)
        self._answer = getattr(stored, "predict", stored)
        asked = [name for name in _parameters(self._answer) if name != "self"]
        self._takes_params = "params" in asked
        self._takes_context = len([name for name in asked if name != "params"]) == 2 or "context" in asked

    def __call__(self, data: Any, params: dict[str, Any] | None = None) -> Any:
        given = {"params": params} if self._takes_params else {}
        return self._answer(*([self._context] if self._takes_context else []), data, **given)


def _parameters(function: Any) -> list[str]:
    try:
        return list(inspect.signature(function).parameters)
    except ValueError:  # one that is written in C may not say
        return []
