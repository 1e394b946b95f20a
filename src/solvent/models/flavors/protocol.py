"""What a flavour does: a library's models as files of a folder, and back.

A flavour's module imports its library inside of functions, so that the server and the registry can ask what is in a
model without having it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, Protocol

Predictor = Callable[..., Any]
"""``predict(data, params=None)``: what the pyfunc flavour of the model answers, as MLflow's does for the same model."""


class Saved(NamedTuple):
    """What a flavour has written. ``conf`` stands under the flavour's name in MLmodel, ``pyfunc`` under python_function.

    ``requires`` are the distributions that loading needs, without versions; those of this environment are pinned.
    """

    conf: dict[str, Any]
    pyfunc: dict[str, Any] | None
    requires: list[str]


class Flavor(Protocol):
    """``name`` as in MLmodel's ``flavors``."""

    name: str

    def save(self, model: Any, folder: Path, **options: Any) -> Saved:
        """Write the model's own files into ``folder``, in a safe format unless ``options`` say otherwise.

        Raises:
            InvalidInput: this is no model of the library, or the option's format can't hold it; says what can.
        """
        ...

    def load(self, folder: Path, conf: dict[str, Any]) -> Any:
        """The library's own object; never None."""
        ...

    def predictor(self, folder: Path, conf: dict[str, Any]) -> Predictor: ...

    def unsafe(self, conf: dict[str, Any]) -> list[str]:
        """The files of the model, relative, that run code when they are loaded: pickles, above all."""
        ...
