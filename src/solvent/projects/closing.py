"""Closing the run of a project: how it ended, why it failed, and what people are told of it."""

from __future__ import annotations

import signal
import time
from contextlib import suppress
from dataclasses import dataclass

from solvent.backend.protocol import Backend
from solvent.errors import SolventError
from solvent.projects.child import Outcome
from solvent.projects.plan import Plan
from solvent.provenance.redact import redact_text
from solvent.wire.runs import GetRun, Run, SetTag, UpdateRun

FAILURE = "solvent.failure"
EXIT_CODE = "solvent.exit_code"
_LONGEST_FAILURE = 1_000


@dataclass(frozen=True)
class Result:
    """How a run ended. ``problem`` is an error of ours after it was opened, such as an environment that can't be made,
    or a full disk; ``outcome`` is None if the command was not started.
    """

    run_id: str
    status: str
    outcome: Outcome | None
    problem: SolventError | None = None

    @property
    def succeeded(self) -> bool:
        return self.status == "FINISHED" and self.problem is None


def close_run(backend: Backend, run: Run, status: str) -> SolventError | None:
    """Say how the run ended; what kept it from being kept, if anything."""
    try:
        backend.call(UpdateRun(run_id=run.info.run_id, status=status, end_time=time.time_ns() // 1_000_000))
    except SolventError as error:
        return error
    return None


def keep_exit_code(backend: Backend, run: Run, outcome: Outcome) -> None:
    """How the command ended, as a tag; negative: the signal that ended it."""
    backend.call(SetTag(run_id=run.info.run_id, key=EXIT_CODE, value=str(outcome.code)))


def keep_failure(backend: Backend, run: Run, outcome: Outcome) -> None:
    """The last line of a command that failed, unless it has said itself why it did."""
    lines = [line for line in (outcome.last_errors or outcome.last_lines) if line.strip()]
    if outcome.status != "FAILED" or not lines:
        return
    tags = backend.call(GetRun(run_id=run.info.run_id)).run.data.tags
    if all(tag.key != FAILURE for tag in tags):
        line = redact_text(lines[-1].strip())[:_LONGEST_FAILURE]
        backend.call(SetTag(run_id=run.info.run_id, key=FAILURE, value=line))


def keep_reason(backend: Backend, run: Run, error: SolventError) -> None:
    """Why the command was not started: without the lines below the first, which may quote data."""
    line = redact_text(str(error).partition("\n")[0])[:_LONGEST_FAILURE]
    with suppress(SolventError):  # if even that can't be kept, the result tells it
        backend.call(SetTag(run_id=run.info.run_id, key=FAILURE, value=line))


def describe_end(plan: Plan, outcome: Outcome) -> list[str]:
    """Why a command failed, for people: its end, its last lines unless stderr has shown them, and a hint."""
    if outcome.code < 0:
        name = signal.Signals(-outcome.code).name
        hint = " (the system may have been out of memory)" if -outcome.code == signal.SIGKILL else ""
        lines = [f"the command was ended by {name}{hint}: {_shown(plan.kept_command)}"]
    else:
        lines = [f"the command ended with code {outcome.code}: {_shown(plan.kept_command)}"]
    if not outcome.last_errors:
        lines = [*outcome.last_lines, *lines]
    missing = next((line for line in reversed(outcome.last_errors) if line.startswith("ModuleNotFoundError")), None)
    if missing is not None:
        file = plan.project.environment_file
        where = f"the dependencies in {file.name}" if file else "the dependencies of a python_env.yaml beside MLproject"
        lines.append(f"{missing}: add its package to {where}, or use --env-manager local")
    return lines


def _shown(command: str) -> str:
    line = " ".join(command.split())
    return line if len(line) <= 300 else line[:300] + "..."
