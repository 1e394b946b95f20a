"""Running a project: check everything, prepare its environment, open the run, start the child, close the run."""

from __future__ import annotations

import io
import json
import os
import signal
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from solvent.backend.protocol import Backend
from solvent.errors import AlreadyExists, InvalidInput, NotFound, NotSupported, SolventError
from solvent.projects import parameters
from solvent.projects.child import Outcome, Signals, run_child
from solvent.projects.enforce import bind, enforce, skip
from solvent.projects.environment import Environment, Say, prepare_environment, silent
from solvent.projects.errors import InvalidProject
from solvent.projects.parameters import Values
from solvent.projects.spec import EntryPoint, Project, load_project
from solvent.provenance.capture import Provenance, capture
from solvent.provenance.host import Host
from solvent.provenance.packages import installed_packages
from solvent.provenance.program import Program
from solvent.provenance.redact import redact_text
from solvent.settings import writable_home
from solvent.wire.experiments import CreateExperiment, GetExperimentByName, Tag
from solvent.wire.runs import CreateRun, GetRun, LogBatch, Param, Run, SetTag, UpdateRun

_LONGEST_TAG = 8_000
_BATCH = 100
_FAILURE = "solvent.failure"
_LONGEST_FAILURE = 1_000
_FETCHED = ("http", "https", "git", "ssh", "git+https", "git+ssh")


@dataclass(frozen=True)
class Plan:
    """A run that can start: the project is read and its parameters are checked. Nothing has been changed."""

    project: Project
    entry: EntryPoint
    values: Values

    @property
    def command(self) -> str:
        return parameters.command_line(self.entry, self.values)


@dataclass(frozen=True)
class Result:
    """How a run ended. ``problem`` is an error after the child had started, such as a full disk."""

    run_id: str
    status: str
    outcome: Outcome | None
    problem: SolventError | None = None

    @property
    def succeeded(self) -> bool:
        return self.status == "FINISHED" and self.problem is None


def plan_run(uri: str, *, entry_point: str = "main", given: Mapping[str, str] | None = None) -> Plan:
    """Read the project at ``uri`` (a folder, ``folder#subfolder``, or file:// of one) and check the parameters.

    Raises:
        NotSupported: a project that would have to be fetched.
        InvalidProject, InvalidParameters: see there.
    """
    folder = _folder(uri)
    project = load_project(folder, entry_point)
    entry = project.entry_point(entry_point)
    return Plan(project, entry, parameters.resolve(entry, given or {}, folder.absolute()))


def run_project(
    backend: Backend,
    tracking_url: str,
    uri: str,
    *,
    entry_point: str = "main",
    given: Mapping[str, str] | None = None,
    experiment_name: str | None = None,
    experiment_id: str | None = None,
    run_name: str | None = None,
    env_manager: str = "uv",
    say: Say = silent,
) -> Result:
    """Run a project to its end. ``tracking_url`` is what its child process logs to; ``say`` is told of what is noteworthy."""
    plan = plan_run(uri, entry_point=entry_point, given=given)
    return launch(
        backend,
        tracking_url,
        plan,
        experiment_name=experiment_name,
        experiment_id=experiment_id,
        run_name=run_name,
        env_manager=env_manager,
        say=say,
    )


def _nothing() -> None:
    """Nothing is left to do after the child."""


