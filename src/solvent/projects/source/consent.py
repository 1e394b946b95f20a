"""Before code that came over the network runs: what it is, and whether somebody agrees."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from solvent.projects.errors import InvalidProject, NotAgreed
from solvent.projects.requirements import Requirements
from solvent.projects.source.origin import Source
from solvent.projects.spec import Project
from solvent.projects.uv_settings import settings_of_files

Ask = Callable[[str], bool]
"""Shows a text and says whether its reader agrees."""

_MOST_NAMED = 20


def nobody(_text: str) -> bool:
    """Nobody is there to agree."""
    return False


def agree(source: Source, project: Project, requirements: Requirements, command: str, ask: Ask) -> None:
    """Ask before a project from the network is run, or an environment is built for it. Others just pass.

    Raises:
        NotAgreed: nobody agreed.
        InvalidProject: it names files outside of what was fetched.
    """
    if source.fetched:
        _check_files(source, project, requirements)
    if source.remote and not ask(describe(source, project, requirements, command)):
        raise NotAgreed(f"nothing of '{source.uri}' was run: look at its code, then agree, or say --yes")


def describe(source: Source, project: Project, requirements: Requirements, command: str) -> str:
    """What would be executed, line by line."""
    if source.commit is not None:
        state = f"commit       {source.commit}" + (f" (branch {source.branch})" if source.branch else "")
    else:
        state = f"sha-256      {source.digest}"
    lines = [
        "This project came over the network. With your rights, on this machine, it would run:",
        f"  from         {source.uri}",
        f"  {state}",
        f"  command      {_indented(command)}",
        f"  environment  {_indented(_environment(project, requirements))}",
        *(f"  {line}" for line in _settings(source, project)),
    ]
    return "\n".join(lines)


def _environment(project: Project, requirements: Requirements) -> str:
    if project.environment_file is None:
        return "none of its own"
    parts = [f"python {requirements.python}"] if requirements.python else []
    parts += requirements.lines
    parts += [f"-r {file.name}" for file in requirements.files]
    more = len(parts) - _MOST_NAMED
    shown = ", ".join(parts[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
    return f"{project.environment_file.name}: {shown or 'nothing'}"


def _settings(source: Source, project: Project) -> Iterator[str]:
    """Where the project itself has its packages from, which its author decides with uv's settings."""
    base = (project.environment_file or project.folder / "MLproject").parent.absolute()
    top = source.root.absolute()
    for file, text in settings_of_files(base).items():
        if Path(file).is_relative_to(top):
            yield f"uv settings  {_indented(f'{Path(file).relative_to(top)}: {text}')}"


def _indented(text: str) -> str:
    """A text of several lines under its first one, so that none can pass for a line of ours."""
    return "\n             | ".join(text.splitlines() or [""])


def _check_files(source: Source, project: Project, requirements: Requirements) -> None:
    files = [project.environment_file] if project.environment_file else []
    top = source.root.resolve()
    for file in (*files, *requirements.files, *requirements.constraints):
        if not file.resolve().is_relative_to(top):
            raise InvalidProject(f"'{source.uri}' names {file}, which is not in it: it is not used")
