"""Use cases of what runs read and made: data sets and logged models."""

from __future__ import annotations

from collections.abc import Iterable

from solvent.errors import InvalidInput
from solvent.store import inputs
from solvent.store.operations import writes
from solvent.store.transaction import Transaction
from solvent.tracking.lookup import active_run
from solvent.tracking.model_metrics import MAX_DATASET_DIGEST, MAX_DATASET_NAME
from solvent.tracking.validation import check_count, check_integer, check_length, check_run_id, required
from solvent.wire.base import Empty
from solvent.wire.datasets import Dataset
from solvent.wire.experiments import Tag
from solvent.wire.runs import LogInputs, LogOutputs

MAX_DATASETS = 1_000
MAX_TAGS = 100
MAX_SOURCE = 65_535
MAX_SCHEMA = 1_048_575
MAX_PROFILE = 16_777_215
MAX_INPUT_TAG_KEY = 255
MAX_INPUT_TAG_VALUE = 500


@writes(LogInputs)
def log_inputs(tx: Transaction, request: LogInputs) -> Empty:
    """Record inputs. The same data set with other tags is another input; exactly the same again is nothing new."""
    run_id = check_run_id(required(request.run_id, "run_id"))
    datasets, models = request.datasets or [], request.models or []
    check_count("datasets", MAX_DATASETS, datasets)
    check_count("models", MAX_DATASETS, models)
    checked = [
        (check_dataset(given.dataset, f"datasets[{index}]."), _check_tags(given.tags, f"datasets[{index}]."))
        for index, given in enumerate(datasets)
    ]
    model_ids = [_check_model_id(model.model_id, index) for index, model in enumerate(models)]
    run = active_run(tx, run_id)
    for dataset, tags in checked:
        inputs.add_dataset(tx, run, dataset, tags)
    inputs.add_models_read(tx, run, model_ids)
    return Empty()


@writes(LogOutputs)
def log_outputs(tx: Transaction, request: LogOutputs) -> Empty:
    run_id, models = required(request.run_id, "run_id"), request.models or []
    check_count("models", MAX_DATASETS, models)
    for index, model in enumerate(models):
        _check_model_id(model.model_id, index)
        check_integer(model.step, f"models[{index}].step")
    inputs.add_models_made(tx, active_run(tx, run_id), models)
    return Empty()


def check_dataset(dataset: Dataset | None, path: str = "") -> Dataset:
    """A data set as MLflow describes it, within MLflow's limits."""
    if dataset is None:
        raise InvalidInput(f"Missing value for required parameter '{path}dataset': each input names its data set")
    check_length(f"{path}name", required(dataset.name, f"{path}name"), MAX_DATASET_NAME)
    check_length(f"{path}digest", required(dataset.digest, f"{path}digest"), MAX_DATASET_DIGEST)
    check_length(f"{path}source_type", dataset.source_type, MAX_SOURCE)
    check_length(f"{path}source", dataset.source, MAX_SOURCE)
    check_length(f"{path}schema", dataset.schema or "", MAX_SCHEMA)
    check_length(f"{path}profile", dataset.profile or "", MAX_PROFILE)
    return dataset


def check_input_tag(key: str, value: str, path: str = "") -> tuple[str, str]:
    """A tag of an input, such as ``mlflow.data.context``."""
    check_length(f"{path}key", required(key, f"{path}key"), MAX_INPUT_TAG_KEY)
    return key, check_length(f"{path}value", value, MAX_INPUT_TAG_VALUE)


def _check_model_id(model_id: str, index: int) -> str:
    """A model's id; it may live on another server."""
    path = f"models[{index}].model_id"
    return check_run_id(required(model_id, path), path)


def _check_tags(tags: Iterable[Tag], path: str) -> dict[str, str]:
    tags = list(tags)
    check_count("tags", MAX_TAGS, tags)
    return dict(check_input_tag(tag.key, tag.value, f"{path}tags[{index}].") for index, tag in enumerate(tags))
