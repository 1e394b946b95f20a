"""From the wire's Structs to the SDK's entities."""

from __future__ import annotations

from collections.abc import Iterable

from solvent.client import entities
from solvent.wire import artifacts, datasets, experiments, metrics, runs
from solvent.wire.base import from_number


def run(found: runs.Run) -> entities.Run:
    info = found.info
    return entities.Run(
        entities.RunInfo(
            run_id=info.run_id,
            experiment_id=info.experiment_id,
            run_name=info.run_name,
            user_id=info.user_id,
            status=info.status,
            start_time=info.start_time,
            end_time=info.end_time,
            lifecycle_stage=info.lifecycle_stage,
            artifact_uri=info.artifact_uri,
        ),
        entities.RunData(
            metrics={point.key: value(point) for point in found.data.metrics},
            params={param.key: param.value for param in found.data.params},
            tags=tags(found.data.tags),
        ),
        entities.RunInputs(
            [
                entities.DatasetInput(dataset(entry.dataset), tags(entry.tags))
                for entry in (found.inputs.dataset_inputs if found.inputs else [])
                if entry.dataset is not None
            ]
        ),
    )


def dataset(found: datasets.Dataset) -> entities.Dataset:
    return entities.Dataset(found.name, found.digest, found.source_type, found.source, found.schema, found.profile)


def experiment(found: experiments.Experiment) -> entities.Experiment:
    return entities.Experiment(
        experiment_id=found.experiment_id,
        name=found.name,
        artifact_location=found.artifact_location,
        lifecycle_stage=found.lifecycle_stage,
        tags=tags(found.tags),
        creation_time=found.creation_time,
        last_update_time=found.last_update_time,
    )


def metric(found: metrics.Metric) -> entities.Metric:
    return entities.Metric(found.key, value(found), found.timestamp or 0, found.step or 0)


def file(found: artifacts.FileInfo) -> entities.FileInfo:
    return entities.FileInfo(found.path, bool(found.is_dir), None if found.is_dir else found.file_size)


def value(point: metrics.Metric) -> float:
    return from_number(point.value if point.value is not None else "NaN")


def tags(found: Iterable[experiments.Tag]) -> dict[str, str]:
    return {tag.key: tag.value for tag in found}
