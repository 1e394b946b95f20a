"""The MLproject file: what a project is called, what it needs and what can be run in it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from solvent.projects.contracts import ContractUse, check_entry_points, contracts_in_settings, contracts_of, holding
from solvent.projects.declared import DeclaredInput, inputs_of
from solvent.projects.errors import InvalidProject, nearest
from solvent.projects.template import Template
from solvent.projects.yamlfile import read_mapping

FILE_NAME = "mlproject"
ENVIRONMENT_KEYS = ("python_env", "conda_env", "docker_env")
DEFAULT_FILES = {"python_env": "python_env.yaml", "conda_env": "conda.yaml"}
TYPES = ("string", "float", "int", "bool", "choice", "path", "uri")
_PLAIN = ("float", "int", "bool", "choice")
"""Types whose values hold no code."""
_SPELLINGS = {"str": "string", "integer": "int", "boolean": "bool"}  # seen in projects, where MLflow checks no type
_SCRIPTS = {".py": "python", ".sh": "bash"}


@dataclass(frozen=True)
class Parameter:
    """A declared parameter; no ``default`` means that it must be given."""

    name: str
    type: str = "string"
    default: str | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class EntryPoint:
    """A command of the project, with the parameters that its template may name, its data's contracts, and what else it reads."""

    name: str
    parameters: Mapping[str, Parameter]
    command: Template
    contracts: tuple[ContractUse, ...] = ()
    inputs: tuple[DeclaredInput, ...] = ()


@dataclass(frozen=True)
class Project:
    """A project folder as its MLproject describes it.

    ``environment`` is one of ``ENVIRONMENT_KEYS`` or empty, ``environment_file`` the file that it names. ``contracts``
    are those that hold for more than one entry point.
    """

    folder: Path
    name: str
    environment: str
    environment_file: Path | None
    entry_points: Mapping[str, EntryPoint]
    contracts: tuple[ContractUse, ...] = ()
    inputs: tuple[DeclaredInput, ...] = ()

    def contracts_for(self, entry: EntryPoint) -> tuple[ContractUse, ...]:
        """All contracts that data must keep before this entry point starts."""
        return (*holding(self.contracts, entry.name), *entry.contracts)

    def entry_point(self, name: str) -> EntryPoint:
        """The entry point of that name, else the ``.py`` or ``.sh`` file of that name in the folder.

        Raises:
            InvalidProject: neither is there; the message names what is.
        """
        if name in self.entry_points:
            return self.entry_points[name]
        runner = _SCRIPTS.get(Path(name).suffix)
        if runner and self._has_script(name):
            return EntryPoint(name, {}, Template(f"{runner} {_literal(name)}", (), name))
        known = ", ".join(self.entry_points) or "none"
        raise InvalidProject(
            f"no entry point '{name}' in {self.folder} (it has: {known}){nearest(name, self.entry_points)}"
            "; a .py or .sh file in the folder can be named too"
        )

    def _has_script(self, name: str) -> bool:
        script = (self.folder / name).resolve()
        return script.is_file() and script.is_relative_to(self.folder.resolve())


def load_project(folder: Path, entry_point: str = "main") -> Project:
    """Read the MLproject of a folder; one without may still run a script that ``entry_point`` names.

    Raises:
        InvalidProject: there is none, or it is not as documented.
    """
    file = _find(folder)
    contracts = contracts_in_settings(folder)
    if file is None:
        project = Project(folder, folder.resolve().name, *_environment(folder, {}, folder), {}, contracts)
        if Path(entry_point).suffix in _SCRIPTS:
            return project
        raise InvalidProject(
            f"no MLproject file in {folder.resolve()}: run from a project's folder, name one (solvent run FOLDER),"
            " or name a script with -e train.py"
        )
    content = read_mapping(file)
    _only(content, ("name", *ENVIRONMENT_KEYS, "contracts", "inputs", "entry_points"), str(file))
    name = content.get("name")
    if name is not None and not isinstance(name, str | int | float):
        raise InvalidProject(f"{file}: name must be a text, found {_kind(name)}")
    environment, environment_file = _environment(folder, content, file)
    entry_points = _entry_points(content.get("entry_points"), file)
    check_entry_points(contracts, list(entry_points))
    return Project(
        folder,
        str(name) if name is not None else folder.resolve().name,
        environment,
        environment_file,
        entry_points,
        (*contracts_of(content.get("contracts"), str(file)), *contracts),
        inputs_of(content.get("inputs"), str(file)),
    )


