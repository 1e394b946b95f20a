"""Finding an earlier run that is identical to one that would be made."""

from __future__ import annotations

from dataclasses import dataclass

from solvent.backend.protocol import Backend
from solvent.errors import NotFound
from solvent.projects.environment import Environment, Say
from solvent.projects.identity import IDENTITY, Identity, identity_of
from solvent.projects.inputs import read_inputs
from solvent.projects.launch import Options
from solvent.projects.opening import Place
from solvent.projects.plan import Plan
from solvent.projects.recording import capture_project, in_environment
from solvent.wire.experiments import GetExperimentByName
from solvent.wire.runs import Run, SearchRuns


@dataclass(frozen=True)
class Earlier:
    """``run`` is the newest identical one, if there is any; ``environment`` is that of the run that would be made."""

    run: Run | None
    identity: Identity
    environment: Environment


def find_earlier(backend: Backend, plan: Plan, options: Options, say: Say) -> Earlier:
    """Look in the experiment of the run that would be made. The environment is made for that, if it is not there.

    Raises:
        EnvironmentFailed: it can't be made.
    """
    environment = options.prepare(plan.project, options.env_manager, say)
    provenance = in_environment(capture_project(plan), plan, environment)
    inputs = read_inputs(plan.project, plan.entry, plan.values.for_command, say)
    identity = identity_of(plan, provenance, environment, inputs)
    experiment = _experiment(backend, options.place)
    if experiment is None or not identity.comparable:
        return Earlier(None, identity, environment)
    request = SearchRuns(
        experiment_ids=[experiment],
        filter=f"tags.`{IDENTITY}` = '{identity.tag}' AND attributes.status = 'FINISHED'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    return Earlier(next(iter(backend.call(request).runs), None), identity, environment)


def _experiment(backend: Backend, place: Place) -> str | None:
    """Its id; None if it is not there yet."""
    if place.experiment_name is None:
        return place.experiment_id or "0"
    try:
        return backend.call(GetExperimentByName(experiment_name=place.experiment_name)).experiment.experiment_id
    except NotFound:
        return None
