"""Use cases of runs: making, changing, deleting and restoring them, and their tags."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from solvent.errors import AlreadyExists, Conflict, InvalidInput, NotFound
from solvent.store import experiments, runs, tags
from solvent.store.operations import reads, writes
from solvent.store.runs import STATUSES, RunRef
from solvent.store.transaction import Transaction
from solvent.tracking.lookup import active_experiment, active_run, any_run
from solvent.tracking.names import random_name
from solvent.tracking.validation import (
    MAX_TAG_VALUE,
    check_integer,
    check_key,
    check_length,
    check_run_id,
    invalid,
    required,
)
from solvent.wire.base import Empty
from solvent.wire.experiments import Tag
from solvent.wire.runs import (
    CreateRun,
    DeleteRun,
    DeleteTag,
    GetRun,
    RestoreRun,
    RunResponse,
    SetTag,
    UpdateRun,
    UpdateRunResponse,
)

RUN_NAME = "mlflow.runName"


@writes(CreateRun)
def create_run(tx: Transaction, request: CreateRun) -> RunResponse:
    experiment = active_experiment(tx, request.experiment_id or "0")
    given = check_tags(request.tags or ())
    tagged = given.get(RUN_NAME)
    if request.run_name and tagged and request.run_name != tagged:
        raise InvalidInput(
            "Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values "
            f"(run_name='{request.run_name}', mlflow.runName='{tagged}')."
        )
    name = request.run_name or tagged or random_name()
    start_time = check_integer(request.start_time, "start_time")
    user = tx.actor or request.user_id or ""
    run = open_run(tx, request.run_id, int(experiment.experiment_id), name, user, start_time, given)
    return RunResponse(run=runs.load_runs(tx, [run.id])[0])


def open_run(
    tx: Transaction, run_id: str | None, experiment: int, name: str, user: str, start_time: int, given: dict[str, str]
) -> RunRef:
    """A new run with its tags; an id is made if none was chosen. All arguments are checked but the id."""
    if run_id:
        check_run_id(run_id)
        if runs.find(tx, run_id):
            raise AlreadyExists(f"Run '{run_id}' already exists: choose another run_id, or log to that run")
    check_length("run_name", name, MAX_TAG_VALUE)
    check_length("user_id", user, MAX_TAG_VALUE)
    experiments.pin_location(tx, experiment)
    run = runs.insert(tx, run_id or uuid.uuid4().hex, experiment, name, user, start_time)
    tags.put(tx, run, given | {RUN_NAME: name})
    return run


@writes(UpdateRun)
def update_run(tx: Transaction, request: UpdateRun) -> UpdateRunResponse:
    run = active_run(tx, request.run_id or request.run_uuid)
    if request.status:
        runs.set_status(tx, run, status_number(request.status))
    if request.end_time is not None:
        runs.set_end(tx, run, check_integer(request.end_time, "end_time"))
    if request.run_name:
        put_tags(tx, run, {RUN_NAME: check_length("run_name", request.run_name, MAX_TAG_VALUE)})
    return UpdateRunResponse(run_info=runs.load_infos(tx, [run.id])[run.id])


def status_number(status: str) -> int:
    """The store's number of a status by name."""
    number = STATUSES.get(status)
    if number is None:
        raise invalid("status", status, f"it must be one of {', '.join(STATUSES)}")
    return number


@reads(GetRun)
def get_run(tx: Transaction, request: GetRun) -> RunResponse:
    run = any_run(tx, request.run_id or request.run_uuid)
    return RunResponse(run=runs.load_runs(tx, [run.id], with_details=True)[0])


@writes(DeleteRun)
def delete_run(tx: Transaction, request: DeleteRun) -> Empty:
    runs.mark(tx, any_run(tx, request.run_id), deleted=True, now=tx.now())
    return Empty()


@writes(RestoreRun)
def restore_run(tx: Transaction, request: RestoreRun) -> Empty:
    run = any_run(tx, request.run_id)
    if not runs.mark(tx, run, deleted=False, now=tx.now()):
        raise Conflict(f"The run {run.uuid} is being removed for good: it can't be restored")
    return Empty()


@writes(SetTag)
def set_tag(tx: Transaction, request: SetTag) -> Empty:
    run_id = required(request.run_id or request.run_uuid, "run_id")
    given = check_tag(request.key, request.value)
    put_tags(tx, active_run(tx, run_id), dict([given]))
    return Empty()


@writes(DeleteTag)
def delete_tag(tx: Transaction, request: DeleteTag) -> Empty:
    run_id, key = required(request.run_id, "run_id"), required(request.key, "key")
    if not tags.delete(tx, active_run(tx, run_id), key):
        raise NotFound(f"No tag with name: {key} in run with id {run_id}")
    return Empty()


def check_tag(key: str | None, value: str | None, path: str = "") -> tuple[str, str]:
    """A run's tag, checked; ``path`` is where it stood in the request, like ``tags[3].``."""
    key = check_key(key, f"{path}key")
    value = check_length(f"{path}value", value or "", MAX_TAG_VALUE)
    if key == RUN_NAME and not value:
        raise invalid(f"{path}value", value, "a run's name can't be empty")
    return key, value


def check_tags(given: Sequence[Tag]) -> dict[str, str]:
    """Tags by key; of two with one key the last one counts, as in MLflow."""
    return dict(check_tag(tag.key, tag.value, f"tags[{index}].") for index, tag in enumerate(given))


def put_tags(tx: Transaction, run: RunRef, given: dict[str, str]) -> None:
    """Set checked tags; a run's name and its tag ``mlflow.runName`` are always the same."""
    if RUN_NAME in given:
        runs.rename(tx, run, given[RUN_NAME])
    tags.put(tx, run, given)
