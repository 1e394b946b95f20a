"""The flavours that are saved and loaded here, by the name that they have in MLmodel."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from itertools import islice
from types import MappingProxyType
from typing import NamedTuple, cast

from solvent.models.errors import UnknownFlavor
from solvent.models.flavors.protocol import Flavor

PYFUNC = "python_function"


class Known(NamedTuple):
    """``distribution`` is the library's, whose major version a model has to have; ``version`` names it in the conf."""

    module: str
    distribution: str
    version: str


KNOWN = MappingProxyType(
    {
        "sklearn": Known("sklearn", "scikit-learn", "sklearn_version"),
        "xgboost": Known("xgboost", "xgboost", "xgb_version"),
        "lightgbm": Known("lightgbm", "lightgbm", "lgb_version"),
        "onnx": Known("onnx", "onnx", "onnx_version"),
        "pytorch": Known("pytorch", "torch", "pytorch_version"),
        PYFUNC: Known("pyfunc", "cloudpickle", "cloudpickle_version"),
    }
)
"""In the order in which one is chosen if a model has several. The last is that of models that are Python objects."""


def is_known(name: str) -> bool:
    return name in KNOWN


def flavor(name: str) -> Flavor:
    """The module of a flavour; ``pyfunc`` is another name of ``python_function``.

    Raises:
        UnknownFlavor: there is none of that name here.
    """
    name = PYFUNC if name == "pyfunc" else name
    if name not in KNOWN:
        raise UnknownFlavor(f"flavour '{name}' is not known here: {_names(KNOWN)} are; mlflow may load the model")
    return cast("Flavor", import_module(f"solvent.models.flavors.{KNOWN[name].module}"))


def choose(flavors: Iterable[str], wanted: str | None = None) -> str:
    """Which of a model's flavours to load: the one that is wanted, else the first that is known.

    Raises:
        UnknownFlavor: the model does not have it, or none that is known.
    """
    has = list(flavors)
    if wanted is not None:
        name = PYFUNC if wanted == "pyfunc" else wanted
        flavor(name)
        if name not in has:
            raise UnknownFlavor(f"the model has no flavour '{wanted}': it has {_names(has)}")
        return name
    for name in KNOWN:
        if name in has:
            return name
    raise UnknownFlavor(
        f"none of the model's flavours ({_names(has)}) is known here ({_names(KNOWN)}):"
        " load it with mlflow, whose client works with this server"
    )


def _names(names: Iterable[str]) -> str:
    """At most ten, on one line, whatever somebody has called a flavour."""
    return " ".join(", ".join(islice(names, 10)).split())[:500] or "none"
