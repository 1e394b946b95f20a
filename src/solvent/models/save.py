"""A model as a folder in MLflow's format, which appears whole or not at all."""

from __future__ import annotations

import os
import platform
import secrets
import shutil
import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from solvent.disk import make_folders, sync_folder
from solvent.errors import AlreadyExists, InvalidInput
from solvent.models import mlmodel
from solvent.models import requirements as needs
from solvent.models.copying import copy_into
from solvent.models.files import file_paths
from solvent.models.flavors import known
from solvent.models.flavors.protocol import Saved
from solvent.models.mlmodel import MLmodel

CODE = "code"


class SavedSignature(Protocol):
    """``models.signature`` has one."""

    def to_dict(self) -> dict[str, str | None]: ...


class SavedExample(Protocol):
    """``models.signature`` has one."""

    def save(self, folder: Path, /) -> dict[str, Any]:
        """Write the files, and say what stands in MLmodel's ``saved_input_example_info``."""
        ...


def save_model(
    flavor: str,
    model: Any,
    path: str | Path,
    *,
    signature: SavedSignature | None = None,
    input_example: SavedExample | None = None,
    requirements: Sequence[str] | None = None,
    metadata: dict[str, Any] | None = None,
    code_paths: Iterable[str | Path] | None = None,
    run_id: str | None = None,
    model_id: str | None = None,
    artifact_path: str | None = None,
    **options: Any,
) -> MLmodel:
    """Write a model into a new folder.

    Args:
        flavor: sklearn, xgboost, lightgbm, onnx, pytorch or pyfunc.
        path: a folder that does not exist, or is empty.
        requirements: what loading needs, one requirement each, in place of what is found in the model.
        metadata: what else is to be known of the model; plain data.
        code_paths: files and folders with Python modules that the model needs; they are imported when it is loaded,
            which makes the model unsafe.
        options: of the flavour; its module describes them.

    Returns:
        What the MLmodel file says.

    Raises:
        AlreadyExists: the folder holds something.
        InvalidInput: the model, an option, or a file to be copied is not what it should be.
        DependencyMissing: a library that saving needs is not installed.
    """
    target = Path(path)
    module = known.flavor(flavor)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise AlreadyExists(f"'{target}' is there already and is not empty: save the model in a new folder")
    make_folders(target.absolute().parent)
    draft = target.absolute().parent / f".{target.absolute().name[:100]}.{secrets.token_hex(4)}"
    draft.mkdir()
    try:
        code = _copy_code(draft, code_paths)
        said = MLmodel(
            flavors=_flavors(module.name, module.save(model, draft, **options), code, draft, requirements),
            run_id=run_id,
            model_id=model_id,
            artifact_path=artifact_path,
            model_uuid=uuid.uuid4().hex,
            utc_time_created=str(datetime.now(UTC).replace(tzinfo=None)),
            signature=signature.to_dict() if signature is not None else None,
            saved_input_example_info=input_example.save(draft) if input_example is not None else None,
            metadata=metadata,
        )
        said.model_size_bytes = sum((draft / file).stat().st_size for file in file_paths(draft))
        (draft / mlmodel.FILE).write_bytes(_text(said))
        _settle(draft, target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return said


def _flavors(
    name: str, saved: Saved, code: str | None, folder: Path, wanted: Sequence[str] | None
) -> dict[str, dict[str, Any]]:
    """What stands under ``flavors``; the files of requirements are written on the way."""
    lines = needs.inferred(saved.requires, folder) if wanted is None else needs.given(wanted)
    needs.write_requirements(folder, lines)
    found: dict[str, dict[str, Any]] = {}
    if name != known.PYFUNC:
        found[name] = {**saved.conf, "code": code}
    if saved.pyfunc is not None:
        found[known.PYFUNC] = {
            **saved.pyfunc,
            "code": code,
            "env": {"conda": needs.CONDA, "virtualenv": needs.PYTHON},
            "python_version": platform.python_version(),
        }
    return found


def _copy_code(folder: Path, code_paths: Iterable[str | Path] | None) -> str | None:
    paths = [Path(path) for path in ([code_paths] if isinstance(code_paths, str | Path) else code_paths or ())]
    for source in paths:
        copy_into(source, folder / CODE / source.absolute().name)
    return CODE if paths else None


def _text(said: MLmodel) -> bytes:
    import yaml

    try:
        return mlmodel.write_mlmodel(said)
    except yaml.YAMLError as error:
        raise InvalidInput(
            f"the model's metadata or options hold more than plain data (texts, numbers, lists, objects): {error}"
        ) from error


def _settle(draft: Path, target: Path) -> None:
    """Put a whole folder in its place, to stay there after a power cut."""
    for file in file_paths(draft):
        descriptor = os.open(draft / file, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    for folder in {(draft / file).parent for file in file_paths(draft)}:
        sync_folder(folder)
    try:
        draft.replace(target.absolute())
    except OSError as error:
        raise AlreadyExists(
            f"'{target}' could not be put in its place: {error.strerror}; save in a new folder"
        ) from error
    sync_folder(target.absolute().parent)
