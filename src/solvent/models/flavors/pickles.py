"""Pickles of models. They run what is in them when they are read; whether they may be is asked before."""

from __future__ import annotations

import bz2
import gzip
import lzma
import pickle
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from solvent.errors import InvalidInput
from solvent.models.errors import DependencyMissing
from solvent.models.pickle_names import modules_named

_OPENERS: dict[object, Any] = {"lzma": lzma.open, "bzip2": bz2.open, "gzip": gzip.open}
"""By the names that MLflow's python_function has for them."""


def dump_pickle(model: Any, path: Path) -> None:
    _dump(pickle, model, path)


def dump_cloudpickle(model: Any, path: Path) -> str:
    """Write with cloudpickle, and with it the user's own modules, which will not be there where the model is loaded.

    If they can't be written so, the pickle names them, and whoever saves the model may give their files with it.

    Returns:
        The version of cloudpickle.
    """
    cloudpickle = _cloudpickle("save")
    _dump(cloudpickle, model, path)
    whole: set[ModuleType] = set()
    while more := {module for name in modules_named(path) if (module := _own_module(name))} - whole:
        whole |= more
        content = path.read_bytes()
        try:
            with _by_value(cloudpickle, whole):
                _dump(cloudpickle, model, path)
        except InvalidInput:
            path.write_bytes(content)
            break
    return str(cloudpickle.__version__)


def _dump(library: Any, model: Any, path: Path) -> None:
    try:
        with path.open("wb") as file:
            library.dump(model, file, protocol=pickle.DEFAULT_PROTOCOL)
    except (pickle.PicklingError, TypeError, AttributeError) as error:
        raise InvalidInput(
            f"{library.__name__} can't hold this {type(model).__name__}: {error}."
            " Leave out what can't be written, such as open files, locks and connections"
        ) from error


def load_pickle(path: Path) -> Any:
    with path.open("rb") as file:
        return pickle.load(file)  # noqa: S301 - the caller has asked whether it may be


def load_cloudpickle(path: Path, compression: object = None) -> Any:
    """``compression`` as python_function names it: lzma, bzip2 or gzip."""
    cloudpickle = _cloudpickle("load")
    with _OPENERS.get(compression, Path.open)(path, "rb") as file:
        return cloudpickle.load(file)


def _cloudpickle(what: str) -> Any:
    try:
        import cloudpickle
    except ImportError as error:
        raise DependencyMissing(
            f"cloudpickle is not installed, which is needed to {what} this model: pip install cloudpickle"
        ) from error
    return cloudpickle


def _own_module(name: str) -> ModuleType | None:
    """A module that is imported here, if it is no installed one."""
    module = sys.modules[name]
    file = getattr(module, "__file__", None)
    if file is None or name == "__main__" or name.partition(".")[0] == "solvent":
        return None
    path = Path(file).resolve()
    installed = {"site-packages", "dist-packages"}.intersection(path.parts)
    return None if installed or path.is_relative_to(Path(sysconfig.get_path("stdlib")).resolve()) else module


@contextmanager
def _by_value(cloudpickle: Any, modules: set[ModuleType]) -> Iterator[None]:
    new = [module for module in modules if module.__name__ not in cloudpickle.list_registry_pickle_by_value()]
    for module in new:
        cloudpickle.register_pickle_by_value(module)
    try:
        yield
    finally:
        for module in new:
            cloudpickle.unregister_pickle_by_value(module)
