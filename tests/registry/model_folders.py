"""Folders of models in the places of runs and logged models, and what a registry knows of them."""

from __future__ import annotations

from pathlib import Path

from solvent.backend.embedded import EmbeddedBackend
from solvent.wire.model_files import ResolvedModel, ResolveModel
from solvent.wire.models import FinalizeLoggedModel, LoggedModelInfo
from tests.registry.helpers import make_logged_model, make_run

SAFE = """
artifact_path: model
flavors:
  sklearn: {pickled_model: model.skops, serialization_format: skops, sklearn_version: 1.6.0}
signature:
  inputs: '[{"name": "x", "type": "double", "required": true}]'
  outputs: '[{"type": "double", "required": true}]'
  params: null
"""
PICKLED = """
artifact_path: model
flavors:
  python_function: {loader_module: mlflow.sklearn, model_path: model.pkl}
  sklearn: {pickled_model: model.pkl, serialization_format: cloudpickle, sklearn_version: 1.6.0}
"""


def folder_of(backend: EmbeddedBackend, uri: str, path: str = "") -> Path:
    return backend.artifacts(uri).root / path


def write_model(folder: Path, mlmodel: str = SAFE, **files: bytes) -> Path:
    """A folder with an MLmodel file, ``model_skops`` (or what else is given) as its data."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "MLmodel").write_text(mlmodel, "utf-8")
    for name, content in (files or {"model_skops": b"trees"}).items():
        (folder / name.replace("_", ".")).write_bytes(content)
    return folder


def run_with_model(backend: EmbeddedBackend, mlmodel: str = SAFE, **files: bytes) -> tuple[str, Path]:
    """A run with a model at its path ``model``: the run's id, and the folder."""
    run = make_run(backend)
    return run.run_id, write_model(folder_of(backend, run.artifact_uri, "model"), mlmodel, **files)


def logged_with_model(
    backend: EmbeddedBackend, mlmodel: str = SAFE, run_id: str | None = None, **files: bytes
) -> tuple[LoggedModelInfo, Path]:
    """A logged model that is READY, and its folder."""
    info = make_logged_model(backend, run_id)
    folder = write_model(folder_of(backend, info.artifact_uri), mlmodel, **files)
    backend.call(FinalizeLoggedModel(model_id=info.model_id, status="LOGGED_MODEL_READY"))
    return info, folder


def resolved(backend: EmbeddedBackend, uri: str) -> ResolvedModel:
    return backend.call(ResolveModel(uri=uri)).model