def launch(
    backend: Backend,
    tracking_url: str,
    plan: Plan,
    *,
    experiment_name: str | None = None,
    experiment_id: str | None = None,
    run_name: str | None = None,
    env_manager: str = "uv",
    store: Path | None = None,
    after_child: Callable[[], None] = _nothing,
    skip_contracts: bool = False,
    say: Say = silent,
) -> Result:
    """Prepare the environment, open the run, start the child and close the run.

    ``store`` is the database behind ``tracking_url``, if that is a server which ends with the run: what a dying
    child could not send is addressed to the store. ``after_child`` is called before the run is closed.
    Data that breaks a contract of the project keeps the child from starting; the run says why. ``skip_contracts``
    is kept with the run.

    Raises:
        EnvironmentFailed, SolventError: before the run was opened; later ones are the result's ``problem``.
    """
    uses = plan.project.contracts_for(plan.entry)
    contracts = () if skip_contracts else bind(uses, plan.project.folder, plan.values.declared)
    if warning := parameters.extra_warning(plan.entry, plan.values):
        say(f"Warning: {warning}")
    with ThreadPoolExecutor(1) as beside:
        folder = plan.project.folder.absolute()
        program = Program(None, str(folder), "PROJECT", ["bash", "-c", plan.command])
        capturing = beside.submit(capture, folder, program)
        environment = prepare_environment(plan.project, env_manager, say)
        provenance = _in_environment(capturing.result(), environment)
    experiment = _experiment(backend, experiment_name, experiment_id)
    with Signals() as signals:
        run = _open_run(backend, experiment, run_name, plan, environment, provenance)
        outcome: Outcome | None = None
        problem: SolventError | None = None
        try:
            _record(backend, run, plan, provenance)
            variables = child_variables(tracking_url, run, environment, store)
            if skip_contracts:
                skip(backend, run, uses, say)
            elif told := enforce(backend, run, contracts, say):
                variables["SOLVENT_CONTRACTS"] = told
            outcome = run_child(plan.command, plan.project.folder, variables, signals)
            after_child()
            _keep_failure(backend, run, outcome)
        except SolventError as error:
            problem = error
            if outcome is None:
                _keep_reason(backend, run, error)
        finally:  # whatever happened, no run is left open
            status = _status(outcome)
            problem = _close_run(backend, run, status) or problem
    return Result(run.info.run_id, status, outcome, problem)


def _keep_failure(backend: Backend, run: Run, outcome: Outcome) -> None:
    """The last line of a child that failed, unless it has said itself why it did."""
    lines = [line for line in (outcome.last_errors or outcome.last_lines) if line.strip()]
    if _status(outcome) != "FAILED" or not lines:
        return
    tags = backend.call(GetRun(run_id=run.info.run_id)).run.data.tags
    if all(tag.key != _FAILURE for tag in tags):
        line = redact_text(lines[-1].strip())[:_LONGEST_FAILURE]
        backend.call(SetTag(run_id=run.info.run_id, key=_FAILURE, value=line))


def _keep_reason(backend: Backend, run: Run, error: SolventError) -> None:
    """Why the child was not started: without the lines below the first, which may quote data."""
    line = redact_text(str(error).partition("\n")[0])[:_LONGEST_FAILURE]
    with suppress(SolventError):  # if even that can't be kept, the result tells it
        backend.call(SetTag(run_id=run.info.run_id, key=_FAILURE, value=line))


def _close_run(backend: Backend, run: Run, status: str) -> SolventError | None:
    """Say how the run ended; what kept it from being kept, if anything."""
    try:
        backend.call(UpdateRun(run_id=run.info.run_id, status=status, end_time=_now()))
    except SolventError as error:
        return error
    return None


def child_variables(tracking_url: str, run: Run, environment: Environment, store: Path | None = None) -> dict[str, str]:
    """The child's environment variables: ours and MLflow's for tracking, and the virtual environment first."""
    variables = {
        key: value
        for key, value in os.environ.items()
        if key
        not in (
            "PYTHONHOME",
            "VIRTUAL_ENV",
            "SOLVENT_EXPERIMENT_NAME",
            "MLFLOW_EXPERIMENT_NAME",
            "SOLVENT_TRACKING_STORE",
            "SOLVENT_CONTRACTS",
        )
    }
    for family in ("SOLVENT", "MLFLOW"):
        variables[f"{family}_TRACKING_URI"] = tracking_url
        variables[f"{family}_RUN_ID"] = run.info.run_id
        variables[f"{family}_EXPERIMENT_ID"] = run.info.experiment_id
    variables["SOLVENT_HOME"] = str(writable_home())
    if store is not None:
        variables["SOLVENT_TRACKING_STORE"] = str(store.absolute())
    variables["PYTHONUNBUFFERED"] = variables.get("PYTHONUNBUFFERED") or "1"
    variables["PATH"] = os.pathsep.join(filter(None, [str(environment.programs), variables.get("PATH", os.defpath)]))
    if environment.folder is not None:
        variables["VIRTUAL_ENV"] = str(environment.folder)
    if urlsplit(tracking_url).hostname == "127.0.0.1":
        for name in ("NO_PROXY", "no_proxy"):  # a proxy can't reach this machine's loopback
            variables[name] = ",".join(filter(None, [variables.get(name), "127.0.0.1"]))
    return variables


