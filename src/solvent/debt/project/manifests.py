"""What a project says that it depends on: all its manifests and lock files together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

from solvent.debt.project.manifest_readers import (
    Manifest,
    read_conda,
    read_pipfile,
    read_pyproject,
    read_requirements,
    read_setup_cfg,
    read_setup_py,
)
from solvent.debt.project.project import Project
from solvent.debt.project.requirements import parse_requirement

MOST = 200
"""So many manifests are read."""
_REQUIREMENTS = re.compile(
    r"(^|/)([\w.-]*(requirements|reqs)[\w.-]*\.(txt|in|pip)|requirements/[\w.-]+\.(txt|in)|constraints[\w.-]*\.txt)$",
    re.IGNORECASE,
)
_CONDA = re.compile(r"(^|/)([\w.-]*(environment|conda)[\w.-]*|env|python_env)\.ya?ml$", re.IGNORECASE)
_LOCK = re.compile(
    r"(^|/)(uv\.lock|poetry\.lock|pdm\.lock|pixi\.lock|Pipfile\.lock|[\w.-]*conda-lock\.ya?ml|pylock(\.[\w.-]+)?\.toml"
    r"|[\w.-]*requirements?[\w.-]*\.lock|requirements?[_.-]lock[\w.-]*\.txt|[\w.-]*-lock\.txt|conda-[\w-]+\.lock)$",
    re.IGNORECASE,
)
_IMAGE = re.compile(r"(^|/)([\w.-]*Dockerfile[\w.-]*|Containerfile)$|\.(sh|def)$", re.IGNORECASE)
_TOOL = re.compile(r"\b(?:pip3?|uv|conda|mamba|micromamba)\b")
_INSTALL = re.compile(r"\b(?:install|add)\b(.*)", re.DOTALL)
_BETWEEN_COMMANDS = re.compile(r"[\n&|;]")
_DEVELOPMENT = re.compile(
    r"(^|[-_/.])(dev|devel|develop|development|tests?|testing|docs?|documentation|lint|linting|ci|typing|style|rtd"
    r"|precommit|pre-commit|readthedocs|examples?|bench|benchmarks?)([-_/.]|$)",
    re.IGNORECASE,
)


class Manifests(NamedTuple):
    """``installed`` are distributions that a container file, a shell script or a notebook installs by name.

    ``complete`` is False if some manifest could not be read, or computes what it asks for.
    """

    manifests: list[Manifest]
    locks: list[str]
    installed: frozenset[str]
    complete: bool

    @property
    def declared(self) -> frozenset[str]:
        """Every distribution that is asked for anywhere, for whatever purpose."""
        named = (each.name for manifest in self.manifests for each in manifest.everything)
        return self.installed.union(named)

    def lock_of(self, manifest: Manifest) -> str | None:
        """The file that pins all that a manifest asks for, if there is one."""
        folder = manifest.path.rpartition("/")[0]
        for lock in self.locks:
            place = lock.rpartition("/")[0]
            above = not place or folder.startswith(f"{place}/")
            if place == folder or (manifest.kind in ("pyproject", "setup") and above):
                return lock
        wanted = {each.name for each in manifest.requirements}
        for other in self.manifests:
            pins = other.is_pinned and other.kind == "requirements" and other is not manifest
            if pins and wanted <= {each.name for each in other.requirements}:
                return other.path
        return None


def is_development(path: str) -> bool:
    """Whether a path or a group's name says that it is for the work on the code alone."""
    return _DEVELOPMENT.search(path) is not None


@lru_cache(maxsize=2)
def manifests_of(project: Project) -> Manifests:
    """All manifests of a project."""
    found: list[Manifest] = []
    locks: list[str] = []
    installed: set[str] = set()
    for path in project.paths:
        if _LOCK.search(path):
            locks.append(path)
        elif len(found) < MOST and (manifest := _read(project, path)) is not None:
            found.append(manifest)
        elif _IMAGE.search(path):
            installed.update(installs(project.text(path) or ""))
    lists = any(manifest.kind == "requirements" for manifest in found)
    complete = all(manifest.complete and (lists or not manifest.reads_file) for manifest in found)
    return Manifests(found, locks, frozenset(installed), complete)


def installs(text: str) -> Iterator[str]:
    """The distributions that lines like ``pip install pandas`` name."""
    for command in _BETWEEN_COMMANDS.split(text.replace("\\\n", " ")):
        tool = _TOOL.search(command)  # two searches in turn: one expression for both takes quadratic time
        match = _INSTALL.search(command, tool.end()) if tool else None
        for word in match[1].split() if match else ():
            word = word.strip("\"'")
            if not word.startswith(("-", "$", ".", "/")) and (requirement := parse_requirement(word)) is not None:
                yield requirement.name


def reader_of(path: str) -> Callable[[str, str], Manifest | None] | None:
    """What reads a manifest of that name; None if it is none."""
    name = path.rpartition("/")[2]
    reader: Callable[[str, str], Manifest | None] | None = None
    if name == "pyproject.toml":
        reader = read_pyproject
    elif name == "setup.py":
        reader = read_setup_py
    elif name == "setup.cfg":
        reader = read_setup_cfg
    elif name == "Pipfile":
        reader = read_pipfile
    elif _REQUIREMENTS.search(path):
        reader = read_requirements
    elif _CONDA.search(path):
        reader = read_conda
    return reader


def _read(project: Project, path: str) -> Manifest | None:
    reader = reader_of(path)
    if reader is None:
        return None
    text = _text(project, path)
    if text is None:
        return Manifest(path, "unreadable", complete=False)
    manifest = reader(path, text)
    if manifest is not None and is_development(path):
        manifest = manifest._replace(requirements=[], others=[*manifest.requirements, *manifest.others])
    return manifest


def _text(project: Project, path: str) -> str | None:
    """A manifest's text, also in UTF-16, which a Windows shell makes of ``pip freeze > requirements.txt``."""
    text = project.text(path)
    if text is None:
        try:
            content = (project.root / path).read_bytes()[:1_000_000]
            text = content.decode("utf-16") if content[:2] in (b"\xff\xfe", b"\xfe\xff") else None
        except (OSError, UnicodeDecodeError):
            return None
    return text
