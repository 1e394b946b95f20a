"""Finding what a request names, or saying that it is not there or deleted."""

from __future__ import annotations

from solvent.errors import InvalidInput, NotFound
from solvent.store import experiments, models, runs
from solvent.store.models import ModelRef
from solvent.store.runs import RunRef
from solvent.store.transaction import Transaction
from solvent.tracking.validation import experiment_number, required
from solvent.wire.experiments import Experiment


def any_experiment(tx: Transaction, experiment_id: str | None) -> Experiment:
    number = experiment_number(required(experiment_id, "experiment_id"))
    experiment = experiments.by_id(tx, number)
    if experiment is None:
        raise NotFound(f"No Experiment with id={number} exists")
    return experiment


def active_experiment(tx: Transaction, experiment_id: str | None) -> Experiment:
    experiment = any_experiment(tx, experiment_id)
    if experiment.lifecycle_stage != "active":
        raise InvalidInput(
            f"The experiment {experiment.experiment_id} must be in the 'active' state. "
            f"Current state is {experiment.lifecycle_stage}."
        )
    return experiment


def any_run(tx: Transaction, run_id: str | None) -> RunRef:
    run_id = required(run_id, "run_id")
    run = runs.find(tx, run_id)
    if run is None:
        raise NotFound(f"Run with id={run_id} not found")
    return run


def active_run(tx: Transaction, run_id: str | None) -> RunRef:
    run = any_run(tx, run_id)
    if run.deleted:
        raise InvalidInput(f"The run {run.uuid} must be in the 'active' state. Current state is deleted.")
    return run


def any_model(tx: Transaction, model_id: str | None) -> ModelRef:
    model_id = required(model_id, "model_id")
    model = models.find(tx, model_id)
    if model is None:
        raise NotFound(f"Logged model with ID '{model_id}' not found.")
    return model
