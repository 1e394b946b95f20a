"""Use cases of experiments, on a real store."""

from __future__ import annotations

import pytest

from solvent.backend.embedded import EmbeddedBackend
from solvent.errors import AlreadyExists, NotFound
from solvent.wire.experiments import CreateExperiment, GetExperimentByName


def test_the_first_experiment_made_has_id_1(backend: EmbeddedBackend) -> None:
    assert backend.call(CreateExperiment(name="model-training")).experiment_id == "1"
    found = backend.call(GetExperimentByName(experiment_name="model-training")).experiment
    assert (found.experiment_id, found.lifecycle_stage) == ("1", "active")


def test_a_name_is_taken_once(backend: EmbeddedBackend) -> None:
    backend.call(CreateExperiment(name="a"))
    with pytest.raises(AlreadyExists, match="Experiment 'a' already exists"):
        backend.call(CreateExperiment(name="a"))


def test_an_unknown_name_is_said_to_be_unknown(backend: EmbeddedBackend) -> None:
    with pytest.raises(NotFound, match="Could not find experiment with name 'zzz'"):
        backend.call(GetExperimentByName(experiment_name="zzz"))
