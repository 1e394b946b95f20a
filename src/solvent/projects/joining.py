"""Going on with a run that is there: it must not be under way, and what it says of an earlier attempt goes."""

from __future__ import annotations

from collections.abc import Mapping

from solvent.backend.protocol import Backend
from solvent.errors import Conflict
from solvent.projects.cancel import CANCEL
from solvent.projects.errors import InvalidParameters
from solvent.projects.lost import reason_if_lost
from solvent.projects.output_parts import FOLDER as LOGS
from solvent.projects.runner import runner_of
from solvent.wire.experiments import Tag
from solvent.wire.runs import DeleteTag, GetRun, LogBatch, Run, UpdateRun

_OPEN = ("RUNNING", "SCHEDULED")
_RECORD = LOGS.partition("/")[0]
_OF_ATTEMPT = (
    CANCEL,
    "mlflow.source.git.",
    "solvent.accelerator",
    "solvent.code",
    "solvent.command",
    "solvent.contracts",
    "solvent.deterministic",
    "solvent.environment",
    "solvent.exit_code",
    "solvent.failure",
    "solvent.git.",
    "solvent.identity",
    "solvent.lost",
    "solvent.project.parameters",
    "solvent.reproduction",
    "solvent.seal",
    "solvent.source.",
    "solvent.sweep",
)
"""What tags begin with that say how an attempt went, and what it came from: beside those of the next they would lie."""


def join_run(
    backend: Backend, values: Mapping[str, str], run_id: str, tags: Mapping[str, str], run_name: str | None
) -> Run:
    """The run, open again, with these tags. Its metrics, artifacts and output stay; of what it came from nothing does.

    Raises:
        NotFound: there is no such run.
        Conflict: it is deleted, or under way.
        InvalidParameters: it has other parameters.
    """
    run = backend.call(GetRun(run_id=run_id)).run
    _check_free(run)
    _check_values(run, values)
    backend.call(UpdateRun(run_id=run_id, status="RUNNING", run_name=run_name))
    _forget(backend, run)
    backend.call(LogBatch(run_id=run_id, tags=[Tag(key=key, value=value) for key, value in tags.items()]))
    return run


def _check_free(run: Run) -> None:
    run_id = run.info.run_id
    if run.info.lifecycle_stage == "deleted":
        raise Conflict(f"run {run_id} is deleted: restore it (solvent runs restore --run-id {run_id}) or name another")
    runner = runner_of(run)
    if runner is not None and run.info.status in _OPEN and not reason_if_lost(run):
        raise Conflict(
            f"run {run_id} is under way (process {runner.pid} on {runner.host}): wait for its end, or end it with"
            f" solvent runs cancel {run_id}"
        )


def _check_values(run: Run, values: Mapping[str, str]) -> None:
    kept = {param.key: param.value for param in run.data.params}
    for name, value in values.items():
        if kept.get(name, value) != value:
            raise InvalidParameters(
                f"parameter '{name}': run {run.info.run_id} was recorded with '{kept[name][:200]}', found"
                f" '{value[:200]}': a recorded parameter can't be changed; leave out --run-id for a run of its own"
            )


def _forget(backend: Backend, run: Run) -> None:
    """Remove what an earlier attempt has left that the next one need not write again, such as a patch."""
    for tag in run.data.tags:
        if tag.key.startswith(_OF_ATTEMPT):
            backend.call(DeleteTag(run_id=run.info.run_id, key=tag.key))
    store = backend.artifacts(run.info.artifact_uri)
    for entry in store.list(_RECORD):
        if entry.path != LOGS:
            store.delete(entry.path)
