"""A project's environment: made by uv once, kept under the hash of all that decides what is in it."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from solvent.projects.cache import free, locked, make_folder
from solvent.projects.errors import EnvironmentFailed
from solvent.projects.interpreter import Interpreter, find_interpreter
from solvent.projects.requirements import Requirements, read_requirements
from solvent.projects.spec import Project
from solvent.projects.use import hold
from solvent.projects.uv import UvFailed, run_uv
from solvent.projects.uv_settings import settings_of_files, settings_of_variables
from solvent.projects.wheel import NAME, Installation, running_installation, wheel_of
from solvent.settings import cache_folder

MANAGERS = ("uv", "local")
_FORMAT = 1
_NOTES = "solvent-notes.json"
_BUILDING = ".building-"

Say = Callable[[str], None]


def silent(_line: str) -> None:
    """Nobody is told."""


@dataclass(frozen=True)
class Environment:
    """Where a project's commands run.

    ``folder`` is a virtual environment, or None for the one that Solvent runs in. ``notes`` are
    shortcomings that its user should know of.
    """

    manager: str
    folder: Path | None = None
    key: str = ""
    notes: tuple[str, ...] = ()

    @property
    def programs(self) -> Path:
        """The folder of its ``python``."""
        return self.folder / "bin" if self.folder is not None else Path(sys.executable).parent

    @property
    def interpreter(self) -> Path:
        """Its ``python``."""
        return self.programs / "python" if self.folder is not None else Path(sys.executable)

    @property
    def python_version(self) -> str:
        """The version of its ``python`` as its ``pyvenv.cfg`` says it; '' if it does not."""
        if self.folder is None:
            return platform.python_version()
        lines = (self.folder / "pyvenv.cfg").read_text("utf-8").splitlines()
        fields = {key.strip(): value.strip() for key, _, value in (line.partition("=") for line in lines)}
        return fields.get("version_info") or fields.get("version", "")

    @property
    def search_path(self) -> list[str] | None:
        """Where its packages are; None for those of this process."""
        if self.folder is None:
            return None
        return [str(path) for path in self.folder.glob("lib/python*/site-packages")]


def prepare_environment(project: Project, manager: str, say: Say) -> Environment:
    """The environment of a project, from the cache or made now.

    ``say`` is told what takes time and what is not honoured.

    Raises:
        EnvironmentFailed: its interpreter is not on this machine, or its requirements can't be installed.
        InvalidProject, NotSupported: the project's environment files can't be used.
    """
    requirements = read_requirements(project)
    if manager == "local":
        return Environment("local")
    if requirements.ignored:
        say(f"conda.yaml: only its pip part is installed; not honoured: {'; '.join(requirements.ignored)}")
    interpreter = find_interpreter(requirements.python)
    ours = running_installation()
    base = project.environment_file.parent.absolute() if project.environment_file is not None else None
    key = _key(requirements, interpreter, ours, base, project.folder)
    root = make_folder(cache_folder() / "environments")
    remove_half_built(root)
    folder = root / key
    hold(folder)
    if not _is_whole(folder):
        with locked(root / f"{key}.lock"):
            if not _is_whole(folder):
                say(f"Building the environment of '{project.name}' (once; kept in {folder})")
                _build(folder, _Recipe(project, requirements, interpreter, ours))
    notes = tuple(json.loads((folder / _NOTES).read_text("utf-8")))
    for note in notes:
        say(note)
    return Environment("uv", folder, key, notes)


@dataclass(frozen=True)
class _Recipe:
    project: Project
    requirements: Requirements
    interpreter: Interpreter
    ours: Installation | None

    @property
    def base(self) -> Path:
        """Where relative paths in requirements start."""
        file = self.project.environment_file
        return (file.parent if file is not None else self.project.folder).absolute()


def _key(
    requirements: Requirements, interpreter: Interpreter, ours: Installation | None, base: Path | None, folder: Path
) -> str:
    """``base`` is where relative paths start: it only counts if there are any."""
    decides = {
        "format": _FORMAT,
        "platform": f"{sys.platform} {platform.machine()}",
        "interpreter": interpreter.identity,
        "lines": requirements.lines,
        "files": [file.name for file in requirements.files],
        "constraints": [file.name for file in requirements.constraints],
        "folder": "" if requirements.portable or base is None else str(base),
        "texts": requirements.texts,
        "settings": list(settings_of_files((base or folder).absolute()).values()),
        "variables": settings_of_variables(),
        "solvent": ours.identity if ours else "",
    }
    return hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()[:24]


def remove_half_built(root: Path) -> None:
    """Remove what builders that were killed have left: nobody holds its lock any more."""
    for part in root.glob(f"{_BUILDING}*"):
        with free(root / f"{part.name.removeprefix(_BUILDING)}.lock") as nobody_builds:
            if nobody_builds:
                shutil.rmtree(part, ignore_errors=True)


def _is_whole(folder: Path) -> bool:
    """A link to a removed interpreter is no environment any more."""
    return (folder / _NOTES).is_file() and (folder / "bin" / "python").exists()


def _build(folder: Path, recipe: _Recipe) -> None:
    """Make the environment beside its place and rename it: whoever sees it sees all of it."""
    part = folder.with_name(f"{_BUILDING}{folder.name}")
    shutil.rmtree(part, ignore_errors=True)  # of a builder that died: we hold the lock
    try:
        run_uv(["venv", "--quiet", "--relocatable", "--no-project", "--python", recipe.interpreter.path, part])
        notes = _install(part, recipe)
        (part / _NOTES).write_text(json.dumps(notes), "utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        part.rename(folder)
    except OSError as error:
        raise EnvironmentFailed(
            f"the environment can't be written to {folder.parent} ({error.strerror}): free some space, or name another"
            " cache folder with SOLVENT_CACHE"
        ) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _install(part: Path, recipe: _Recipe) -> list[str]:
    """Install the project's requirements together with Solvent; notes on what could not be had.

    uv solves both at once, so the project's pins hold. If that fails, the project's requirements
    alone are tried, to say on which side it lies.
    """
    failure: UvFailed | None = None
    for solvent in _sources(recipe.ours):
        try:
            _pip_install(part, recipe, [solvent])
        except UvFailed as error:
            failure = error
        else:
            return []
    _without_solvent(part, recipe, failure)
    reason = str(failure) if failure else "the running Solvent is not an installed package"
    return [f"'import solvent' will not work in this project's environment, its own requirements come first: {reason}"]


def _without_solvent(part: Path, recipe: _Recipe, failure: UvFailed | None) -> None:
    try:
        _pip_install(part, recipe, [])
    except UvFailed as error:
        raise EnvironmentFailed(f"the requirements of '{recipe.project.name}' can't be installed: {error}") from error
    if recipe.requirements.asks_for_solvent:
        raise EnvironmentFailed(
            f"'{recipe.project.name}' asks for solvent beside requirements that exclude it: {failure}"
        ) from failure


def _sources(ours: Installation | None) -> list[str]:
    """Where Solvent itself may come from, best first."""
    if ours is None:
        return []
    wheel = str(wheel_of(ours, cache_folder() / "wheels"))
    return [f"{NAME}=={ours.version}", wheel] if ours.indexed else [wheel]


def _pip_install(part: Path, recipe: _Recipe, extra: list[str]) -> None:
    lines = part / "solvent-requirements.txt"
    lines.write_text("".join(f"{line}\n" for line in recipe.requirements.lines), "utf-8")
    arguments: list[str | Path] = ["pip", "install", "--quiet", "--python", part / "bin" / "python", *extra]
    for file in (lines, *recipe.requirements.files):
        arguments += ["-r", file.absolute()]
    if recipe.requirements.folders and not os.environ.get("UV_OFFLINE"):
        arguments.append("--refresh")  # uv takes a folder for unchanged as long as its pyproject.toml is
    for file in recipe.requirements.constraints:
        arguments += ["-c", file.absolute()]
    if not (extra or recipe.requirements.lines or recipe.requirements.files):
        return
    run_uv(arguments, cwd=recipe.base)
