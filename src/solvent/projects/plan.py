"""What will run: the project is fetched if it has to be and read, its parameters are checked, and nothing has run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from solvent.projects import parameters
from solvent.projects.environment import Say, silent
from solvent.projects.errors import InvalidParameters
from solvent.projects.parameters import Values
from solvent.projects.requirements import read_requirements
from solvent.projects.source.consent import Ask, agree, nobody
from solvent.projects.source.open import open_source
from solvent.projects.source.origin import Source
from solvent.projects.spec import EntryPoint, Project, load_project
from solvent.provenance.redact import redact_text

DEFAULT = "default"
COMMAND_LINE = "command line"
_LONGEST_COMMAND = 128 * 1024 - 1
"""Bytes that Linux takes as one argument of a program."""


@dataclass(frozen=True)
class Plan:
    """A run that can start.

    ``origins`` says where each value comes from: ``default``, ``command line``, or ``file`` with its name.
    ``shown`` is what stands for the command of a run that only holds others.
    """

    uri: str
    project: Project
    entry: EntryPoint
    values: Values
    origins: Mapping[str, str]
    source: Source | None = None
    shown: str | None = None

    @property
    def source_name(self) -> str:
        """What the run says it came from: the address of a project that was fetched, else its folder."""
        fetched = self.source is not None and self.source.fetched
        return self.source.uri if self.source is not None and fetched else str(self.project.folder.absolute())

    @property
    def command(self) -> str:
        return self.shown if self.shown is not None else parameters.command_line(self.entry, self.values)

    @property
    def kept_command(self) -> str:
        """The command without secrets, as it is shown and kept."""
        return redact_text(replace(self, values=self.values.masked).command)


def plan_run(
    uri: str,
    *,
    entry_point: str = "main",
    given: Mapping[str, str] | None = None,
    origins: Mapping[str, str] | None = None,
    version: str | None = None,
    ask: Ask = nobody,
    say: Say = silent,
) -> Plan:
    """Open the project at ``uri`` (a folder, a zip, a git repository, each with ``#subfolder``), and check the parameters.

    Args:
        origins: where the given values come from, if not from the command line.
        version: a branch, tag or commit of a git repository.
        ask: shown what a project that came over the network would run; it says whether somebody agrees.
        say: told what takes time.

    Raises:
        NotSupported: a kind of address that is not fetched, or a project whose environment can't be made.
        SourceFailed: the project can't be fetched.
        NotAgreed: nobody agreed to run it.
        InvalidProject, InvalidParameters: see there.
    """
    source = open_source(uri, version, say=say)
    try:
        name = source.uri if source.fetched else uri  # what was fetched is named without secrets
        plan = plan_in(source.folder, name, entry_point=entry_point, given=given, origins=origins, source=source)
        agree(source, plan.project, read_requirements(plan.project), plan.command, ask)
    except BaseException:
        source.discard()
        raise
    return plan


def plan_in(
    folder: Path,
    uri: str,
    *,
    entry_point: str = "main",
    given: Mapping[str, str] | None = None,
    origins: Mapping[str, str] | None = None,
    source: Source | None = None,
) -> Plan:
    """The plan of a project that lies in a folder already; ``uri`` is what it is called."""
    project = load_project(folder, entry_point)
    entry = project.entry_point(entry_point)
    read_requirements(project)  # what is wrong with them is said before a run is opened
    return with_values(Plan(uri, project, entry, Values({}, {}), {}, source), given or {}, origins or {})


def with_values(plan: Plan, given: Mapping[str, str], origins: Mapping[str, str]) -> Plan:
    """The same with other values.

    Raises:
        InvalidParameters: one that must be given is missing, or a value is not of its type.
    """
    copied = plan.source is not None and plan.source.fetched
    values = parameters.resolve(plan.entry, given, plan.project.folder.absolute(), copied=copied)
    known = {name: origins.get(name, COMMAND_LINE) if name in given else DEFAULT for name in values.all}
    plan = replace(plan, values=values, origins=known)
    if (size := len(plan.command.encode())) > _LONGEST_COMMAND:
        raise InvalidParameters(
            f"the command has {size:,} bytes with its parameters, at most {_LONGEST_COMMAND:,} can be given to bash: put"
            " values into a file, and pass its path"
        )
    return plan
