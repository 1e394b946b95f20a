"""What the SDK hands out: thin objects with MLflow's attribute names."""

from __future__ import annotations

from typing import Any


class Entity:
    """Attributes by name; equal if they are the same kind and hold the same."""

    __slots__: tuple[str, ...] = ()

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self._fields() == other._fields()

    def __hash__(self) -> int:
        return hash(type(self).__name__)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {', '.join(f'{name}={value!r}' for name, value in self._fields().items())}>"

    def to_dictionary(self) -> dict[str, Any]:
        """Plain dictionaries and lists of what is in here."""
        return {name: _plain(value) for name, value in self._fields().items()}

    def _fields(self) -> dict[str, Any]:
        names = [name for kind in reversed(type(self).__mro__) for name in getattr(kind, "__slots__", ())]
        return {name: getattr(self, name) for name in names if not name.startswith("_")}


def _plain(value: Any) -> Any:
    if isinstance(value, Entity):
        return value.to_dictionary()
    return [_plain(entry) for entry in value] if isinstance(value, list) else value


class RunInfo(Entity):
    """Times are milliseconds since 1970 (UTC); ``end_time`` is None while the run goes on."""

    __slots__ = (
        "artifact_uri",
        "end_time",
        "experiment_id",
        "lifecycle_stage",
        "run_id",
        "run_name",
        "start_time",
        "status",
        "user_id",
    )

    def __init__(
        self,
        run_id: str,
        experiment_id: str | None,
        run_name: str,
        user_id: str,
        status: str,
        start_time: int | None,
        end_time: int | None = None,
        lifecycle_stage: str = "active",
        artifact_uri: str | None = None,
    ) -> None:
        self.run_id = run_id
        self.experiment_id = experiment_id
        self.run_name = run_name
        self.user_id = user_id
        self.status = status
        self.start_time = start_time
        self.end_time = end_time
        self.lifecycle_stage = lifecycle_stage
        self.artifact_uri = artifact_uri

    @property
    def run_uuid(self) -> str:
        return self.run_id


class RunData(Entity):
    """``metrics`` holds the latest value of each."""

    __slots__ = ("metrics", "params", "tags")

    def __init__(self, metrics: dict[str, float], params: dict[str, str], tags: dict[str, str]) -> None:
        self.metrics = metrics
        self.params = params
        self.tags = tags


class Dataset(Entity):
    """A data set that a run read; ``schema`` and ``profile`` are JSON texts."""

    __slots__ = ("digest", "name", "profile", "schema", "source", "source_type")

    def __init__(
        self, name: str, digest: str, source_type: str, source: str, schema: str | None, profile: str | None
    ) -> None:
        self.name = name
        self.digest = digest
        self.source_type = source_type
        self.source = source
        self.schema = schema
        self.profile = profile


class DatasetInput(Entity):
    """A data set and what it was used for (``tags["mlflow.data.context"]``)."""

    __slots__ = ("dataset", "tags")

    def __init__(self, dataset: Dataset, tags: dict[str, str]) -> None:
        self.dataset = dataset
        self.tags = tags


class RunInputs(Entity):
    __slots__ = ("dataset_inputs",)

    def __init__(self, dataset_inputs: list[DatasetInput]) -> None:
        self.dataset_inputs = dataset_inputs


class Run(Entity):
    """A run as it was when it was read."""

    __slots__ = ("data", "info", "inputs")

    def __init__(self, info: RunInfo, data: RunData, inputs: RunInputs | None = None) -> None:
        self.info = info
        self.data = data
        self.inputs = inputs or RunInputs([])

    def _repr_html_(self) -> str:
        from solvent.client.html import card, moment

        info = self.info
        facts = {
            "Run ID": info.run_id,
            "Experiment": info.experiment_id or "",
            "Status": info.status,
            "Started": moment(info.start_time),
            "Ended": moment(info.end_time),
        }
        metrics = {key: f"{value:.6g}" for key, value in self.data.metrics.items()}
        own = {key: value for key, value in self.data.tags.items() if not key.startswith(("mlflow.", "solvent."))}
        return card(f"Run {info.run_name}", facts, Metrics=metrics, Params=self.data.params, Tags=own)


class Experiment(Entity):
    """A named group of runs. Times are milliseconds since 1970 (UTC)."""

    __slots__ = (
        "artifact_location",
        "creation_time",
        "experiment_id",
        "last_update_time",
        "lifecycle_stage",
        "name",
        "tags",
    )

    def __init__(
        self,
        experiment_id: str,
        name: str,
        artifact_location: str = "",
        lifecycle_stage: str = "active",
        tags: dict[str, str] | None = None,
        creation_time: int | None = None,
        last_update_time: int | None = None,
    ) -> None:
        self.experiment_id = experiment_id
        self.name = name
        self.artifact_location = artifact_location
        self.lifecycle_stage = lifecycle_stage
        self.tags = tags or {}
        self.creation_time = creation_time
        self.last_update_time = last_update_time

    def _repr_html_(self) -> str:
        from solvent.client.html import card, moment

        facts = {
            "Experiment ID": self.experiment_id,
            "State": self.lifecycle_stage,
            "Created": moment(self.creation_time),
            "Artifacts": self.artifact_location,
        }
        return card(f"Experiment {self.name}", facts, Tags=self.tags)


class Metric(Entity):
    """One point; ``timestamp`` in milliseconds since 1970 (UTC)."""

    __slots__ = ("key", "step", "timestamp", "value")

    def __init__(self, key: str, value: float, timestamp: int, step: int = 0) -> None:
        self.key = key
        self.value = value
        self.timestamp = timestamp
        self.step = step


class Param(Entity):
    __slots__ = ("key", "value")

    def __init__(self, key: str, value: str) -> None:
        self.key = key
        self.value = value


class RunTag(Entity):
    __slots__ = ("key", "value")

    def __init__(self, key: str, value: str) -> None:
        self.key = key
        self.value = value


class FileInfo(Entity):
    """``file_size`` in bytes, None for a folder."""

    __slots__ = ("file_size", "is_dir", "path")

    def __init__(self, path: str, is_dir: bool, file_size: int | None) -> None:
        self.path = path
        self.is_dir = is_dir
        self.file_size = file_size


class PagedList(list[Any]):
    """A page of results; ``token`` asks for the next one, None after the last."""

    def __init__(self, items: list[Any], token: str | None) -> None:
        super().__init__(items)
        self.token = token
