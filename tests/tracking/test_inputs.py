"""Use cases of what runs read and made, on a real store."""

from __future__ import annotations

import pytest

from solvent.backend.embedded import EmbeddedBackend
from solvent.errors import InvalidInput, NotFound
from solvent.wire.datasets import Dataset, DatasetInput, ModelInput, ModelOutput
from solvent.wire.experiments import Tag
from solvent.wire.runs import GetRun, LogInputs, LogOutputs, Run

DATA = Dataset(name="d", digest="1", source_type="local", source="x.csv", schema="{}", profile=None)


def run_of(backend: EmbeddedBackend, run_id: str) -> Run:
    return backend.call(GetRun(run_id=run_id)).run


def used_for(context: str) -> DatasetInput:
    return DatasetInput(dataset=DATA, tags=[Tag(key="mlflow.data.context", value=context)])


def test_one_data_set_used_in_two_ways_is_two_inputs(backend: EmbeddedBackend, run_id: str) -> None:
    backend.call(LogInputs(run_id=run_id, datasets=[used_for("training")]))
    backend.call(LogInputs(run_id=run_id, datasets=[used_for("testing"), used_for("training")]))
    inputs = run_of(backend, run_id).inputs
    assert inputs is not None
    assert sorted(given.tags[0].value for given in inputs.dataset_inputs) == ["testing", "training"]
    assert all(given.dataset == DATA for given in inputs.dataset_inputs)


def test_models_read_and_made_are_shown(backend: EmbeddedBackend, run_id: str) -> None:
    backend.call(LogInputs(run_id=run_id, models=[ModelInput(model_id="m-1"), ModelInput(model_id="m-1")]))
    backend.call(LogOutputs(run_id=run_id, models=[ModelOutput(model_id="m-2", step=3)]))
    backend.call(LogOutputs(run_id=run_id, models=[ModelOutput(model_id="m-2", step=4)]))
    run = run_of(backend, run_id)
    assert run.inputs is not None
    assert run.outputs is not None
    assert run.inputs.model_inputs == [ModelInput(model_id="m-1")]
    assert run.outputs.model_outputs == [ModelOutput(model_id="m-2", step=4)]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (DatasetInput(), r"'datasets\[0\].dataset'"),
        (DatasetInput(dataset=Dataset(digest="1")), r"'datasets\[0\].name'"),
        (DatasetInput(dataset=Dataset(name="d" * 501, digest="1")), "maximum length of 500 characters: it has 501"),
        (DatasetInput(dataset=Dataset(name="d", digest="1" * 37)), "maximum length of 36"),
        (DatasetInput(dataset=Dataset(name="d", digest="1", source="s" * 65_536)), "maximum length of 65535"),
        (DatasetInput(dataset=DATA, tags=[Tag(key="k", value="v" * 501)]), "maximum length of 500"),
        (DatasetInput(dataset=DATA, tags=[Tag(key="k")] * 101), "at most 100 tags"),
    ],
)
def test_bad_data_sets_are_refused(backend: EmbeddedBackend, run_id: str, given: DatasetInput, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        backend.call(LogInputs(run_id=run_id, datasets=[used_for("training"), given][::-1]))
    inputs = run_of(backend, run_id).inputs
    assert inputs is not None
    assert inputs.dataset_inputs == []


def test_bad_models_and_runs_are_refused(backend: EmbeddedBackend, run_id: str) -> None:
    with pytest.raises(InvalidInput, match=r"models\[0\].model_id"):
        backend.call(LogInputs(run_id=run_id, models=[ModelInput(model_id="../x")]))
    with pytest.raises(InvalidInput, match=r"models\[0\].step"):
        backend.call(LogOutputs(run_id=run_id, models=[ModelOutput(model_id="m-1", step=2**63)]))
    with pytest.raises(NotFound, match="Run with id=nope not found"):
        backend.call(LogOutputs(run_id="nope", models=[]))
