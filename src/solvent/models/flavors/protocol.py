"""What a flavour does: a library's models as files of a folder, and back.

A flavour is a module of this folder with these functions. It imports its library inside of functions, so that the
server and the registry can ask what is in a model without having it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, Protocol

Predictor = Callable[..., Any]
"""``predict(data, params=None)``: what the pyfunc flavour of the model answers, as MLflow's does for the same model.

If it has an attribute ``model``, that is the library's own object, and need not be loaded again to be unwrapped.
"""


class Asked:
    """A predictor that asks one method of a model, and knows the model."""

    def __init__(self, model: Any, answer: Callable[[Any], Any]) -> None:
        self.model = model
        self._answer = answer

    def __call__(self, data: Any, params: dict[str, Any] | None = None) -> Any:  # noqa: ARG002 - takes none
        return self._answer(data)


class Saved(NamedTuple):
    """What a flavour has written. ``conf`` stands under the flavour's name in MLmodel, ``pyfunc`` under python_function.

    ``pyfunc`` holds ``loader_module`` and, where it applies, ``data`` or ``model_path`` and ``predict_fn``;
    environment, Python's version and ``code`` are added by ``models.save``. ``requires`` are the distributions that
    loading needs, without versions; those of this environment are pinned.
    """

    conf: dict[str, Any]
    pyfunc: dict[str, Any] | None
    requires: list[str]


class Flavor(Protocol):
    """A flavour's module. ``name`` as in MLmodel's ``flavors``.

    ``folder`` is the model's; every path that ``conf`` names goes through ``models.files.existing`` before it is
    opened. Whether it may be loaded at all (hashes, pickles, versions) has been asked before ``load`` or ``predictor``
    is called, and what the library raises is wrapped by who calls.
    """

    @property
    def name(self) -> str: ...

    def save(self, model: Any, folder: Path, **options: Any) -> Saved:
        """Write the model's own files into ``folder``, in a safe format unless ``options`` say otherwise.

        Raises:
            InvalidInput: this is no model of the library, or the option's format can't hold it; says what can.
            DependencyMissing: a library that writing needs is not there.
        """
        ...

    def load(self, folder: Path, conf: dict[str, Any]) -> Any:
        """The library's own object; never None."""
        ...

    def predictor(self, folder: Path, conf: dict[str, Any]) -> Predictor:
        """``conf`` as for ``load``, with ``predict_fn`` of python_function if that names one."""
        ...

    def unsafe(self, conf: dict[str, Any]) -> list[str]:
        """What runs code when it is loaded: files, or folders with all that is in them, relative; ``.`` is all."""
        ...
