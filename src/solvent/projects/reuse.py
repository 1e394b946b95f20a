"""Finding earlier runs that are identical to those that would be made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from solvent.backend.protocol import Backend
from solvent.errors import NotFound
from solvent.projects.downloads import waiting
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
    """``run`` is the newest identical one, if there is any."""

    run: Run | None
    identity: Identity


@dataclass(frozen=True)
class Found:
    """What was found for each plan; ``environment`` is that of the runs that would be made."""

    earlier: Sequence[Earlier]
    environment: Environment


def find_earlier(backend: Backend, plans: Sequence[Plan], options: Options, say: Say) -> Found:
    """Look in the experiment of the runs that would be made. The environment is made for that, if it is not there.

    Args:
        plans: of one project and entry point, with other values each.

    Raises:
        EnvironmentFailed: it can't be made.
    """
    first = plans[0]
    environment = options.prepare(first.project, options.env_manager, say)
    provenance = in_environment(capture_project(first), first, environment)
    experiment = _experiment(backend, options.place)
    once = _Once(say)
    found = []
    for plan in plans:
        if addresses := waiting(plan.entry, plan.values):
            unseen = tuple(
                f"parameter {name}: an address, what is there is known once it is here" for name in addresses
            )
            found.append(Earlier(None, Identity({}, unseen=unseen)))
            continue
        inputs = read_inputs(plan.project, plan.entry, plan.values.for_command, once)
        identity = identity_of(plan, provenance, environment, inputs, skip_contracts=options.skip_contracts)
        found.append(Earlier(_newest(backend, experiment, identity), identity))
    return Found(found, environment)


class _Once:
    """Says nothing twice: many plans have the same to say."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._said: set[str] = set()

    def __call__(self, line: str) -> None:
        if line not in self._said:
            self._said.add(line)
            self._say(line)


def _newest(backend: Backend, experiment: str | None, identity: Identity) -> Run | None:
    if experiment is None or not identity.comparable:
        return None
    request = SearchRuns(
        experiment_ids=[experiment],
        filter=f"tags.`{IDENTITY}` = '{identity.tag}' AND attributes.status = 'FINISHED'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    return next(iter(backend.call(request).runs), None)


def _experiment(backend: Backend, place: Place) -> str | None:
    """Its id; None if it is not there yet."""
    if place.experiment_name is None:
        return place.experiment_id or "0"
    try:
        return backend.call(GetExperimentByName(experiment_name=place.experiment_name)).experiment.experiment_id
    except NotFound:
        return None
