"""Running a recorded run once more, in a folder of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from solvent.backend.protocol import Backend
from solvent.projects.environment import Say
from solvent.projects.errors import InvalidParameters, InvalidProject
from solvent.projects.launch import Options, launch
from solvent.projects.opening import Place
from solvent.projects.plan import Plan, plan_in
from solvent.projects.recording import REPRODUCES
from solvent.projects.reproduce.code import rebuild_code
from solvent.projects.reproduce.conditions import AS_IT_WAS, Conditions
from solvent.projects.reproduce.data import lay_beside, moved
from solvent.projects.reproduce.environment import Rebuilt
from solvent.projects.reproduce.errors import CannotRepeat, Stopped
from solvent.projects.reproduce.recorded import Recorded
from solvent.projects.reproduce.results import Results, gather
from solvent.projects.reproduce.verdict import CONDITIONS
from solvent.projects.sinks import Sink
from solvent.projects.spec import load_project
from solvent.projects.variables import Tracking
from solvent.provenance.variables import kept_variables
from solvent.wire.runs import SetTag

_SKIPPED = "solvent.contracts.skipped"


def nothing() -> None:
    """Nothing is left to do after the command."""


@dataclass(frozen=True)
class Source:
    """Where the code of each repetition comes from.

    Args:
        repository: where the commit is, if not where the run was made.
        instead: a project's folder that is run as it is, in the place of the recorded code.
        beside: data that is copied to each rebuilt folder.
    """

    repository: Path | None = None
    instead: Path | None = None
    beside: Mapping[str, Path] = field(default_factory=dict)

    def then(self, recorded: Recorded) -> Path | None:
        """The folder of the recorded paths that the rebuilt one stands for."""
        if self.instead is None or recorded.root is None:
            return recorded.root
        return recorded.root / recorded.subfolder

    def make(self, recorded: Recorded, folder: Path) -> tuple[Path, Path]:
        """Have the code; the folder that stands for ``then``, and the project's."""
        if self.instead is not None:
            return self.instead, self.instead
        folder.mkdir(parents=True)
        project = rebuild_code(recorded, folder, self.repository)
        lay_beside(dict(self.beside), folder)
        return folder, project


@dataclass
class Repeater:
    """Called with conditions, it repeats the run under them; ``work`` is where the folders are made."""

    backend: Backend
    tracking: Tracking
    recorded: Recorded
    source: Source
    rebuilt: Rebuilt
    work: Path
    say: Say
    sinks: Sequence[Sink] = ()
    ignore: Collection[str] = ()
    after_child: Callable[[], None] = nothing
    _number: int = 0

    def __call__(self, conditions: Conditions) -> Results:
        self._number += 1
        title = f"Repetition {self._number}" + (
            "" if conditions == AS_IT_WAS else f", an experiment: {conditions.name}"
        )
        self.say(f"{title} ...")
        started = time.monotonic()
        top, project = self.source.make(self.recorded, self.work / str(self._number))
        run_id = self._run(conditions, self._plan(top, project))
        results = gather(self.backend, run_id, self.ignore)
        self.say(f"{title}: {results.status}, {time.monotonic() - started:.1f} s (run {run_id})")
        return results

    def _plan(self, top: Path, project: Path) -> Plan:
        name, then = self.recorded.entry_point, self.source.then(self.recorded)
        try:
            declared = load_project(project, name).entry_point(name).parameters
            paths = {key for key, parameter in declared.items() if parameter.type == "path"}
            given = {
                key: moved(value, then, top, project) if key in paths else value
                for key, value in self.recorded.parameters.items()
            }
            return plan_in(project, str(project), entry_point=name, given=given)
        except (InvalidProject, InvalidParameters) as error:
            raise CannotRepeat(f"the project does not take it any more: {error}", "code") from error

    def _run(self, conditions: Conditions, plan: Plan) -> str:
        info = self.recorded.run.info
        place = Place(
            experiment_id=info.experiment_id,
            run_name=f"{info.run_name} again, {self._number}",
            parent_run_id=info.run_id,
            tags={REPRODUCES: info.run_id, CONDITIONS: conditions.name},
        )
        options = Options(
            place=place,
            env_manager=self.rebuilt.environment.manager,
            skip_contracts=_SKIPPED in self.recorded.tags,
            prepare=lambda *_: self.rebuilt.environment,
            variables=self._variables(conditions),
            sinks=lambda: self.sinks,
            after_child=self.after_child,
        )
        result = launch(self.backend, plan, self.tracking, options)
        if result.outcome is not None and result.outcome.passed_signal is not None:
            raise Stopped(result.outcome.passed_signal)
        if result.problem is not None and result.outcome is not None:
            raise result.problem
        return result.run_id

    def _variables(self, conditions: Conditions) -> dict[str, str]:
        info = self.recorded.run.info
        seconds = max(0, (info.end_time or 0) - (info.start_time or 0)) / 1000
        then = kept_variables(self.recorded.variables)
        return then | conditions.variables(self.work, seconds, then.get("PYTHONPATH"))


def keep(backend: Backend, run_id: str, key: str, value: str) -> None:
    """A tag of the run."""
    backend.call(SetTag(run_id=run_id, key=key, value=value))
