"""``solvent reproduce``: rebuild, check, repeat, judge, and keep the verdict with the run."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from solvent.backend.protocol import Backend
from solvent.errors import InvalidInput, SolventError
from solvent.projects.environment import Say
from solvent.projects.reproduce.code import changed_code, has_code, missing_module, rebuild_code, submodules, whole_of
from solvent.projects.reproduce.data import check_data
from solvent.projects.reproduce.environment import Rebuilt, rebuild_environment
from solvent.projects.reproduce.errors import CannotRepeat, Stopped
from solvent.projects.reproduce.judge import Judge
from solvent.projects.reproduce.recorded import Recorded, read_recorded
from solvent.projects.reproduce.repeat import Repeater, Source, keep, nothing
from solvent.projects.reproduce.results import gather
from solvent.projects.reproduce.tolerance import Tolerances
from solvent.projects.reproduce.verdict import TAG, Known, Verdict
from solvent.projects.scratch import discard, scratch_folder
from solvent.projects.seal import SEAL, is_sealed
from solvent.projects.signals import Interrupted, Signals
from solvent.projects.sinks import Sink
from solvent.projects.source.open import open_source
from solvent.projects.variables import Tracking
from solvent.provenance.host import user_name

_MOST_NAMED = 5

Ask = Callable[[str], bool]


@dataclass(frozen=True)
class Wanted:
    """How a run is to be reproduced.

    ``code`` and ``environment`` are folders that are taken instead of what was recorded, ``repository`` is where the
    commit is. ``data_changed`` runs although data is not as it was. ``folder`` keeps the rebuilt folders.
    """

    tolerances: Tolerances = field(default_factory=Tolerances)
    ignore: Sequence[str] = ()
    env_manager: str = "uv"
    code: Path | None = None
    environment: Path | None = None
    repository: Path | None = None
    data_changed: bool = False
    folder: Path | None = None
    sinks: Sequence[Sink] = ()
    after_child: Callable[[], None] = nothing


def reproduce(backend: Backend, tracking: Tracking, run_id: str, wanted: Wanted, say: Say, ask: Ask) -> Verdict:
    """The verdict on a run, which is kept in its tag ``solvent.reproduction`` too.

    Args:
        ask: is shown what will be executed if somebody else has recorded it; False: nothing is run.

    Raises:
        NotFound: there is no such run.
        InvalidInput: nothing was run, because ``ask`` said so.
        Stopped: a signal came; there is no verdict.
    """
    try:
        recorded = read_recorded(backend, run_id)
        fetch = wanted.repository is None and not has_code(recorded) and _remote(recorded) is not None
        _agree(recorded, ask, fetch=fetch)
        with _folder(wanted.folder) as work, _repository(recorded, wanted, say, fetch=fetch) as repository:
            wanted = replace(wanted, repository=repository)
            verdict = _Reproduction(backend, tracking, recorded, wanted, work, say).verdict()
    except CannotRepeat as error:
        causes = [error.cause] if error.cause is not None else []
        verdict = Verdict(run_id, "cannot be repeated", causes, str(error), tolerances=wanted.tolerances.shown())
    verdict = msgspec.structs.replace(verdict, at=time.time_ns() // 1_000_000)
    try:
        keep(backend, run_id, TAG, verdict.tag())
    except SolventError as error:
        say(f"Warning: the verdict could not be kept with the run: {error}")
    return verdict


@dataclass
class _Reproduction:
    backend: Backend
    tracking: Tracking
    recorded: Recorded
    wanted: Wanted
    work: Path
    say: Say

    def verdict(self) -> Verdict:
        code = self._code()
        data, source = self._data()
        rebuilt = self._environment()
        self.say(f"Reading the results of run {self.recorded.run_id} ...")
        original = gather(self.backend, self.recorded.run_id, self.wanted.ignore)
        self.wanted.tolerances.check(original.metrics)
        repeater = Repeater(
            self.backend,
            self.tracking,
            self.recorded,
            source,
            rebuilt,
            self.work,
            self.say,
            self.wanted.sinks,
            self.wanted.ignore,
            self.wanted.after_child,
            keeping=self.wanted.folder is not None,
        )
        repeater.notes += self._beside()
        known = [*code, *rebuilt.known, *data]
        judge = Judge(original, repeater, known, self.wanted.tolerances, repeater.notes, self._why)
        return msgspec.structs.replace(judge.verdict(), ignored=list(self.wanted.ignore))

    def _beside(self) -> list[str]:
        """What may be code, and was not looked into when the run was made."""
        folders = [] if self.wanted.code else self.recorded.not_looked_into()
        some = ", ".join(folders[:_MOST_NAMED]) + (", ..." if len(folders) > _MOST_NAMED else "")
        return [f"not kept with the run, as hidden, built or installed: {some}"] if folders else []

    def _why(self, failure: str) -> Known | None:
        place = missing_module(failure, self.recorded)
        return Known("code", f"{place} is there, but was not kept with the run") if place else None

    def _code(self) -> list[Known]:
        """What of the code is not as it was; it can be had if nothing is raised."""
        then = self.work / "recorded"
        then.mkdir()
        self.say("Making its code again ...")
        if self.wanted.code is None:
            rebuild_code(self.recorded, then, self.wanted.repository)
            return [Known("code", what) for what in self._not_kept(then)]
        try:
            project = rebuild_code(self.recorded, then, self.wanted.repository)
        except CannotRepeat as error:
            return [Known("code", f"it is that of {self.wanted.code}, and can't be held against what it was: {error}")]
        whole = whole_of(self.wanted.code, self.recorded.subfolder)
        if whole is not None:  # the project may import what lies beside it
            return changed_code(then, whole)
        return changed_code(project, self.wanted.code)

    def _not_kept(self, rebuilt: Path) -> list[str]:
        found = [f"{path} is a submodule, which was not kept" for path in submodules(rebuilt)]
        return found + self.recorded.code_not_kept()

    def _data(self) -> tuple[tuple[Known, ...], Source]:
        """What of the data is not as it was, and where each repetition gets code and data."""
        source = Source(self.wanted.repository, self.wanted.code)
        place = self.wanted.code or self.work / "recorded"
        self.say("Checking the fingerprints of its data ...")
        checked = check_data(self.recorded, place, source.then(self.recorded), fresh=self.wanted.code is None)
        for note in checked.notes:
            self.say(f"Note: {note}")
        if checked.known and not self.wanted.data_changed:
            what = "; ".join(each.what for each in checked.known)
            raise CannotRepeat(f"{what}: bring it back, or run all the same with --data-changed", "data")
        return checked.known, Source(self.wanted.repository, self.wanted.code, checked.beside)

    def _environment(self) -> Rebuilt:
        self.say("Having its environment again ...")
        try:
            with Signals() as signals, signals.interrupting():
                rebuilt = rebuild_environment(
                    self.recorded,
                    self.work,
                    self.say,
                    manager=self.wanted.env_manager,
                    instead=self.wanted.environment,
                )
        except Interrupted as interrupted:
            raise Stopped(interrupted.number) from None
        for note in rebuilt.notes:
            self.say(f"Note: {note}")
        return rebuilt


def _agree(recorded: Recorded, ask: Ask, *, fetch: bool) -> None:
    """Code that was not recorded by this user on this machine, or that must be fetched, is not executed unasked."""
    author = recorded.tags.get("mlflow.user", "")
    told = recorded.tags.get(SEAL, "")
    ours = is_sealed(told, recorded.run_id, recorded.entry_point, recorded.parameters, recorded.bytes)
    if ours and author == user_name() and not fetch:
        return
    where = recorded.git.get("remote") or recorded.root or "unknown"
    commit = f", commit {recorded.commit[:12]}" if recorded.commit else ""
    shown = (
        f"This executes, as you, what '{author or 'nobody'}' recorded: {recorded.tags.get('solvent.command', '')}"
        f"\nCode: {where}{commit}, and the patches that the run keeps."
    )
    if not ask(shown):
        raise InvalidInput("nothing was run, for nobody agreed to it: add --yes to agree beforehand")


def _remote(recorded: Recorded) -> str | None:
    """The repository's address, if it is one that can be fetched from."""
    remote = recorded.git.get("remote")
    if not isinstance(remote, str) or "#" in remote:
        return None
    return remote if re.match(r"(https?|ssh)://|git@", remote) else None


@contextmanager
def _repository(recorded: Recorded, wanted: Wanted, say: Say, *, fetch: bool) -> Iterator[Path | None]:
    """Where the commit is, if not where the run was made; what was fetched goes at the end."""
    remote = _remote(recorded)
    if not fetch or remote is None:
        yield wanted.repository
        return
    address = f"git+{remote}" if remote.startswith("http") else remote
    try:
        source = open_source(address, recorded.commit, say=say)
    except SolventError as error:
        raise CannotRepeat(f"its commit can't be fetched: {error}", "code") from error
    try:
        yield source.root
    finally:
        source.discard()


@contextmanager
def _folder(given: Path | None) -> Iterator[Path]:
    """A fresh folder, removed at the end unless it was named."""
    if given is None:
        scratch = scratch_folder()  # what a process that was killed has left is removed by the next
        folder = scratch / "solvent-reproduce-work"
        folder.mkdir()
        try:
            yield folder.resolve()
        finally:
            discard(scratch)
        return
    if given.exists() and (not given.is_dir() or any(given.iterdir())):
        raise InvalidInput(f"--keep {given}: expected a folder that is empty or not there: name another")
    given.mkdir(parents=True, exist_ok=True)
    yield given.resolve()
