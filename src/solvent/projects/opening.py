"""Opening the run of a project, or joining one that is there."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from solvent.backend.protocol import Backend
from solvent.errors import AlreadyExists, InvalidInput, NotFound
from solvent.projects.joining import join_run
from solvent.projects.plan import Plan
from solvent.provenance.host import user_name
from solvent.wire.experiments import CreateExperiment, GetExperimentByName, Tag
from solvent.wire.runs import CreateRun, Run

PARENT = "mlflow.parentRunId"
PARENT_VARIABLES = ("SOLVENT_PARENT_RUN_ID", "SOLVENT_RUN_ID")
"""Where a project that runs projects finds its own run; the first one stays when a script joins the run."""
_LONGEST_TAG = 8_000


@dataclass(frozen=True)
class Place:
    """Which run is meant: a new one in an experiment, or the existing one ``run_id``.

    ``parent_run_id`` is found in the environment if it is not given: a project may run projects. ``tags`` are added.
    """

    experiment_name: str | None = None
    experiment_id: str | None = None
    run_name: str | None = None
    run_id: str | None = None
    parent_run_id: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)


def open_run(backend: Backend, plan: Plan, place: Place, *, env_manager: str, runner: str) -> Run:
    """The run, with what is known of it before anything was done.

    Raises:
        InvalidInput, NotFound: the experiment or the run is not there, or deleted.
        Conflict: the run that is joined is deleted, or under way.
        InvalidParameters: it has other parameters.
    """
    tags = {
        "mlflow.user": user_name(),
        "mlflow.source.name": plan.source_name,
        "mlflow.source.type": "PROJECT",
        **(plan.source.tags() if plan.source is not None else {}),
        "mlflow.project.entryPoint": plan.entry.name,
        "mlflow.project.backend": runner,
        "mlflow.project.env": env_manager,
        **place.tags,
    }
    parameters = json.dumps(plan.values.all, ensure_ascii=False)
    if len(parameters) <= _LONGEST_TAG:  # told apart from params that the script logs by itself
        tags["solvent.project.parameters"] = parameters
    parent = place.parent_run_id or next(filter(None, map(os.environ.get, PARENT_VARIABLES)), None)
    if parent and parent != place.run_id:
        tags[PARENT] = parent
    if place.run_id is not None:
        return join_run(backend, plan.values.all, place.run_id, tags, place.run_name)
    request = CreateRun(
        experiment_id=experiment_of(backend, place.experiment_name, place.experiment_id),
        run_name=place.run_name,
        user_id=tags["mlflow.user"],
        start_time=_now(),
        tags=_tags(tags),
    )
    return backend.call(request).run


def experiment_of(backend: Backend, name: str | None, experiment_id: str | None) -> str:
    """The id of the experiment, made if no experiment has that name; '0', the default one, without both."""
    if name is None:
        return experiment_id or "0"
    try:
        found = backend.call(GetExperimentByName(experiment_name=name)).experiment
    except NotFound:
        try:
            return backend.call(CreateExperiment(name=name)).experiment_id
        except AlreadyExists:  # somebody else was faster
            found = backend.call(GetExperimentByName(experiment_name=name)).experiment
    if found.lifecycle_stage == "deleted":
        raise InvalidInput(
            f"experiment '{name}' is deleted: restore it (solvent experiments restore -x {found.experiment_id})"
            " or name another"
        )
    return found.experiment_id


def _tags(tags: Mapping[str, str]) -> list[Tag]:
    """As the tracking store takes them: the name of a folder need not be UTF-8."""
    return [Tag(key=key, value=value.encode("utf-8", "backslashreplace").decode()) for key, value in tags.items()]


def _now() -> int:
    return time.time_ns() // 1_000_000
