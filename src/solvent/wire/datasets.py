"""Data sets and models as inputs and outputs of runs."""

from __future__ import annotations

import msgspec

from solvent.wire.base import Wire
from solvent.wire.experiments import Tag


class Dataset(Wire):
    """A data set as MLflow describes it. ``schema`` and ``profile`` are JSON texts."""

    name: str = ""
    digest: str = ""
    source_type: str = ""
    source: str = ""
    schema: str | None = None
    profile: str | None = None


class DatasetInput(Wire):
    """``tags`` holds ``mlflow.data.context``: training, validation, testing."""

    dataset: Dataset | None = None
    tags: list[Tag] = []


class ModelInput(Wire):
    model_id: str = ""


class ModelOutput(Wire):
    model_id: str = ""
    step: int = msgspec.field(default_factory=int)
