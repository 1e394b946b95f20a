"""Running a sweep: the runs of all combinations, so many at once, under one run that holds them."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

from solvent.backend.protocol import Backend
from solvent.errors import InvalidInput, SolventError
from solvent.projects.backends.protocol import Capabilities, Job
from solvent.projects.child import Outcome
from solvent.projects.closing import FAILURE, Result
from solvent.projects.environment import Environment, Say, silent
from solvent.projects.launch import Options, launch
from solvent.projects.opening import Place
from solvent.projects.plan import Plan
from solvent.projects.signals import Signals
from solvent.projects.sinks import Labelled, Sink
from solvent.projects.spec import Project
from solvent.projects.sweep import MOST_RUNS, Sweep
from solvent.projects.variables import Tracking
from solvent.wire.experiments import Tag
from solvent.wire.metrics import Metric
from solvent.wire.runs import GetRun, LogBatch, Run

SWEEP = "solvent.sweep"
"""On the run that holds the others, JSON: the values of each parameter, and how many runs ended how."""
BEST = "solvent.sweep.best"
"""On the same run: the id of the best one."""
REUSED = "solvent.sweep.reused"
"""On the same run, JSON: the ids of earlier runs that were taken instead of new ones, by the labels of those."""
_LONGEST_TAG = 8_000
_FILES_PER_RUN = 16
_FILES_BESIDE = 128


class Goal(NamedTuple):
    """Which run of a sweep is best."""

    metric: str
    direction: Literal["min", "max"] = "max"


def parse_goal(text: str) -> Goal:
    """``METRIC``, ``METRIC:max`` or ``METRIC:min``; a metric's name may hold colons.

    Raises:
        InvalidInput: it names no metric.
    """
    name, colon, direction = text.rpartition(":")
    if colon and name and direction == "min":
        return Goal(name, "min")
    if colon and name and direction == "max":
        return Goal(name)
    if not text or text.endswith(":"):
        raise InvalidInput(f"expected METRIC, METRIC:min or METRIC:max, found '{text}'")
    return Goal(text)


@dataclass
class Member:
    """A run of a sweep: ``result`` is None while it was not started, ``problem`` is what kept it from being opened.

    ``earlier`` is an identical run that is taken instead.
    """

    label: str
    plan: Plan
    earlier: Run | None = None
    result: Result | None = None
    problem: SolventError | None = None
    seconds: float = 0.0
    reason: str = ""
    score: float | None = None

    @property
    def run_id(self) -> str:
        """'' if it was not opened."""
        if self.earlier is not None:
            return self.earlier.info.run_id
        return self.result.run_id if self.result is not None else ""

    @property
    def status(self) -> str:
        if self.earlier is not None:
            return "REUSED"
        if self.problem is not None:
            return "FAILED"
        return self.result.status if self.result is not None else "NOT STARTED"

    @property
    def succeeded(self) -> bool:
        return self.earlier is not None or (self.result is not None and self.result.succeeded)


class SweepResult(NamedTuple):
    """``result`` is of the run that holds the members."""

    result: Result
    members: Sequence[Member]
    best: Member | None


def run_sweep(
    backend: Backend,
    sweep: Sweep,
    tracking: Tracking,
    options: Options,
    *,
    jobs: int = 1,
    goal: Goal | None = None,
    earlier: Mapping[int, Run] | None = None,
    say: Say = silent,
) -> SweepResult:
    """Run all of a sweep, ``jobs`` at once, going on after one that fails. The environment is made once.

    The run that holds the others ends as FINISHED if all of them did. A signal ends all that run.

    Args:
        earlier: finished runs that are taken instead of new ones, by the places of those in the sweep.

    Raises:
        SolventError: before the holding run was opened.
    """
    taken = earlier or {}
    members = [Member(label, plan, taken.get(place)) for place, (label, plan) in enumerate(sweep.children)]
    if jobs > (most := _most_jobs()):
        say(f"Only {most} runs at once, for this process may open few files (ulimit -n)")
    work = _Members(backend, sweep, tracking, options, members, min(jobs, most), goal, say)
    held = replace(options, runner=work, prepare=work.prepare, skip_contracts=False, after_child=lambda: None)
    result = launch(backend, sweep.parent, tracking, held, say=say)
    return SweepResult(result, members, work.best)


def _most_jobs() -> int:
    """How many runs at once the limit of open files allows, which is raised as far as we may."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        with suppress(OSError, ValueError):  # some systems refuse what they call the limit
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST_RUNS if soft == resource.RLIM_INFINITY else max(1, (soft - _FILES_BESIDE) // _FILES_PER_RUN)


@dataclass
class _Members:
    """The back end of the holding run: its command is to run the others."""

    backend: Backend
    sweep: Sweep
    tracking: Tracking
    options: Options
    members: Sequence[Member]
    jobs: int
    goal: Goal | None
    say: Say
    environment: Environment | None = None
    best: Member | None = None

    @property
    def name(self) -> str:
        return self.options.runner.name

    @property
    def capabilities(self) -> Capabilities:
        return self.options.runner.capabilities

    def prepare(self, project: Project, manager: str, say: Say) -> Environment:
        self.environment = self.options.prepare(project, manager, say)
        return self.environment

    def start(self, job: Job, sinks: Sequence[Sink]) -> _UnderWay:
        return _UnderWay(self, job, sinks)


@dataclass
class _UnderWay:
    work: _Members
    job: Job
    sinks: Sequence[Sink]
    signals: Signals = field(default_factory=Signals)

    @property
    def reference(self) -> str:
        return self.job.run_id

    def cancel(self, number: int) -> None:
        self.signals.pass_on(number)

    def wait(self) -> Outcome:
        experiment = _read(self.work.backend, self.job.run_id).info.experiment_id
        self._tell(f"{len(self.work.members)} runs, {self.work.jobs} at once")
        with ThreadPoolExecutor(self.work.jobs, "solvent-sweep") as pool:
            running = {pool.submit(self._run, member, experiment): member for member in self.work.members}
            for count, done in enumerate(as_completed(running), 1):
                done.result()  # a defect of ours is not swallowed
                if (member := running[done]).status != "NOT STARTED":
                    self._tell(f"[{count}/{len(running)}] {_told(member)}")
        told = self._keep()
        self._tell(told)
        for sink in self.sinks:
            sink.end("stderr")
        failed = not all(member.succeeded for member in self.work.members)
        passed = self.signals.received[0] if self.signals.received else None
        return Outcome(int(failed), passed, [], [told])

    def _run(self, member: Member, experiment: str) -> None:
        if member.earlier is not None:
            self._score(member, member.earlier)
            return
        if self.signals.received:
            return
        work, begin = self.work, time.monotonic()
        environment = work.environment
        assert environment is not None
        place = Place(experiment_id=experiment, run_name=member.label, parent_run_id=self.job.run_id)
        options = replace(work.options, place=place, prepare=lambda *_: environment)
        if work.jobs > 1:
            options = replace(options, sinks=lambda: (Labelled(member.label),))
        try:
            member.result = launch(
                work.backend,
                member.plan,
                work.tracking,
                options,
                signals=self.signals,
                say=lambda line: work.say(f"[{member.label}] {line}"),
            )
            self._look_at(member)
        except SolventError as error:
            member.problem, member.reason = error, str(error).partition("\n")[0]
        member.seconds = time.monotonic() - begin

    def _look_at(self, member: Member) -> None:
        """Why it failed, or how good it is."""
        assert member.result is not None
        run = _read(self.work.backend, member.result.run_id)
        if member.result.problem is not None:
            member.reason = str(member.result.problem).partition("\n")[0]
        elif not member.succeeded:
            member.reason = next((tag.value for tag in run.data.tags if tag.key == FAILURE), "")
        self._score(member, run)

    def _score(self, member: Member, run: Run) -> None:
        if self.work.goal is not None:
            found = (float(one.value or 0) for one in run.data.metrics if one.key == self.work.goal.metric)
            member.score = next(found, None)

    def _keep(self) -> str:
        """Write how the sweep went to the holding run, and say it."""
        members, goal = self.work.members, self.work.goal
        counts = dict.fromkeys(("FINISHED", "FAILED", "KILLED", "NOT STARTED"), 0)
        for member in members:
            counts[member.status] = counts.get(member.status, 0) + 1
        summary = {"parameters": self.work.sweep.swept, "runs": len(members), "ended": counts}
        text = json.dumps(summary, ensure_ascii=False)
        if len(text) > _LONGEST_TAG:
            text = json.dumps({**summary, "parameters": {name: len(v) for name, v in self.work.sweep.swept.items()}})
        tags, metrics = [Tag(key=SWEEP, value=text)], []
        if reused := _reused(members):
            tags.append(Tag(key=REUSED, value=reused))
        told = f"{counts['FINISHED']} of {len(members)} runs succeeded"
        told += "".join(
            f", {count} {status.lower()}" for status, count in counts.items() if count and status != "FINISHED"
        )
        if goal is not None:
            self.work.best = best = _best(members, goal)
            if best is None or best.score is None:
                told += f"; none of them has the metric {goal.metric}"
            else:
                tags.append(Tag(key=BEST, value=best.run_id))
                now = time.time_ns() // 1_000_000
                metrics.append(Metric(key=goal.metric, value=best.score, timestamp=now, step=0))
                told += f"; best {goal.metric} ({goal.direction}): {best.score:g} with {best.label}"
        self.work.backend.call(LogBatch(run_id=self.job.run_id, tags=tags, metrics=metrics))
        return told

    def _tell(self, line: str) -> None:
        for sink in self.sinks:
            sink.write("stderr", f"{line}\n".encode())


def _best(members: Sequence[Member], goal: Goal) -> Member | None:
    """The best of those that succeeded; NaN is no score, and the first of equals wins."""
    scored = list(_scored(members))
    if not scored:
        return None
    sign = 1 if goal.direction == "max" else -1
    return max(scored, key=lambda member: sign * (member.score or 0.0))


def _scored(members: Sequence[Member]) -> Iterator[Member]:
    for member in members:
        if member.succeeded and member.score is not None and not math.isnan(member.score):
            yield member


def _reused(members: Sequence[Member]) -> str:
    """Labels and ids of what was reused, as many as fit; '' if nothing was."""
    taken = {member.label: member.run_id for member in members if member.earlier is not None}
    while len(text := json.dumps(taken, ensure_ascii=False)) > _LONGEST_TAG:
        taken = dict(list(taken.items())[: len(taken) // 2])  # the count of all is in the summary
    return text if taken else ""


def _told(member: Member) -> str:
    if member.earlier is not None:
        return f"{member.label}: reused (ID='{member.run_id}')"
    words = {"FINISHED": "succeeded", "FAILED": "failed", "KILLED": "ended by a signal"}
    text = f"{member.label}: {words.get(member.status, member.status)} after {member.seconds:.1f} s"
    if member.run_id:
        text += f" (ID='{member.run_id}')"
    return f"{text}: {member.reason}" if member.reason else text


def _read(backend: Backend, run_id: str) -> Run:
    return backend.call(GetRun(run_id=run_id)).run
