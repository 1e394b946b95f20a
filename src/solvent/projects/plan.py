"""What will run: the project is read and its parameters are checked, and nothing has been changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from solvent.errors import NotSupported
from solvent.projects import parameters
from solvent.projects.errors import InvalidProject
from solvent.projects.parameters import Values
from solvent.projects.requirements import read_requirements
from solvent.projects.spec import EntryPoint, Project, load_project

DEFAULT = "default"
COMMAND_LINE = "command line"
_FETCHED = ("http", "https", "git", "ssh", "git+https", "git+ssh")


@dataclass(frozen=True)
class Plan:
    """A run that can start.

    ``origins`` says where each value comes from: ``default``, ``command line``, or ``file`` with its name.
    """

    uri: str
    project: Project
    entry: EntryPoint
    values: Values
    origins: Mapping[str, str]

    @property
    def command(self) -> str:
        return parameters.command_line(self.entry, self.values)


def plan_run(
    uri: str,
    *,
    entry_point: str = "main",
    given: Mapping[str, str] | None = None,
    origins: Mapping[str, str] | None = None,
) -> Plan:
    """Read the project at ``uri`` (a folder, ``folder#subfolder``, or file:// of one) and check the parameters.

    ``origins`` says where the given values come from, if not from the command line.

    Raises:
        NotSupported: a project that would have to be fetched, or whose environment can't be made.
        InvalidProject, InvalidParameters: see there.
    """
    return plan_in(_folder(uri), uri, entry_point=entry_point, given=given, origins=origins)


def plan_in(
    folder: Path,
    uri: str,
    *,
    entry_point: str = "main",
    given: Mapping[str, str] | None = None,
    origins: Mapping[str, str] | None = None,
) -> Plan:
    """The plan of a project that lies in a folder already; ``uri`` is what it is called."""
    project = load_project(folder, entry_point)
    entry = project.entry_point(entry_point)
    read_requirements(project)  # what is wrong with them is said before a run is opened
    return with_values(Plan(uri, project, entry, Values({}, {}), {}), given or {}, origins or {})


def with_values(plan: Plan, given: Mapping[str, str], origins: Mapping[str, str]) -> Plan:
    """The same with other values.

    Raises:
        InvalidParameters: one that must be given is missing, or a value is not of its type.
    """
    values = parameters.resolve(plan.entry, given, plan.project.folder.absolute())
    known = {name: origins.get(name, COMMAND_LINE) if name in given else DEFAULT for name in values.all}
    return Plan(plan.uri, plan.project, plan.entry, values, known)


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
