"""Starting and ending runs."""

from __future__ import annotations

import os
from typing import Any

from solvent.client.checks import check_key, check_run_id, check_status, to_tag
from solvent.client.clock import now
from solvent.client.entities import Run, RunInfo
from solvent.client.fluent.experiments import experiment_here
from solvent.client.fluent.names import name_of, new_id
from solvent.client.process import shutdown
from solvent.client.process.active import ActiveRun
from solvent.client.process.log import RunLog
from solvent.client.process.session import session
from solvent.client.say import say
from solvent.client.spool.lines import run_line, tag_line
from solvent.client.spool.owner import PROCESS, process_name
from solvent.errors import InvalidInput, Unavailable
from solvent.provenance.program import main_file, shown_name

_RUN_VARIABLES = ("SOLVENT_RUN_ID", "MLFLOW_RUN_ID")
PARENT = "mlflow.parentRunId"
NOTE = "mlflow.note.content"
NAME = "mlflow.runName"


def start_run(
    run_id: str | None = None,
    experiment_id: str | int | None = None,
    run_name: str | None = None,
    nested: bool = False,
    parent_run_id: str | None = None,
    tags: dict[str, Any] | None = None,
    description: str | None = None,
    log_system_metrics: bool | None = None,
) -> ActiveRun:
    """Open a run, or go on with one, and make it the active run of this thread.

    Nothing is asked of the server for a new run. A run that ``solvent run`` started is joined.

    Args:
        run_id: an existing run to go on with.
        nested: must be True while another run is active; the new one becomes its child.
        description: Markdown, kept as the tag ``mlflow.note.content``.
        log_system_metrics: False leaves processor, memory and disk out; None follows ``SOLVENT_SYSTEM_METRICS``.

    Raises:
        InvalidInput: another run is active and ``nested`` is False.
        NotFound: there is no run of that id.
    """
    stack = session.thread.stack
    if stack and not nested:
        raise InvalidInput(
            f"Run with UUID {stack[0].info.run_id} is already active. To start a new run, first end the current run "
            "with solvent.end_run(). To start a nested run, call start_run with nested=True"
        )
    given = {check_key(key, "tag"): to_tag(key, value) for key, value in (tags or {}).items()}
    if description:
        if NOTE in given:
            raise InvalidInput(f"give the description either as description= or as the tag {NOTE}, not both")
        given[NOTE] = to_tag(NOTE, description)
    joined = None if run_id else _take_from_environment()
    if joined:
        run = _join(joined, run_name, given)
    elif run_id:
        run = _resume(check_run_id(run_id), run_name, given)
    else:
        parent = parent_run_id or (stack[-1].info.run_id if stack else None)
        if parent:
            given[PARENT] = check_run_id(parent)
        run = _open(experiment_id, run_name, given)
    session.begin(run, captured=not run_id, sampled=log_system_metrics)
    return run


def end_run(status: str = "FINISHED") -> None:
    """End the active run of this thread; nothing happens without one."""
    check_status(status)
    stack = session.thread.stack
    if stack:
        session.end(stack.pop(), status)


def active_run() -> ActiveRun | None:
    """The active run of this thread, or None."""
    stack = session.thread.stack
    return stack[-1] if stack else None


def last_active_run() -> Run | None:
    """The active run, or the one that ended last in this thread, read again; None if there was none."""
    run = active_run()
    if run is not None:
        return run
    if session.thread.last_run_id is None:
        return None
    return _look_up(session.thread.last_run_id)


def current_run() -> ActiveRun:
    """The active run of this thread, started if there is none."""
    stack = session.thread.stack
    return stack[-1] if stack else start_run()


def open_log(run_id: str) -> RunLog:
    """Where records of a run are written from now on, to be delivered even if the process ends."""
    shutdown.install()
    return RunLog(run_id, session.outbox(session.address), session.sender)


def _active(info: RunInfo, tags: dict[str, str], *, joined: bool = False) -> ActiveRun:
    log = open_log(info.run_id)
    log.open()
    return ActiveRun(info, tags, log, _leave, joined=joined)


def _leave(run: ActiveRun, status: str) -> None:
    """At the end of a run's block: nothing is left to do if the run was ended inside of it."""
    if any(other.info.run_id == run.info.run_id for other in session.thread.stack):
        end_run(status)


def _look_up(run_id: str) -> Run:
    from solvent.client.client import Client

    return Client().get_run(run_id)


def _open(experiment_id: str | int | None, run_name: str | None, tags: dict[str, str]) -> ActiveRun:
    """A new run under an id of our own."""
    name, number = experiment_here(experiment_id)
    run_id = new_id()
    run_name = run_name or tags.get(NAME) or name_of(run_id)
    user = _user()
    tags = {"mlflow.user": user, **_source(), **tags, NAME: run_name, PROCESS: process_name()}
    info = RunInfo(run_id, number, run_name, user, "RUNNING", now())
    run = _active(info, tags)
    _write_run(run, name)
    return run


def _join(run_id: str, run_name: str | None, tags: dict[str, str]) -> ActiveRun:
    """A run that is open already, by the process that started us."""
    environment = os.environ.get("SOLVENT_EXPERIMENT_ID") or os.environ.get("MLFLOW_EXPERIMENT_ID")
    info = RunInfo(check_run_id(run_id), environment, run_name or "", _user(), "RUNNING", now())
    run = _active(info, tags, joined=True)
    for key, value in (tags | ({NAME: run_name} if run_name else {}) | {PROCESS: process_name()}).items():
        run.log.write(tag_line(run_id, key, value))
    return run


def _resume(run_id: str, run_name: str | None, tags: dict[str, str]) -> ActiveRun:
    """A run of before: looked up if the server can be reached, taken at its word if not."""
    try:
        found = _look_up(run_id)
    except Unavailable as error:
        say(f"run {run_id} could not be looked up, going on with it as given: {error}")
        name, number = experiment_here()
        info = RunInfo(run_id, number, run_name or name_of(run_id), _user(), "RUNNING", now())
        run = _active(info, tags, joined=True)
    else:
        if found.info.lifecycle_stage == "deleted":
            raise InvalidInput(f"Cannot start run with ID {run_id} because it is in the deleted state.")
        name, info = None, found.info
        info.status, info.end_time = "RUNNING", None
        info.run_name = run_name or info.run_name
        run = _active(info, found.data.tags | tags, joined=True)
    given = tags | ({NAME: run_name} if run_name else {}) | {PROCESS: process_name()}
    _write_run(run, name, given, run_name=run_name or "")
    return run


def _write_run(run: ActiveRun, experiment: str | None, tags: dict[str, str] | None = None, run_name: str = "") -> None:
    info = run.info
    run.log.write(
        run_line(
            info.run_id,
            experiment=experiment,
            experiment_id=None if experiment else info.experiment_id,
            name=run_name or (info.run_name if tags is None else None),
            user=info.user_id,
            start_time=info.start_time or now(),
            tags=run.data.tags if tags is None else tags,
        )
    )


def _take_from_environment() -> str | None:
    """The run that the process above us has opened; it is joined once, as MLflow does."""
    found = [value for name in _RUN_VARIABLES if (value := os.environ.pop(name, None))]
    return found[0] if found else None


def _source() -> dict[str, str]:
    """What can be said at once of where the run comes from; the rest is captured in the background."""
    name = shown_name()
    if main_file() is None and name != "<stdin>":
        return {}
    return {"mlflow.source.name": name, "mlflow.source.type": "LOCAL"}


def _user() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"