def _folder(uri: str) -> Path:
    parts = urlsplit(uri)
    if parts.scheme in _FETCHED or uri.startswith("git@") or Path(uri).suffix in (".git", ".zip"):
        raise NotSupported(
            f"'{uri}' would have to be fetched, which this version does not do: get it first (git clone, unzip), then"
            " run its folder"
        )
    path = Path(parts.path if parts.scheme == "file" else uri).expanduser()
    if path.exists() or "#" not in uri:
        return path
    whole, _, inner = str(path).partition("#")
    folder = Path(whole) / (inner or parts.fragment)
    if not folder.resolve().is_relative_to(Path(whole).resolve()):
        raise InvalidProject(f"'{uri}' leads out of {whole}: name a folder within the project")
    return folder


def _in_environment(provenance: Provenance, environment: Environment) -> Provenance:
    """What was captured, with the interpreter and the packages of the environment that the child runs in."""
    if environment.search_path is None:
        return provenance
    version = environment.python_version or provenance.host["python"]
    host: Host = {**provenance.host, "python": version, "executable": str(environment.interpreter)}
    return provenance._replace(host=host, packages=installed_packages(environment.search_path))


def _experiment(backend: Backend, name: str | None, experiment_id: str | None) -> str:
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


def _open_run(
    backend: Backend,
    experiment_id: str,
    run_name: str | None,
    plan: Plan,
    environment: Environment,
    provenance: Provenance,
) -> Run:
    tags = provenance.tags() | {
        "mlflow.project.entryPoint": plan.entry.name,
        "mlflow.project.backend": "local",
        "mlflow.project.env": environment.manager,
    }
    parameters = json.dumps(plan.values.all, ensure_ascii=False)
    if len(parameters) <= _LONGEST_TAG:  # told apart from params that the script logs by itself
        tags["solvent.project.parameters"] = parameters
    if environment.key:
        tags["solvent.environment"] = environment.key
    if parent := os.environ.get("SOLVENT_RUN_ID"):  # a project that runs projects
        tags["mlflow.parentRunId"] = parent
    request = CreateRun(
        experiment_id=experiment_id,
        run_name=run_name,
        user_id=tags.get("mlflow.user"),
        start_time=_now(),
        tags=[Tag(key=key, value=value) for key, value in tags.items()],
    )
    return backend.call(request).run


def _record(backend: Backend, run: Run, plan: Plan, provenance: Provenance) -> None:
    """The parameters as params, and what the run came from as artifacts."""
    params = [Param(key=key, value=value) for key, value in plan.values.all.items()]
    for start in range(0, len(params), _BATCH):
        backend.call(LogBatch(run_id=run.info.run_id, params=params[start : start + _BATCH]))
    store = backend.artifacts(run.info.artifact_uri)
    for path, content in provenance.files().items():
        store.write(path, io.BytesIO(content))


def _status(outcome: Outcome | None) -> str:
    if outcome is None:
        return "FAILED"
    if outcome.passed_signal is not None:
        return "KILLED"
    return "FINISHED" if outcome.code == 0 else "FAILED"


def describe_end(plan: Plan, outcome: Outcome) -> list[str]:
    """Why a child failed, for people: its end, its last lines unless stderr has shown them, and a hint."""
    if outcome.code < 0:
        name = signal.Signals(-outcome.code).name
        hint = " (the system may have been out of memory)" if -outcome.code == signal.SIGKILL else ""
        lines = [f"the command was ended by {name}{hint}: {_shown(plan.command)}"]
    else:
        lines = [f"the command ended with code {outcome.code}: {_shown(plan.command)}"]
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


def _now() -> int:
    return time.time_ns() // 1_000_000
