"""Running a recorded run once more, in a folder of its own."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
from solvent.projects.reproduce.data import lay_beside
from solvent.projects.reproduce.environment import Rebuilt
from solvent.projects.reproduce.errors import CannotRepeat, Stopped
from solvent.projects.reproduce.places import Places
from solvent.projects.reproduce.recorded import Recorded
from solvent.projects.reproduce.results import Results, gather
from solvent.projects.reproduce.variables import added_variables, recorded_variables, without
from solvent.projects.reproduce.verdict import CONDITIONS
from solvent.projects.sinks import Sink
from solvent.projects.spec import load_project
from solvent.projects.variables import Tracking
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
    """Called with conditions, it repeats the run under them; ``work`` is where the folders are made.

    Each one is removed once its repetition is done unless ``keeping``; ``notes`` grows by what they tell.
    """

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
    keeping: bool = False
    notes: list[str] = field(default_factory=list)
    _number: int = 0

    def __call__(self, conditions: Conditions) -> Results:
        self._number += 1
        title = f"Repetition {self._number}" + (
            "" if conditions == AS_IT_WAS else f", an experiment: {conditions.name}"
        )
        self.say(f"{title} ...")
        started = time.monotonic()
        folder = self.work / str(self._number)
        top, project = self.source.make(self.recorded, folder)
        places = self._places(top, project)
        plan = self._plan(places)
        variables = {name: places.of_text(name, value) for name, value in recorded_variables(self.recorded).items()}
        self._tell(places.notes)
        with without(added_variables(self.recorded)):
            run_id = self._run(conditions, plan, variables)
        results = replace(gather(self.backend, run_id, self.ignore), held=conditions.held(self.work))
        if not self.keeping:
            for made in (folder, places.copies):
                shutil.rmtree(made, ignore_errors=True)
        self.say(f"{title}: {results.status}, {time.monotonic() - started:.1f} s (run {run_id})")
        return results

    def _places(self, top: Path, project: Path) -> Places:
        copies = self.work / f"{self._number}-outside"
        return Places(self.source.then(self.recorded), top, project, copies)

    def _tell(self, notes: Sequence[str]) -> None:
        for note in notes:
            if note not in self.notes:
                self.say(f"Note: {note}")
                self.notes.append(note)

    def _plan(self, places: Places) -> Plan:
        name, project = self.recorded.entry_point, places.project
        try:
            declared = load_project(project, name).entry_point(name).parameters
            paths = {key for key, parameter in declared.items() if parameter.type == "path"}
            given = {
                key: places.of_path(key, value) if key in paths else places.of_text(f"parameter '{key}'", value)
                for key, value in self.recorded.parameters.items()
            }
            return plan_in(project, str(project), entry_point=name, given=given)
        except (InvalidProject, InvalidParameters) as error:
            raise CannotRepeat(f"the project does not take it any more: {error}", "code") from error

    def _run(self, conditions: Conditions, plan: Plan, then: Mapping[str, str]) -> str:
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
            variables=self._variables(conditions, then),
            sinks=lambda: self.sinks,
            after_child=self.after_child,
        )
        result = launch(self.backend, plan, self.tracking, options)
        if result.outcome is not None and result.outcome.passed_signal is not None:
            raise Stopped(result.outcome.passed_signal)
        if result.problem is not None and result.outcome is not None:
            raise result.problem
        return result.run_id

    def _variables(self, conditions: Conditions, then: Mapping[str, str]) -> dict[str, str]:
        info = self.recorded.run.info
        seconds = max(0, (info.end_time or 0) - (info.start_time or 0)) / 1000
        return {**then} | conditions.variables(self.work, seconds, then.get("PYTHONPATH"))


def keep(backend: Backend, run_id: str, key: str, value: str) -> None:
    """A tag of the run."""
    backend.call(SetTag(run_id=run_id, key=key, value=value))
