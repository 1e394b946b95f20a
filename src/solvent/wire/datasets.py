"""Data sets and models as inputs and outputs of runs."""

from __future__ import annotations

import msgspec

from solvent.wire.base import Request, Wire, route
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


class DatasetSummary(Wire):
    """A data set that runs of an experiment read, and what for."""

    experiment_id: str = ""
    name: str = ""
    digest: str = ""
    context: str | None = None


class SearchDatasetsResponse(Wire):
    dataset_summaries: list[DatasetSummary] = []


@route("POST", "mlflow/experiments/search-datasets")
class SearchDatasets(Request[SearchDatasetsResponse]):
    """The first 1,000 data sets of at most 20 experiments."""

    experiment_ids: list[str] | None = None
