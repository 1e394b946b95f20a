"""The environment of a run, had again: exactly the packages that it had, on a Python of the same minor version."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

from solvent.projects.environment import Environment, Say, prepare_environment
from solvent.projects.errors import EnvironmentFailed, InvalidProject
from solvent.projects.reproduce.errors import CannotRepeat
from solvent.projects.reproduce.recorded import Package, Recorded
from solvent.projects.reproduce.verdict import Known
from solvent.projects.spec import load_project
from solvent.provenance.host import read_host
from solvent.provenance.packages import installed_packages
from solvent.provenance.variables import kept_variables
from solvent.settings import cache_folder

_KEY = re.compile(r"[0-9a-f]{8,64}")
_OURS = "solvent"
_ANY_SCRIPT = "any.py"


@dataclass(frozen=True)
class Rebuilt:
    """``known`` is what is not as it was."""

    environment: Environment
    known: tuple[Known, ...]


def rebuild_environment(
    recorded: Recorded, work: Path, say: Say, *, manager: str = "uv", instead: Path | None = None
) -> Rebuilt:
    """The recorded environment: the cached one if it is unchanged, the one that Solvent runs in if that is the same,
    else one that is built from the recorded versions.

    Args:
        work: a folder to write the recorded versions to.
        manager: ``local``: the environment that Solvent runs in, whatever is in it.
        instead: a project's folder whose environment files are taken instead.

    Raises:
        CannotRepeat: it can't be built; the resolver's message says why.
    """
    if manager == "local":
        return _rebuilt(recorded, Environment("local"))
    if instead is not None:
        return _rebuilt(recorded, prepare_environment(load_project(instead, _ANY_SCRIPT), "uv", say))
    for environment in (_cached(recorded), Environment("local")):
        if environment is not None and _is_same(recorded, environment):
            return _rebuilt(recorded, environment)
    if not recorded.packages:
        raise CannotRepeat("it has no record of its packages (solvent/packages.txt)", "environment")
    folder = work / "environment"
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {"python": _minor(recorded.python), "dependencies": requirements(recorded.packages.values())}
    (folder / "python_env.yaml").write_text(yaml.safe_dump(wanted), "utf-8")
    try:
        return _rebuilt(recorded, prepare_environment(load_project(folder, _ANY_SCRIPT), "uv", say))
    except (EnvironmentFailed, InvalidProject) as error:
        raise CannotRepeat(f"its environment can't be had again: {error}", "environment") from error


def requirements(packages: Iterable[Package]) -> list[str]:
    """One requirement for each package but Solvent itself, which comes in its running version."""
    return [_requirement(package) for package in packages if package.name != _OURS]


def _requirement(package: Package) -> str:
    if re.match(r"(git|hg|svn|bzr)\+|https?://", package.origin):
        return f"{package.name} @ {package.origin}"
    return f"{package.name}=={package.version}"  # of a folder that is gone: the index may have it


def _cached(recorded: Recorded) -> Environment | None:
    key = recorded.tags.get("solvent.environment", "")
    folder = cache_folder() / "environments" / key
    whole = _KEY.fullmatch(key) and (folder / "bin" / "python").exists() and (folder / "pyvenv.cfg").is_file()
    return Environment("uv", folder, key) if whole else None


def _is_same(recorded: Recorded, environment: Environment) -> bool:
    return not [*_python(recorded, environment), *_packages(recorded, environment)]


def _rebuilt(recorded: Recorded, environment: Environment) -> Rebuilt:
    found = [
        *_python(recorded, environment),
        *_packages(recorded, environment),
        *_machine(recorded),
        *_variables(recorded),
    ]
    return Rebuilt(environment, tuple(Known("environment", what) for what in found))


def _python(recorded: Recorded, environment: Environment) -> list[str]:
    then, now = recorded.python, environment.python_version
    return [f"Python {then} is {now} now"] if then and then != now else []


def _packages(recorded: Recorded, environment: Environment) -> list[str]:
    lines = (line.partition("  #")[0].partition("==") for line in installed_packages(environment.search_path))
    now = {name: version for name, _, version in lines if name != _OURS}
    then = {name: package.version for name, package in recorded.packages.items() if name != _OURS}
    found = [f"{name} {then[name]} is {now[name]} now" for name in sorted(then.keys() & now) if then[name] != now[name]]
    found += [f"{name} {then[name]} is not there" for name in sorted(then.keys() - now)]
    return found + [f"{name} {now[name]} was added" for name in sorted(now.keys() - then)]


def _variables(recorded: Recorded) -> list[str]:
    """Variables that decide results and are set now; those of then are set for each repetition."""
    if "variables" not in recorded.summary:
        return []
    return [f"{name} was not set, and is now" for name in sorted(kept_variables().keys() - recorded.variables.keys())]


def _machine(recorded: Recorded) -> list[str]:
    """What of the machine decides results: its architecture, system and accelerators."""
    if not recorded.host:
        return []
    host = read_host()
    then = {
        "architecture": str(recorded.host.get("machine") or ""),
        "system": str(recorded.host.get("system") or "").partition(" ")[0],
        "accelerators": _cards(recorded.host.get("accelerators")),
    }
    now = {
        "architecture": host["machine"],
        "system": platform.system(),
        "accelerators": _cards(host["accelerators"]),
    }
    return [f"{part}: {then[part] or 'none'} is {now[part] or 'none'} now" for part in then if then[part] != now[part]]


def _cards(found: object) -> str:
    names = [str(card.get("name", "")) for card in found if isinstance(card, dict)] if isinstance(found, list) else []
    return ", ".join(sorted(names))


def _minor(version: str) -> str | None:
    found = re.match(r"[0-9]+\.[0-9]+", version)
    return found[0] if found else None