def _find(folder: Path) -> Path | None:
    try:
        found = sorted(entry.name for entry in folder.iterdir() if entry.name.lower() == FILE_NAME)
    except NotADirectoryError:
        raise InvalidProject(f"{folder} is a file: name the folder that holds the MLproject") from None
    except FileNotFoundError:
        raise InvalidProject(f"{folder} is not there: name the folder that holds the MLproject") from None
    except OSError as error:
        raise InvalidProject(f"{folder} can't be read: {error.strerror}") from error
    if len(found) > 1:
        raise InvalidProject(f"{folder} holds {' and '.join(found)}: keep one of them")
    return folder / found[0] if found else None


def _environment(folder: Path, content: Mapping[str, Any], file: Path) -> tuple[str, Path | None]:
    named = [key for key in ENVIRONMENT_KEYS if content.get(key) is not None]
    if len(named) > 1:
        raise InvalidProject(f"{file}: found {' and '.join(named)}: keep one of them")
    if not named:
        defaults = ((key, folder / default) for key, default in DEFAULT_FILES.items())
        return next(((key, path) for key, path in defaults if path.is_file()), ("", None))
    (key,) = named
    if key == "docker_env":
        return key, None
    value = content[key]
    if not isinstance(value, str):
        raise InvalidProject(f"{file}: {key} must be the path of a file, found {_kind(value)}")
    path = folder / value
    if not path.is_file():
        raise InvalidProject(f"{file}: {key} names {value}, which is not there")
    return key, path


def _entry_points(content: Any, file: Path) -> dict[str, EntryPoint]:
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise InvalidProject(f"{file}: entry_points must hold 'name:' blocks, found {_kind(content)}")
    return {
        str(name): _entry_point(str(name), block, f"{file}: entry point '{name}'") for name, block in content.items()
    }


def _entry_point(name: str, block: Any, where: str) -> EntryPoint:
    if not isinstance(block, dict):
        raise InvalidProject(f"{where} must have a command, found {_kind(block)}")
    _only(block, ("parameters", "command", "contracts", "inputs"), where)
    command = block.get("command")
    if not isinstance(command, str) or not command.strip():
        raise InvalidProject(f"{where} needs a command, such as 'python train.py', found {_kind(command)}")
    declared = block.get("parameters") or {}
    if not isinstance(declared, dict):
        raise InvalidProject(f"{where}: parameters must be 'name: type' lines, found {_kind(declared)}")
    parameters = {str(key): _parameter(str(key), value, where) for key, value in declared.items()}
    plain = [name for name, one in parameters.items() if one.type in _PLAIN]
    template = Template(command, parameters, where, plain)
    contracts, inputs = contracts_of(block.get("contracts"), where), inputs_of(block.get("inputs"), where)
    for one in inputs:
        one.path_for(dict.fromkeys(parameters, ""))  # a name that is not declared is told before anything runs
    return EntryPoint(name, parameters, template, contracts, inputs)


def _parameter(name: str, declared: Any, where: str) -> Parameter:
    where = f"{where}: parameter '{name}'"
    if isinstance(declared, str):
        declared = {"type": declared}
    if not isinstance(declared, dict):
        raise InvalidProject(f"{where} must be a type or a block with type and default, found {_kind(declared)}")
    _only(declared, ("type", "default", "choices"), where)
    kind = declared.get("type", "choice" if "choices" in declared else "string")
    kind = _SPELLINGS.get(kind, kind) if isinstance(kind, str) else kind
    if kind not in TYPES:
        hint = nearest(kind, TYPES) if isinstance(kind, str) else ""
        raise InvalidProject(f"{where}: '{kind}' is no type (known: {', '.join(TYPES)}){hint}")
    choices = declared.get("choices")
    if (kind == "choice") != isinstance(choices, list) or choices == []:
        raise InvalidProject(f"{where}: type choice goes with choices: [a, b, ...], and no other type does")
    return Parameter(
        name,
        kind,
        _scalar(declared.get("default"), f"{where}: default"),
        tuple(_scalar(choice, f"{where}: a choice") or "" for choice in choices or ()),
    )


def _scalar(value: Any, where: str) -> str | None:
    if isinstance(value, list | dict):
        raise InvalidProject(f"{where} must be a single value, found {_kind(value)}")
    return None if value is None else str(value)


def _only(content: Mapping[Any, Any], known: tuple[str, ...], where: str) -> None:
    for key in content:
        if key not in known:
            raise InvalidProject(f"{where}: unknown key '{key}' (known: {', '.join(known)}){nearest(str(key), known)}")


def _kind(value: Any) -> str:
    names = {dict: "a block", list: "a list", str: "a text", type(None): "nothing"}
    return names.get(type(value), f"'{value}'")


def _literal(name: str) -> str:
    """The name as a template's literal text."""
    return shlex.quote(name).replace("{", "{{").replace("}", "}}")
