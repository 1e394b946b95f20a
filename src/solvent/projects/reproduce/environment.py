"""The environment of a run, had again: exactly the packages that it had, on a Python of the same minor version."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import yaml

from solvent.projects.environment import Environment, Say, prepare_environment
from solvent.projects.errors import EnvironmentFailed, InvalidProject
from solvent.projects.reproduce.errors import CannotRepeat
from solvent.projects.reproduce.recorded import Package, Recorded
from solvent.projects.reproduce.variables import not_restored
from solvent.projects.reproduce.verdict import Known
from solvent.projects.spec import load_project
from solvent.projects.use import hold
from solvent.provenance.host import read_host
from solvent.provenance.lock import Hashes, files_in, hashes_in
from solvent.provenance.packages import Package as Installed
from solvent.provenance.packages import read_packages
from solvent.settings import cache_folder

_KEY = re.compile(r"[0-9a-f]{8,64}")
_OURS = "solvent"
_ANY_SCRIPT = "any.py"
_MOST_NAMED = 5


@dataclass(frozen=True)
class Rebuilt:
    """``known`` is what is not as it was, ``notes`` what can't be told."""

    environment: Environment
    known: tuple[Known, ...]
    notes: tuple[str, ...] = ()


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
    lines = requirements(recorded.packages.values(), hashes_in([recorded.lock]))
    wanted = {"python": _minor(recorded.python), "dependencies": lines}
    (folder / "python_env.yaml").write_text(yaml.safe_dump(wanted), "utf-8")
    try:
        return _rebuilt(recorded, prepare_environment(load_project(folder, _ANY_SCRIPT), "uv", say))
    except (EnvironmentFailed, InvalidProject) as error:
        raise CannotRepeat(f"its environment can't be had again: {error}", "environment") from error


def requirements(packages: Iterable[Package], hashes: Hashes | None = None) -> list[str]:
    """One requirement for each package but Solvent itself, which comes in its running version.

    ``hashes`` are those that were asked for when the run was made: a file that has none of them is refused.
    """
    return [_requirement(package, hashes or {}) for package in packages if package.name != _OURS]


def _requirement(package: Package, hashes: Hashes) -> str:
    if re.match(r"(git|hg|svn|bzr)\+|https?://", package.origin):
        return f"{package.name} @ {package.origin}"
    if "file:" in package.origin:  # an index may have a stranger of that name
        address = package.origin.removeprefix("editable,").strip()
        if not Path(unquote(urlsplit(address).path)).exists():
            raise CannotRepeat(
                f"package {package.name} was installed from {address}, which is not there", "environment"
            )
        return f"-e {address}" if package.origin.startswith("editable") else f"{package.name} @ {address}"
    exact = f"{package.name}=={package.version}"
    return " ".join([exact, *(f"--hash={one}" for one in hashes.get(exact, ()))])


def _cached(recorded: Recorded) -> Environment | None:
    key = recorded.tags.get("solvent.environment", "")
    folder = cache_folder() / "environments" / key
    if not _KEY.fullmatch(key) or not folder.is_dir():
        return None
    hold(folder)
    whole = (folder / "bin" / "python").exists() and (folder / "pyvenv.cfg").is_file()
    return Environment("uv", folder, key) if whole else None


def _is_same(recorded: Recorded, environment: Environment) -> bool:
    return not [*_python(recorded, environment), *_packages(recorded, environment)]


def _rebuilt(recorded: Recorded, environment: Environment) -> Rebuilt:
    found = [
        *_python(recorded, environment),
        *_packages(recorded, environment),
        *_machine(recorded),
        *not_restored(recorded),
    ]
    known = tuple(Known("environment", what) for what in found)
    return Rebuilt(environment, known, tuple(_unseen(recorded, environment)))


def _python(recorded: Recorded, environment: Environment) -> list[str]:
    then, now = recorded.python, environment.python_version
    return [f"Python {then} is {now} now"] if then and then != now else []


def _packages(recorded: Recorded, environment: Environment) -> list[str]:
    now, files = _installed(environment), files_in(recorded.lock)
    then = {name: package.version for name, package in recorded.packages.items() if name != _OURS}
    found = []
    for name in sorted(then.keys() & now):
        before = files.get(f"{name}=={then[name]}")
        if then[name] != now[name].version:
            found.append(f"{name} {then[name]} is {now[name].version} now")
        elif before and now[name].files and before != now[name].files:
            found.append(f"{name} {then[name]} has other files than it had, though its version is the same")
    found += [f"{name} {then[name]} is not there" for name in sorted(then.keys() - now)]
    return found + [f"{name} {now[name].version} was added" for name in sorted(now.keys() - then)]


def _installed(environment: Environment) -> dict[str, Installed]:
    packages = read_packages(environment.search_path, files=True)
    return {package.name: package for package in packages if package.name != _OURS}


def _unseen(recorded: Recorded, environment: Environment) -> list[str]:
    """Packages that are there in the same version, and whose files can't be held against what they were."""
    files = files_in(recorded.lock)
    if not files:
        return ["what its packages had in them was not recorded: their versions alone are compared"]
    now = _installed(environment)
    same = [package for package in recorded.packages.values() if package.name in now and package.name != _OURS]
    unseen = [each.name for each in same if not files.get(f"{each.name}=={each.version}") or not now[each.name].files]
    if not unseen:
        return []
    linked = [each.name for each in same if each.origin.startswith("editable")]
    some = ", ".join(unseen[:_MOST_NAMED]) + (", ..." if len(unseen) > _MOST_NAMED else "")
    notes = [f"of {len(unseen)} packages the versions alone are compared, for they list no files: {some}"]
    if linked:
        notes.append(f"not known: whether the code of editable packages is as it was: {', '.join(linked)}")
    return notes


def _machine(recorded: Recorded) -> list[str]:
    """What of the machine decides results: its architecture, system, C library, processors and accelerators."""
    if not recorded.host:
        return []
    host = read_host()
    then = {
        "architecture": str(recorded.host.get("machine") or ""),
        "system": str(recorded.host.get("system") or "").partition(" ")[0],
        "C library": str(recorded.host.get("libc") or ""),
        "processors": str(recorded.host.get("cpus") or ""),
        "accelerators": _cards(recorded.host.get("accelerators")),
    }
    now = {
        "architecture": host["machine"],
        "system": platform.system(),
        "C library": host["libc"],
        "processors": str(host["cpus"]),
        "accelerators": _cards(host["accelerators"]),
    }
    for part in ("C library", "processors"):  # older records don't have them
        then[part] = then[part] or now[part]
    return [f"{part}: {then[part] or 'none'} is {now[part] or 'none'} now" for part in then if then[part] != now[part]]


def _cards(found: object) -> str:
    names = [str(card.get("name", "")) for card in found if isinstance(card, dict)] if isinstance(found, list) else []
    return ", ".join(sorted(names))


def _minor(version: str) -> str | None:
    found = re.match(r"[0-9]+\.[0-9]+", version)
    return found[0] if found else None
