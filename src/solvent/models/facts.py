"""What a model's MLmodel file and the names of its files tell, without its library."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Any

from solvent.models.errors import NotAModel
from solvent.models.flavors import known
from solvent.models.mlmodel import MLmodel, columns
from solvent.wire.model_files import ModelFacts

SUSPECT = frozenset(
    {".bin", ".ckpt", ".cloudpickle", ".dill", ".h5", ".joblib", ".keras", ".mar", ".p", ".pickle", ".pkl"}
    | {".pt", ".pth", ".py", ".pyc", ".rds", ".sav", ".skops"}
)
"""Of files whose usual readers run what is in them: what is asked of a flavour that is not known here."""


def facts_of(mlmodel: MLmodel, paths: Iterable[str]) -> ModelFacts:
    """
    Args:
        paths: of the model's files, relative to its folder, with slashes.

    ``bytes`` is what the MLmodel file says, 0 if it says nothing: who has the sizes of the files may know better.
    A signature that can't be read is ``problem``.
    """
    present = list(paths)
    facts = ModelFacts(
        flavors=sorted(mlmodel.flavors),
        unsafe=unsafe_files(mlmodel, present),
        input_example=_has_example(mlmodel, present),
        bytes=mlmodel.model_size_bytes or 0,
    )
    try:
        facts.signature = _signature(mlmodel)
    except NotAModel as error:
        facts.problem = str(error)
    return facts


def unsafe_files(mlmodel: MLmodel, paths: Iterable[str], flavor: str | None = None) -> list[str]:
    """The files, sorted, that run code when the model is loaded: by ``flavor``, or by whichever.

    What is decided here counts for files that are there; that those which ``conf`` names are there is asked elsewhere.
    """
    confs = {flavor: mlmodel.flavors[flavor]} if flavor else mlmodel.flavors
    named = [_normal(entry) for name, conf in confs.items() for entry in _entries(name, conf)]
    suspect = any(_is_foreign(name, conf, mlmodel) for name, conf in confs.items())
    return sorted(
        path
        for path in paths
        if any(_covers(entry, path) for entry in named) or (suspect and PurePosixPath(path).suffix.lower() in SUSPECT)
    )


def _entries(name: str, conf: dict[str, Any]) -> Iterator[object]:
    if conf.get("code"):
        yield conf["code"]
    if known.is_known(name):
        yield from known.flavor(name).unsafe(conf)


def _is_foreign(name: str, conf: dict[str, Any], mlmodel: MLmodel) -> bool:
    """Whether code that we don't know reads the files: a flavour of MLflow's that is not one of ours."""
    if not known.is_known(name):
        return True
    if name != known.PYFUNC:
        return False
    loader = str(conf.get("loader_module", ""))
    return loader.startswith("mlflow.") and not (loader.startswith("mlflow.pyfunc") or loader[7:] in mlmodel.flavors)


def _normal(entry: object) -> str:
    """What a conf names, as our paths are written; all files, if it leads out of the folder or is no text."""
    path = posixpath.normpath(entry) if isinstance(entry, str) else "."
    return "." if path.startswith(("/", "..")) else path


def _covers(entry: str, path: str) -> bool:
    return entry in (".", path) or path.startswith(f"{entry}/")


def _has_example(mlmodel: MLmodel, paths: list[str]) -> bool:
    return (mlmodel.saved_input_example_info or {}).get("artifact_path") in paths


def _signature(mlmodel: MLmodel) -> str:
    said = mlmodel.signature or {}
    if not columns(said.get("inputs")):
        return "none"
    return "whole" if columns(said.get("outputs")) else "inputs"
