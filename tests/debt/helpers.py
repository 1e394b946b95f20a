"""Modules and projects from texts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from solvent.debt.engine.check import Options, Report, check
from solvent.debt.facts.facts import load_facts
from solvent.debt.project.project import Project
from solvent.debt.project.summary import summarize
from solvent.debt.sources.roles import role_of
from solvent.debt.syntax.environment import Value
from solvent.debt.syntax.functions import Function
from solvent.debt.syntax.module import Module
from solvent.debt.syntax.parse import parse


def module_of(source: str, path: str = "train.py") -> Module:
    """The module that a file with this source is."""
    return parse(path, source.encode(), role_of(path), load_facts())


def function_of(module: Module, name: str) -> Function:
    return next(function for function in module.functions if function.qualname == name)


def values_of(module: Module, name: str = "<module>") -> list[Value]:
    return module.flow(function_of(module, name)).values


def project_of(files: Mapping[str, str]) -> Project:
    """The project of these files, by path; nothing is written."""
    modules = {path: module_of(source, path) for path, source in files.items()}
    return Project(Path("/nowhere"), {path: summarize(m, files[path].encode(), {}) for path, m in modules.items()})


def check_files(folder: Path, files: Mapping[str, str | bytes], *, select: str = "ALL", preview: bool = True) -> Report:
    """The report on a project of these files, made in a folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return check(Options(paths=[folder], root=folder, select=[select], preview=preview, cache=False, jobs=1))
