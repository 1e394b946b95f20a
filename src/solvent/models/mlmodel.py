"""The MLmodel file: what it says, read and written as MLflow does.

Reference: ``mlflow.models.Model`` of MLflow 3.17. Keys that we don't know are kept, so that a file that is read and
written again says the same.
"""

from __future__ import annotations

import json
from typing import Any

import msgspec
import yaml

from solvent.models.errors import NotAModel
from solvent.yaml_text import decoded, read_yaml

FILE = "MLmodel"
MAX_BYTES = 16 << 20
"""Of the file; a signature of 100,000 columns has 8 MB."""

_KNOWN = (
    "artifact_path", "flavors", "run_id", "utc_time_created", "mlflow_version", "model_uuid", "model_id",
    "signature", "saved_input_example_info", "metadata", "model_size_bytes",
)  # fmt: skip


class MLmodel(msgspec.Struct, kw_only=True):
    """One model. ``signature`` holds ``inputs``, ``outputs`` and ``params``, each the JSON of a schema or None.

    ``flavors`` maps a flavour's name to its own settings; ``other`` is what else the file holds.
    """

    flavors: dict[str, dict[str, Any]]
    artifact_path: str | None = None
    run_id: str | None = None
    model_id: str | None = None
    model_uuid: str | None = None
    utc_time_created: str | None = None
    mlflow_version: str | None = None
    signature: dict[str, str | None] | None = None
    saved_input_example_info: dict[str, Any] | None = None
    metadata: dict[str, Any] | None = None
    model_size_bytes: int | None = None
    other: dict[str, Any] = {}


def read_mlmodel(text: bytes) -> MLmodel:
    """
    Raises:
        NotAModel: it is too large, no YAML, or not what an MLmodel file holds.
    """
    said = read_yaml(decoded(text, FILE, NotAModel, MAX_BYTES), FILE, NotAModel).value
    if not isinstance(said, dict) or not isinstance(said.get("flavors"), dict):
        raise NotAModel("the MLmodel file has no 'flavors': expected what a model's save function writes")
    known = {key: said[key] for key in _KNOWN if said.get(key) is not None}
    known["flavors"] = {name: conf or {} for name, conf in said["flavors"].items()}
    other = {key: value for key, value in said.items() if key not in _KNOWN}
    try:
        return msgspec.convert({**known, "other": other}, MLmodel)
    except msgspec.ValidationError as error:
        raise NotAModel(f"the MLmodel file does not hold what it should: {error}") from error


def write_mlmodel(model: MLmodel) -> bytes:
    """YAML with sorted keys, as MLflow writes it; what is not set is left out."""
    fields = {key: value for key in _KNOWN if (value := getattr(model, key)) is not None}
    return yaml.safe_dump({**model.other, **fields}, sort_keys=True, allow_unicode=True).encode()


def columns(schema: str | None) -> list[dict[str, Any]]:
    """The columns or tensors of one of a signature's three schemas; none of one that is not there.

    Raises:
        NotAModel: the schema is no list of objects.
    """
    try:
        said = json.loads(schema) if schema else []
    except ValueError as error:
        raise NotAModel(f"the signature of the MLmodel file is no JSON: {error}") from error
    if not isinstance(said, list) or not all(isinstance(one, dict) for one in said):
        raise NotAModel("the signature of the MLmodel file is no list of columns")
    return said
