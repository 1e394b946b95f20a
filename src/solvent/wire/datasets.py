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


class RegisteredDataset(Wire):
    """All versions of one name. Times are milliseconds since 1970 (UTC); ``digest`` is the newest version's."""

    name: str
    versions: int
    digest: str
    last_update_time: int


class ListDatasetsResponse(Wire):
    datasets: list[RegisteredDataset] = msgspec.field(default_factory=list)
    next_page_token: str | None = None


@route("GET", "solvent/v1/datasets")
class ListDatasets(Request[ListDatasetsResponse]):
    """Data sets that runs used, by name, across experiments."""

    max_results: int | None = None
    page_token: str | None = None


class DatasetVersion(Wire):
    """A data set of one content. Source, schema and profile are those that were recorded last.

    ``contract`` is the one that it was last held against: id@version#digest. ``runs`` counts those that are not in the
    trash.
    """

    name: str
    digest: str
    source_type: str = ""
    source: str = ""
    schema: str | None = None
    profile: str | None = None
    contract: str | None = None
    creation_time: int = msgspec.field(default_factory=int)
    experiment_ids: list[str] = msgspec.field(default_factory=list)
    runs: int = msgspec.field(default_factory=int)


class ListDatasetVersionsResponse(Wire):
    versions: list[DatasetVersion] = msgspec.field(default_factory=list)
    next_page_token: str | None = None


@route("GET", "solvent/v1/datasets/versions")
class ListDatasetVersions(Request[ListDatasetVersionsResponse]):
    """The versions of a data set, newest first; their profiles without Solvent's own part."""

    name: str | None = None
    max_results: int | None = None
    page_token: str | None = None


class DatasetVersionResponse(Wire):
    version: DatasetVersion


@route("GET", "solvent/v1/datasets/version")
class GetDatasetVersion(Request[DatasetVersionResponse]):
    """One version, with its whole profile. The beginning of a digest will do if no other version begins so."""

    name: str | None = None
    digest: str | None = None


class UsedModel(Wire):
    model_id: str
    name: str


class MadeVersion(Wire):
    """A version of a registered model that was made from a run."""

    name: str
    version: str
    stage: str


class RunModels(Wire):
    """What a run made and read, as far as whoever asks may see it."""

    run_id: str
    run_name: str
    experiment_id: str
    status: str = ""
    start_time: int | None = None
    models_made: list[UsedModel] = msgspec.field(default_factory=list)
    models_read: list[UsedModel] = msgspec.field(default_factory=list)
    model_versions: list[MadeVersion] = msgspec.field(default_factory=list)


class DatasetUse(RunModels):
    """A run that used a data set: for what (``mlflow.data.context``), and under which contracts."""

    contexts: list[str] = msgspec.field(default_factory=list)
    contracts: list[str] = msgspec.field(default_factory=list)


class ListDatasetUsesResponse(Wire):
    uses: list[DatasetUse] = msgspec.field(default_factory=list)
    next_page_token: str | None = None


@route("GET", "solvent/v1/datasets/uses")
class ListDatasetUses(Request[ListDatasetUsesResponse]):
    """The runs that used a version of a data set, newest first, and the models that they made and read."""

    name: str | None = None
    digest: str | None = None
    max_results: int | None = None
    page_token: str | None = None
