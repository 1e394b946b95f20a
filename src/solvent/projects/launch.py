"""Running a project: open the run, prepare its environment, record what it came from, start the command, close the run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from solvent.backend.protocol import Backend
from solvent.errors import InvalidInput, SolventError
from solvent.projects import downloads, parameters
from solvent.projects.backends.local import LocalBackend
from solvent.projects.backends.protocol import Job, ProjectBackend
from solvent.projects.child import Outcome, never_started
from solvent.projects.closing import Result, close_run, keep_exit_code, keep_failure, keep_reason
from solvent.projects.enforce import Bound, bind, enforce, skip
from solvent.projects.environment import Environment, Say, prepare_environment, silent
from solvent.projects.opening import Place, open_run
from solvent.projects.output import Output
from solvent.projects.plan import Plan
from solvent.projects.recording import capture_project, record, record_data
from solvent.projects.seal import SEAL, seal
from solvent.projects.signals import Interrupted, Signals
from solvent.projects.sinks import Console, Sink
from solvent.projects.spec import Project
from solvent.projects.variables import Tracking, inherited_variables, run_variables
from solvent.projects.watch import Watch
from solvent.provenance.capture import Provenance
from solvent.wire.runs import Run, SetTag

Prepare = Callable[[Project, str, Say], Environment]


def _console() -> tuple[Sink, ...]:
    return (Console(),)


def _nothing() -> None:
    """Nothing is left to do after the command."""


@dataclass(frozen=True)
class Options:
    """How a project is run.

    ``prepare`` makes the environment; ``variables`` are added to those of the command. ``sinks`` makes what takes its
    output. ``after_child`` is called before the run is closed. ``storage`` is the folder that downloaded data is kept
    in; without one it goes with this process.
    """

    place: Place = field(default_factory=Place)
    env_manager: str = "uv"
    runner: ProjectBackend = field(default_factory=LocalBackend)
    skip_contracts: bool = False
    prepare: Prepare = prepare_environment
    variables: Mapping[str, str] = field(default_factory=dict)
    sinks: Callable[[], Sequence[Sink]] = _console
    after_child: Callable[[], None] = _nothing
    storage: Path | None = None


def launch(
    backend: Backend,
    plan: Plan,
    tracking: Tracking,
    options: Options | None = None,
    *,
    signals: Signals | None = None,
    say: Say = silent,
) -> Result:
    """Run a project to its end.

    Data that breaks a contract of the project keeps the command from starting, and so does an environment that can't
    be made: the run fails, and says why. ``signals`` are those of a caller that runs several; ``say`` is told of what
    is noteworthy.

    Raises:
        SolventError: before the run was opened; later ones are the result's ``problem``.
    """
    options = options or Options()
    contracts = _contracts(plan, options)
    check_place(options.runner, tracking)
    if warning := parameters.extra_warning(plan.entry, plan.values):
        say(f"Warning: {warning}")
    if warning := parameters.secret_warning(plan.values):
        say(f"Warning: {warning}")
    with ExitStack() as stack:
        beside = stack.enter_context(ThreadPoolExecutor(1))
        signals = signals or stack.enter_context(Signals())
        capturing = beside.submit(capture_project, plan)
        run = open_run(backend, plan, options.place, env_manager=options.env_manager, runner=options.runner.name)
        with Watch(backend, run, say) as watch:
            launching = _Launching(backend, plan, tracking, options, signals, say, run, watch)
            return launching.to_its_end(capturing, contracts)


def check_place(runner: ProjectBackend, tracking: Tracking) -> None:
    """
    Raises:
        InvalidInput: commands of this back end can't reach the place where runs are kept.
    """
    if tracking.store is not None and not runner.capabilities.loopback:
        raise InvalidInput(
            f"back end '{runner.name}' runs commands on other machines, which can't log to {tracking.store}:"
            " name a server with --tracking-uri http://..."
        )


def _contracts(plan: Plan, options: Options) -> tuple[Bound, ...]:
    if options.skip_contracts:
        return ()
    return bind(plan.project.contracts_for(plan.entry), plan.project.folder, plan.values.for_command)


@dataclass
class _Launching:
    backend: Backend
    plan: Plan
    tracking: Tracking
    options: Options
    signals: Signals
    say: Say
    run: Run
    watch: Watch
    outcome: Outcome | None = None

    def to_its_end(self, capturing: Future[Provenance], contracts: Sequence[Bound]) -> Result:
        problem: SolventError | None = None
        try:
            environment, provenance = self._prepare(capturing)
            contracts = self._download(contracts)
            with self._interrupting():
                checked = [bound.source for bound in contracts]
                record_data(
                    self.backend,
                    self.run,
                    self.plan,
                    provenance,
                    environment,
                    checked,
                    self.say,
                    skip_contracts=self.options.skip_contracts,
                )
            variables = self._variables(environment)
            variables |= self._data_is_good(contracts)
            self.outcome = self._run(variables)
            self.options.after_child()
            keep_exit_code(self.backend, self.run, self.outcome)
            keep_failure(self.backend, self.run, self.outcome)
        except Interrupted as interrupted:
            self.outcome = never_started(interrupted.number)
        except SolventError as error:
            problem = error
            if self.outcome is None:
                keep_reason(self.backend, self.run, error)
        finally:  # whatever happened, no run is left open
            status = self.outcome.status if self.outcome is not None else "FAILED"
            problem = close_run(self.backend, self.run, status) or problem
        return Result(self.run.info.run_id, status, self.outcome, problem)

    def _prepare(self, capturing: Future[Provenance]) -> tuple[Environment, Provenance]:
        """The environment, and what the run came from, which is recorded even if the environment can't be made."""
        environment: Environment | None = None
        try:
            with self._interrupting():
                environment = self.options.prepare(self.plan.project, self.options.env_manager, self.say)
        finally:
            provenance = record(self.backend, self.run, self.plan, capturing.result(), environment)
            self._seal(provenance.files())
        return environment, provenance

    def _seal(self, files: Mapping[str, bytes]) -> None:
        run_id, plan = self.run.info.run_id, self.plan
        if code := seal(run_id, plan.entry.name, plan.values.all, lambda path: files.get(path, b"")):
            self.backend.call(SetTag(run_id=run_id, key=SEAL, value=code))

    def _download(self, contracts: Sequence[Bound]) -> Sequence[Bound]:
        """Bring the data here that parameters name by address; the contracts, held against what came."""
        if not downloads.waiting(self.plan.entry, self.plan.values):
            return contracts
        with self._interrupting():
            values = downloads.fetch(self.backend, self.plan.entry, self.plan.values, self.options.storage, self.say)
        self.plan = replace(self.plan, values=values)
        return _contracts(self.plan, self.options)

    @contextmanager
    def _interrupting(self) -> Iterator[None]:
        """What is done within the block ends at once when a signal comes, or the run is cancelled."""
        self.watch.check()
        with self.signals.interrupting(), self.watch.passed_to(self.signals.interrupt):
            yield

    def _variables(self, environment: Environment) -> dict[str, str]:
        variables = run_variables(self.tracking, self.run, environment, inherited_variables())
        return {**variables, **self.options.variables}

    def _data_is_good(self, contracts: Sequence[Bound]) -> dict[str, str]:
        """What the command's own checks are told of those that were made before it."""
        if self.options.skip_contracts:
            skip(self.backend, self.run, self.plan.project.contracts_for(self.plan.entry), self.say)
        elif told := enforce(self.backend, self.run, contracts, self.say):
            return {"SOLVENT_CONTRACTS": told}
        return {}

    def _run(self, variables: Mapping[str, str]) -> Outcome:
        self.signals.check()
        self.watch.check()
        folder = self.plan.project.folder
        job = Job(self.run.info.run_id, self.plan.command, folder, variables, inherited_variables())
        goes_on = self.options.place.run_id is not None
        with Output(self.backend, self.run, self.say, goes_on=goes_on) as output:
            started = self.options.runner.start(job, [*self.options.sinks(), output])
            with self.signals.passed_to(started.cancel), self.watch.passed_to(started.cancel):
                return started.wait()
