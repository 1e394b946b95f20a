"""What a project asks of its environment: an interpreter and requirements, from python_env.yaml or conda.yaml."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from solvent.errors import NotSupported
from solvent.projects.errors import InvalidProject, nearest
from solvent.projects.spec import Project
from solvent.projects.yamlfile import read_mapping, read_text

_PYTHON_ENV_KEYS = ("name", "python", "build_dependencies", "dependencies")
_CONDA_KEYS = ("name", "channels", "dependencies")
_VERSION = re.compile(r"[0-9]+(\.[0-9]+){0,2}((a|b|rc)[0-9]+)?")
_FILE_OPTION = re.compile(r"(-r|-c|--requirement|--constraint)[ =]?\s*(\S.*)")
_PORTABLE = re.compile(
    r"|#.*|[A-Za-z0-9][A-Za-z0-9._-]*\s*(\[[\w\s,.-]*\])?\s*([~=!<>(;][^/@]*|@\s*https?://\S+)?"
    r"|--hash[= ]\S+|(-r|-c|--requirement|--constraint)[ =]?\s*.+"  # the files' own texts count
    r"|(-i|--index-url|--extra-index-url)[ =]\s*https?://\S+"
)
_MAX_FILES = 50


@dataclass(frozen=True)
class Requirements:
    """``python`` is a version such as 3.11, or empty for the interpreter that runs Solvent.

    ``lines`` are requirements, ``files`` and ``constraints`` requirement files. ``texts`` is all that
    decides what is installed, file by file. ``folders``: whether a package is built from a folder of this machine.
    ``ignored`` says what of a conda environment is not honoured.
    """

    python: str = ""
    lines: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()
    constraints: tuple[Path, ...] = ()
    texts: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    folders: bool = False

    @property
    def portable(self) -> bool:
        """Whether every line means the same wherever the project lies: none names a file or folder beside it."""
        lines = (line.split(" #")[0].strip(" \t\\") for text in self.texts for line in text.splitlines())
        return all(_PORTABLE.fullmatch(line) for line in lines)

    @property
    def asks_for_solvent(self) -> bool:
        """Whether the project itself names Solvent among its requirements."""
        return any(re.match(r"\s*solvent\b(?![-.])", line) for text in self.texts for line in text.splitlines())


def read_requirements(project: Project) -> Requirements:
    """The requirements of a project; one without an environment file has none.

    Raises:
        InvalidProject: a file is not as documented.
        NotSupported: the project asks for a container.
    """
    if project.environment == "docker_env":
        raise NotSupported(
            "this project asks for docker_env, and Solvent runs no containers, with a docker daemon or without: give it"
            " a python_env.yaml (or conda.yaml) instead"
        )
    if project.environment_file is None:
        return Requirements()
    content = read_mapping(project.environment_file)
    read = _python_env if project.environment == "python_env" else _conda_env
    return read(content, project.environment_file)


def _python_env(content: dict[str, Any], file: Path) -> Requirements:
    for key in content:
        if key not in _PYTHON_ENV_KEYS:
            known = ", ".join(_PYTHON_ENV_KEYS)
            raise InvalidProject(f"{file}: unknown key '{key}' (known: {known}){nearest(key, _PYTHON_ENV_KEYS)}")
    lines = [
        *_texts(content.get("build_dependencies"), f"{file}: build_dependencies"),
        *_texts(content.get("dependencies"), f"{file}: dependencies"),
    ]
    return _collect(_python(content.get("python"), file), lines, file)


def _conda_env(content: dict[str, Any], file: Path) -> Requirements:
    ignored = [f"{key}: {value}" for key, value in content.items() if key not in _CONDA_KEYS]
    if channels := content.get("channels"):
        ignored.append(f"channels {channels}")
    python, lines = None, []
    dependencies = content.get("dependencies") or []
    if not isinstance(dependencies, list):
        raise InvalidProject(f"{file}: dependencies must be a list")
    for entry in dependencies:
        if isinstance(entry, dict) and list(entry) == ["pip"]:
            lines += _texts(entry["pip"], f"{file}: pip")
        elif isinstance(entry, str) and (match := re.fullmatch(r"\s*python\s*=+\s*([0-9.]+?)(\.\*|\*)?\s*", entry)):
            python = match[1].rstrip(".")
        elif entry not in ("pip", "python") and not re.match(r"pip\b", str(entry)):
            ignored.append(f"conda package {entry}")
    found = _collect(_python(python, file), lines, file)
    return Requirements(
        found.python, found.lines, found.files, found.constraints, found.texts, tuple(ignored), found.folders
    )


def _python(value: Any, file: Path) -> str:
    if value is None:
        return ""
    text = str(value)
    if not _VERSION.fullmatch(text):
        raise InvalidProject(f"{file}: python must be a version such as '3.11', found '{text}'")
    return text


def _texts(value: Any, where: str) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise InvalidProject(f"{where} must be a list of requirements, such as '- scikit-learn==1.5.2'")
    return [entry.strip() for entry in value if entry.strip()]


def _collect(python: str, lines: list[str], file: Path) -> Requirements:
    """Split the lines from the files that they name, and read all that those name in turn."""
    plain: list[str] = []
    files: list[Path] = []
    constraints: list[Path] = []
    for line in lines:
        if match := _FILE_OPTION.fullmatch(line):
            (constraints if match[1] in ("-c", "--constraint") else files).append(file.parent / match[2].strip("'\""))
        elif "\n" in line:
            raise InvalidProject(f"{file}: a requirement is one line, found {line!r}")
        else:
            plain.append(line)
    texts = ["\n".join(plain), *_all_texts([*files, *constraints])]
    local = [*plain, *(line for text in texts[1:] for line in text.splitlines())]
    paths = [path for line in local if (path := _local_path(line, file.parent))]
    texts += [_fingerprint(path) for path in paths]
    folders = any(path.is_dir() for path in paths)
    return Requirements(python, tuple(plain), tuple(files), tuple(constraints), tuple(texts), folders=folders)


def _all_texts(files: list[Path]) -> Iterator[str]:
    """The texts of requirement files and of those that they include."""
    waiting, seen = list(files), set()
    while waiting:
        file = waiting.pop(0)
        if file.resolve() in seen:
            continue
        seen.add(file.resolve())
        if len(seen) > _MAX_FILES:
            raise InvalidProject(f"{files[0]} includes more than {_MAX_FILES} other files")
        text = read_text(file)
        yield text
        included = (_FILE_OPTION.fullmatch(line.split(" #")[0].strip()) for line in text.splitlines())
        waiting += [file.parent / match[2].strip("'\"") for match in included if match]


def _local_path(line: str, base: Path) -> Path | None:
    """The folder or file that a requirement such as ``./library``, ``-e .`` or ``x @ file:///x.whl`` installs."""
    if direct := re.fullmatch(r"[^@;]+@\s*file://(/[^\s;#]+).*", line.strip()):
        path = Path(unquote(direct[1]))
        return path if path.exists() else None
    match = re.fullmatch(r"(?:(?:-e|--editable)\s+)?(\.{0,2}/?[^\s;\[@]*)(?:\[.*\])?", line.strip())
    if match is None or not match[1].startswith((".", "/")):
        return None
    path = base / match[1]
    return path if path.exists() else None


def _fingerprint(path: Path) -> str:
    """Names, sizes and times of a local package's sources, or of its file: another environment when they change."""
    if not path.is_dir():
        return f"{path.name} {path.stat().st_size} {path.stat().st_mtime_ns}"
    entries = []
    for file in sorted(path.rglob("*")):
        relative = file.relative_to(path)
        if not any(part.startswith(".") or part == "__pycache__" for part in relative.parts) and file.is_file():
            status = file.stat()
            entries.append(f"{relative} {status.st_size} {status.st_mtime_ns}")
    return "\n".join(entries)
