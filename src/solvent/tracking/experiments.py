"""Use cases of experiments."""

from __future__ import annotations

from solvent.errors import AlreadyExists, NotFound
from solvent.store import experiments
from solvent.store.operations import reads, writes
from solvent.store.transaction import Transaction
from solvent.tracking.lookup import any_experiment
from solvent.tracking.validation import required
from solvent.wire.experiments import (
    CreateExperiment,
    CreateExperimentResponse,
    GetExperiment,
    GetExperimentByName,
    GetExperimentResponse,
)


@writes(CreateExperiment)
def create_experiment(tx: Transaction, request: CreateExperiment) -> CreateExperimentResponse:
    name = required(request.name, "name")
    existing = experiments.by_name(tx, name)
    if existing is not None:
        remedy = "restore it or choose another name" if existing.lifecycle_stage == "deleted" else "choose another name"
        raise AlreadyExists(
            f"Experiment '{name}' already exists (id {existing.experiment_id}, {existing.lifecycle_stage}): {remedy}"
        )
    experiment_id = experiments.insert(tx, name, request.artifact_location or "", tx.now())
    experiments.set_tags(tx, experiment_id, request.tags or ())
    return CreateExperimentResponse(experiment_id=str(experiment_id))


@reads(GetExperiment)
def get_experiment(tx: Transaction, request: GetExperiment) -> GetExperimentResponse:
    return GetExperimentResponse(experiment=any_experiment(tx, request.experiment_id))


@reads(GetExperimentByName)
def get_experiment_by_name(tx: Transaction, request: GetExperimentByName) -> GetExperimentResponse:
    name = required(request.experiment_name, "experiment_name")
    experiment = experiments.by_name(tx, name)
    if experiment is None:
        raise NotFound(f"Could not find experiment with name '{name}'")
    return GetExperimentResponse(experiment=experiment)
